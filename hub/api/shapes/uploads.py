"""Files on their way in, and what their uploader says of them."""

from __future__ import annotations

import math
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.api import addresses
from registry.content_levels import LEVELS
from registry.queries.words import FileRole, Kind
from registry.services import unpacking, uploads
from registry.sweeps.rows import MOST_SAMPLES


class Words(serializers.ListField):
    """Several words; in a form they may stand in one field, with commas between them."""

    child = serializers.CharField(max_length=120)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, str):
            data = [data]
        if isinstance(data, list) and getattr(self.root, "in_a_form", False):
            data = [word.strip() for text in data for word in str(text).split(",") if word.strip()]
        return super().to_internal_value(data)


class Weight(serializers.FloatField):
    """A weight that an adapter may be applied at, or null; “nan” is no weight."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, allow_null=True, min_value=-10, max_value=10, **options)

    def to_internal_value(self, data: Any) -> Any:
        number = super().to_internal_value(data)
        if not math.isfinite(number):
            self.fail("invalid")
        return number


class NewUpload(serializers.Serializer[Any]):
    team = serializers.SlugField(max_length=60)
    name = serializers.CharField(max_length=400, trim_whitespace=False)
    size = serializers.IntegerField(min_value=0)
    sha256 = serializers.CharField(max_length=64)


class UploadState(serializers.Serializer[Any]):
    """An upload: what is here of it, and where the rest goes."""

    id = serializers.UUIDField()
    team = serializers.CharField(source="team.slug")
    name = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    state = serializers.CharField()
    known = serializers.BooleanField(help_text="The hub has these bytes: send none, complete it.")
    part_size = serializers.IntegerField()
    parts = serializers.SerializerMethodField(help_text="How many there are, from 1 on.")
    parts_here = serializers.SerializerMethodField(help_text="Those that need not be sent.")
    direct = serializers.SerializerMethodField(
        help_text="Parts go to the object store: ask for each part's address."
    )
    part_url = serializers.SerializerMethodField(
        help_text="Where a part is PUT; {number} stands for its number."
    )
    part_address_url = serializers.SerializerMethodField(
        help_text="Where a part's address at the object store is to be had."
    )
    complete_url = serializers.SerializerMethodField()
    opened_at = serializers.DateTimeField()

    def get_parts(self, upload: Any) -> int:
        return uploads.part_count(upload)

    def get_parts_here(self, upload: Any) -> list[int]:
        return list(uploads.parts_here(upload))

    def get_direct(self, upload: Any) -> bool:
        return bool(upload.multipart_id)

    @extend_schema_field(OpenApiTypes.STR)
    def get_part_url(self, upload: Any) -> str:
        return self._template(upload, "api-upload-part")

    @extend_schema_field(OpenApiTypes.STR)
    def get_part_address_url(self, upload: Any) -> str:
        return self._template(upload, "api-upload-part-address")

    @extend_schema_field(serializers.URLField())
    def get_complete_url(self, upload: Any) -> str:
        return addresses.at(self.context["request"], "api-upload-complete", upload.pk)

    def _template(self, upload: Any, name: str) -> str:
        address = addresses.at(self.context["request"], name, upload.pk, 0)
        return address.replace("/parts/0", "/parts/{number}")


class PartAddress(serializers.Serializer[Any]):
    url = serializers.URLField(help_text="PUT the part's bytes here, before it expires.")
    method = serializers.CharField(default="PUT")
    direct = serializers.BooleanField(
        help_text="Whether it is the object store's: then send no Authorization."
    )


class Attached(serializers.Serializer[Any]):
    """Another file of the same version."""

    upload = serializers.UUIDField()
    role = serializers.ChoiceField(FileRole.choices, default=FileRole.CHECKPOINT)
    training_step = serializers.IntegerField(
        min_value=0, max_value=unpacking.MAX_STEP, required=False, allow_null=True
    )


class AboutVersion(serializers.Serializer[Any]):
    """What an uploader says of a version; and of its adapter, where it is the first one."""

    base = serializers.CharField(
        max_length=200, help_text="A base's slug, alias or repo id; see GET /api/bases."
    )
    title = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    description = serializers.CharField(
        max_length=20_000, required=False, default="", allow_blank=True, help_text="Markdown."
    )
    kind = serializers.ChoiceField(Kind.choices, required=False, default=Kind.OTHER.value)
    tags = Words(required=False, default=list, max_length=30)
    licence = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    content_level = serializers.ChoiceField(
        LEVELS,
        required=False,
        default="",
        help_text="Of a new adapter; as its team has it, where it is left out.",
    )
    label = serializers.CharField(  # type: ignore[assignment]  # shadows a field's own
        max_length=60, required=False, default="", allow_blank=True
    )
    changes = serializers.CharField(max_length=5_000, required=False, default="", allow_blank=True)
    trigger_words = Words(required=False, default=list, max_length=30)
    optional_words = Words(required=False, default=list, max_length=30)
    negative_words = Words(required=False, default=list, max_length=30)
    sample_prompts = serializers.ListField(
        child=serializers.CharField(max_length=1000),
        required=False,
        default=list,
        max_length=MOST_SAMPLES,
        error_messages={
            "max_length": "Give {max_length} at most: each is rendered at every weight."
        },
        help_text="Prompts of its own; each is a row of its sweep, with its trigger words.",
    )
    weight_low = Weight(default=None)
    weight_high = Weight(default=None)
    weight_default = Weight(default=None)


class VersionOfUpload(AboutVersion):
    adapter = serializers.CharField(
        max_length=80,
        required=False,
        default="",
        allow_blank=True,
        help_text="Its name in addresses; made from the title where it is left out.",
    )
    # `with` is a word of Python's, so the field is declared in get_fields.

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["with"] = Attached(many=True, required=False, default=list)
        return fields


class Completion(serializers.Serializer[Any]):
    version = VersionOfUpload(required=False, allow_null=True, default=None)


class NewVersion(AboutVersion):
    """A version made of files that were uploaded in parts."""

    uploads = Attached(many=True, help_text="Exactly one has the role `weights`.")


class NewVersionForm(AboutVersion):
    """A version in one request, for curl. Words may stand in one field, with commas."""

    in_a_form = True
    file = serializers.FileField(
        allow_empty_file=True,
        help_text="The weights, as safetensors or GGUF; or a ZIP file of the adapter's folder.",
    )
    config = serializers.FileField(
        required=False, default=None, allow_null=True, help_text="PEFT's adapter_config.json."
    )
