"""One version as a whole, and its recipes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.api import addresses
from hub.api.shapes.adapters import ListedAdapter
from hub.api.shapes.imports import ShortSource
from hub.api.shapes.uploads import Weight, Words
from registry.queries import cards, deprecations, files, imports, recipes
from registry.queries.recipes import Uses
from registry.queries.words import FileRole, State


class Hashes(serializers.Serializer[Any]):
    """The same bytes, by the names that tools look them up under."""

    sha256 = serializers.CharField()
    autov1 = serializers.CharField()
    autov2 = serializers.CharField()
    autov3 = serializers.CharField()
    crc32 = serializers.CharField()
    blake3 = serializers.CharField()


class File(serializers.Serializer[Any]):
    """One file of a version."""

    name = serializers.CharField(help_text="As its uploader called it.")
    file_name = serializers.SerializerMethodField(help_text="As downloads are called.")
    role = serializers.ChoiceField(FileRole.choices)
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    hashes = Hashes(source="blob", allow_null=True)
    training_step = serializers.IntegerField(allow_null=True)
    dialect = serializers.CharField()
    algorithm = serializers.CharField()
    dtype = serializers.CharField()
    rank_low = serializers.IntegerField(allow_null=True)
    rank_high = serializers.IntegerField(allow_null=True)
    layers = serializers.IntegerField(allow_null=True)
    download_url = serializers.SerializerMethodField()

    def get_file_name(self, file: Any) -> str:
        return files.public_name(self.context["version"], file)

    @extend_schema_field(serializers.URLField())
    def get_download_url(self, file: Any) -> str:
        version = self.context["version"]
        query = {} if file.role == FileRole.WEIGHTS else {"file": file.name}
        return addresses.of_version(self.context["request"], version, "api-download", **query)


class Paste(serializers.Serializer[Any]):
    """Something more to paste, or to save as a file."""

    title = serializers.CharField()
    text = serializers.CharField()
    language = serializers.CharField()
    file_name = serializers.CharField(help_text="Where it is a file of its own; else empty.")


class Recipe(serializers.Serializer[Any]):
    """How one runtime uses the version."""

    title = serializers.CharField(help_text="What the runtime is called.")
    path = serializers.CharField(help_text="Where to put the file.")
    usage = serializers.CharField(help_text="What to paste.")
    language = serializers.CharField(help_text="Of what is pasted: text, shell, python or json.")
    requirements = serializers.ListField(
        child=serializers.CharField(), help_text="What has to be so, a sentence each."
    )
    more = Paste(many=True, help_text="What else there is to paste or to save.")
    download_url = serializers.URLField(
        help_text="The file it is about: another layout where the runtime needs one."
    )


class VersionDetail(ListedAdapter):
    """A version: everything the registry knows of it."""

    label = serializers.CharField()  # type: ignore[assignment]  # shadows a field's own
    state = serializers.ChoiceField(State.choices)
    reason = serializers.CharField(help_text="Why it was rejected or withdrawn.")
    successor = serializers.SerializerMethodField(
        help_text="What to use instead of a deprecated one: team/name@3, or team/name; else empty."
    )
    optional_words = serializers.ListField(child=serializers.CharField())
    negative_words = serializers.ListField(child=serializers.CharField())
    sample_prompts = serializers.ListField(child=serializers.CharField())
    family_detected = serializers.CharField()
    detection = serializers.JSONField(help_text="Which tensor decided, and every candidate.")
    fit = serializers.JSONField(help_text="Layers applied and unknown, by component.")
    training = serializers.JSONField(help_text="Facts read from the file's header.")
    changes = serializers.CharField()
    base_repo = serializers.SerializerMethodField(
        help_text="What servers call the base: its repository's id; empty where none is known."
    )
    parent = serializers.IntegerField(  # type: ignore[assignment]  # shadows a field's own
        source="parent.number", default=None, allow_null=True
    )
    downloads = serializers.IntegerField()
    uploaded_by = serializers.CharField(source="uploaded_by.username")
    uploaded_at = serializers.DateTimeField()
    source = serializers.SerializerMethodField(  # type: ignore[assignment]  # a field's own
        help_text="Whence it was imported; null: it was uploaded here."
    )
    files = serializers.SerializerMethodField()
    recipes = serializers.SerializerMethodField()
    unfit_runtimes = serializers.SerializerMethodField()
    report_url = serializers.SerializerMethodField()

    @extend_schema_field(ShortSource(allow_null=True))
    def get_source(self, version: Any) -> Any:
        source = imports.source_of(version)
        return ShortSource(source, context=self.context).data if source else None

    def get_successor(self, version: Any) -> str:
        deprecation = deprecations.of_version(version)
        return deprecation.successor if deprecation else ""

    @extend_schema_field(File(many=True))
    def get_files(self, version: Any) -> Any:
        context = {**self.context, "version": version}
        return File(version.files.all(), many=True, context=context).data

    def get_base_repo(self, version: Any) -> str:
        return cards.base_repo(version)

    @extend_schema_field(serializers.DictField(child=Recipe()))
    def get_recipes(self, version: Any) -> dict[str, Any]:
        return {slug: asdict(one) for slug, one in self._uses(version).recipes.items()}

    @extend_schema_field(
        serializers.DictField(child=serializers.CharField(), help_text="Why others cannot load it.")
    )
    def get_unfit_runtimes(self, version: Any) -> dict[str, str]:
        return self._uses(version).unfit

    def _uses(self, version: Any) -> Uses:
        kept: dict[str, Any] = self.context  # type: ignore[assignment]  # ours, made for this answer
        known: Uses | None = kept.get(f"uses {version.pk}")
        if known is None:
            page = addresses.page_of(self.context["request"], version)
            known = recipes.of_version(version, self.get_download_url(version), page_url=page)
            kept[f"uses {version.pk}"] = known
        return known

    @extend_schema_field(serializers.URLField())
    def get_report_url(self, version: Any) -> str:
        return addresses.of_version(self.context["request"], version, "api-report")


class Received(serializers.Serializer[Any]):
    """A version that has come in, and where to see how it fares."""

    team = serializers.CharField(source="adapter.team.slug")
    name = serializers.CharField(source="adapter.slug")
    version = serializers.IntegerField(source="number")
    state = serializers.ChoiceField(State.choices)
    sha256 = serializers.CharField()
    url = serializers.SerializerMethodField()
    report_url = serializers.SerializerMethodField()
    page_url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField())
    def get_url(self, version: Any) -> str:
        return addresses.of_version(self.context["request"], version)

    @extend_schema_field(serializers.URLField())
    def get_report_url(self, version: Any) -> str:
        return addresses.of_version(self.context["request"], version, "api-report")

    @extend_schema_field(serializers.URLField())
    def get_page_url(self, version: Any) -> str:
        return addresses.page_of(self.context["request"], version)


class Withdrawal(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500, help_text="Shown to whoever pinned the version.")


class VersionChange(serializers.Serializer[Any]):
    """What is to be said of a version from now on; what is left out stays."""

    trigger_words = Words(required=False, max_length=30)
    optional_words = Words(required=False, max_length=30)
    negative_words = Words(required=False, max_length=30)
    weight_low = Weight()
    weight_high = Weight()
    weight_default = Weight()
    changes = serializers.CharField(max_length=5_000, required=False, allow_blank=True)


class AnotherBase(serializers.Serializer[Any]):
    base = serializers.CharField(max_length=200, help_text="A base's slug, alias or repo id.")


class Reinstatement(serializers.Serializer[Any]):
    all_versions = serializers.BooleanField(
        default=False, help_text="Of the adapter, as far as they are deprecated."
    )


class NewDeprecation(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500, help_text="Shown to whoever finds the version.")
    successor = serializers.CharField(
        max_length=200,
        allow_blank=True,
        default="",
        help_text="What to use instead: 3 of the same adapter, team/name@3, or team/name.",
    )
    all_versions = serializers.BooleanField(
        default=False, help_text="Of the adapter, as far as they are published."
    )
