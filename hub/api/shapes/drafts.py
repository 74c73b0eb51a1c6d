"""Drafts of uploads: half a form, and the files that belong to it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from hub.api import addresses
from hub.api.shapes.uploads import Weight, Words
from registry.queries import upload_drafts
from registry.queries.words import FileRole
from registry.services import unpacking
from registry.sweeps.rows import MOST_SAMPLES

MOST_FILES = 200


class DraftAbout(serializers.Serializer[Any]):
    """What is said so far of a version to be; all of it may be left out, or be wrong still."""

    team = serializers.CharField(max_length=60, required=False, allow_blank=True)
    adapter = serializers.CharField(max_length=80, required=False, allow_blank=True)
    base = serializers.CharField(max_length=200, required=False, allow_blank=True)
    title = serializers.CharField(max_length=120, required=False, allow_blank=True)
    description = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    kind = serializers.CharField(max_length=12, required=False, allow_blank=True)
    tags = Words(required=False, max_length=30)
    licence = serializers.CharField(max_length=120, required=False, allow_blank=True)
    content_level = serializers.CharField(max_length=10, required=False, allow_blank=True)
    label = serializers.CharField(  # type: ignore[assignment]  # shadows a field's own
        max_length=60, required=False, allow_blank=True
    )
    changes = serializers.CharField(max_length=5_000, required=False, allow_blank=True)
    trigger_words = Words(required=False, max_length=30)
    optional_words = Words(required=False, max_length=30)
    negative_words = Words(required=False, max_length=30)
    sample_prompts = serializers.ListField(
        child=serializers.CharField(max_length=1000), required=False, max_length=MOST_SAMPLES
    )
    weight_low = Weight()
    weight_high = Weight()
    weight_default = Weight()


class DraftFile(serializers.Serializer[Any]):
    """A file of a draft, as it is known again on the machine that it lies on."""

    name = serializers.CharField(max_length=400, trim_whitespace=False)
    size = serializers.IntegerField(min_value=0)
    modified = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        help_text="When it was changed there, in milliseconds since 1970.",
    )
    role = serializers.ChoiceField(FileRole.choices, default=FileRole.WEIGHTS.value)
    training_step = serializers.IntegerField(
        min_value=0, max_value=unpacking.MAX_STEP, required=False, allow_null=True, default=None
    )
    upload = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="Once one is opened for it."
    )


class NewDraft(serializers.Serializer[Any]):
    about = DraftAbout(required=False)
    files = DraftFile(  # type: ignore[call-arg]  # the list takes it
        many=True, required=False, max_length=MOST_FILES
    )


class DraftState(serializers.Serializer[Any]):
    """An upload that is being prepared."""

    id = serializers.UUIDField()
    about = DraftAbout()
    files = DraftFile(many=True)
    begun_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    expires_at = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    page_url = serializers.SerializerMethodField(help_text="Where a person goes on with it.")

    def get_expires_at(self, draft: Any) -> str:
        return upload_drafts.expires_at(draft).isoformat()

    def get_url(self, draft: Any) -> str:
        return addresses.at(self.context["request"], "api-draft", draft.pk)

    def get_page_url(self, draft: Any) -> str:
        return addresses.at(self.context["request"], "upload", draft=draft.pk)


class DraftList(serializers.Serializer[Any]):
    items = DraftState(many=True)
