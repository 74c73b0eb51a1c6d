"""Adapters as they are listed, and one as a whole."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.api import addresses
from hub.api.shapes.fields import Weight, preview_of, weights_file
from registry.content_levels import LEVELS
from registry.queries import channels, files
from registry.queries.words import Kind, State


class DeprecationFields(serializers.Serializer[Any]):
    """A version that is still there, and not to be used any more."""

    since = serializers.DateTimeField()
    reason = serializers.CharField()


@extend_schema_field(DeprecationFields(allow_null=True))
class Deprecated(serializers.Field[Any, Any, Any, Any]):
    """Why a version is deprecated, null where it is not."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, source="*", **options)

    def to_representation(self, version: Any) -> dict[str, Any] | None:
        if version.deprecated_at is None:
            return None
        told = {"since": version.deprecated_at, "reason": version.deprecation}
        return dict(DeprecationFields(told).data)


class ListedAdapter(serializers.Serializer[Any]):
    """The newest published version of an adapter: all that a runtime needs to fetch and use it."""

    team = serializers.CharField(source="adapter.team.slug")
    name = serializers.CharField(source="adapter.slug")
    title = serializers.CharField(source="adapter.title")
    kind = serializers.ChoiceField(Kind.choices, source="adapter.kind")
    tags = serializers.ListField(child=serializers.CharField(), source="adapter.tags")
    base = serializers.CharField(source="base.slug")
    family = serializers.CharField(source="base.family")
    version = serializers.IntegerField(source="number")
    trigger_words = serializers.ListField(child=serializers.CharField())
    weight = Weight(source="*")
    sha256 = serializers.CharField()
    size = serializers.SerializerMethodField()
    file_name = serializers.SerializerMethodField()
    proof = serializers.CharField()
    published_at = serializers.DateTimeField(allow_null=True)
    deprecated = Deprecated()
    download_url = serializers.SerializerMethodField()
    preview_url = serializers.SerializerMethodField()
    previews_url = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    page_url = serializers.SerializerMethodField()

    def get_size(self, version: Any) -> int | None:
        file = weights_file(version)
        return file.size if file else None

    def get_file_name(self, version: Any) -> str | None:
        file = weights_file(version)
        return files.public_name(version, file) if file else None

    @extend_schema_field(serializers.URLField())
    def get_download_url(self, version: Any) -> str:
        return addresses.of_version(self.context["request"], version, "api-download")

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_preview_url(self, version: Any) -> str | None:
        cell = preview_of(version)
        return addresses.picture(self.context["request"], cell) if cell else None

    @extend_schema_field(serializers.URLField())
    def get_previews_url(self, version: Any) -> str:
        return addresses.of_version(self.context["request"], version, "api-previews")

    @extend_schema_field(serializers.URLField())
    def get_url(self, version: Any) -> str:
        return addresses.of_version(self.context["request"], version)

    @extend_schema_field(serializers.URLField())
    def get_page_url(self, version: Any) -> str:
        return addresses.page_of(self.context["request"], version)


class AdapterPage(serializers.Serializer[Any]):
    items = ListedAdapter(many=True)
    next = serializers.URLField(allow_null=True, help_text="The next page; null at the end.")
    previous = serializers.URLField(
        allow_null=True, help_text="The page before; null on the first."
    )


class ShortVersion(serializers.Serializer[Any]):
    """A version, as its adapter names it."""

    version = serializers.IntegerField(source="number")
    label = serializers.CharField()  # type: ignore[assignment]  # shadows a field's own
    state = serializers.ChoiceField(State.choices)
    base = serializers.CharField(source="base.slug")
    trigger_words = serializers.ListField(child=serializers.CharField())
    weight = Weight(source="*")
    sha256 = serializers.CharField()
    proof = serializers.CharField()
    uploaded_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(allow_null=True)
    deprecated = Deprecated()
    url = serializers.SerializerMethodField()
    download_url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField())
    def get_url(self, version: Any) -> str:
        return addresses.of_version(self.context["request"], version)

    @extend_schema_field(serializers.URLField())
    def get_download_url(self, version: Any) -> str:
        return addresses.of_version(self.context["request"], version, "api-download")


class AdapterDetail(serializers.Serializer[Any]):
    """An adapter and those of its versions that the asking person may see, newest first."""

    team = serializers.CharField(source="team.slug")
    name = serializers.CharField(source="slug")
    title = serializers.CharField()
    description = serializers.CharField(help_text="Markdown, as it was written.")
    kind = serializers.ChoiceField(Kind.choices)
    tags = serializers.ListField(child=serializers.CharField())
    licence = serializers.CharField()
    content_level = serializers.CharField()
    modality = serializers.CharField()
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    channels = serializers.SerializerMethodField(
        help_text="The version that each channel points at, by the channel's name."
    )
    versions = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_channels(self, adapter: Any) -> dict[str, int]:
        return {one.name: one.version.number for one in channels.of_adapter(adapter)}

    @extend_schema_field(ShortVersion(many=True))
    def get_versions(self, _adapter: Any) -> Any:
        return ShortVersion(self.context["versions"], many=True, context=self.context).data


class AdapterChange(serializers.Serializer[Any]):
    """What is to be said of an adapter from now on; what is left out stays."""

    title = serializers.CharField(max_length=120)
    description = serializers.CharField(allow_blank=True, max_length=50_000)
    kind = serializers.ChoiceField(Kind.choices)
    tags = serializers.ListField(child=serializers.CharField(max_length=40), max_length=30)
    licence = serializers.CharField(allow_blank=True, max_length=120)
    content_level = serializers.ChoiceField(LEVELS)
