"""Channels, as they go over the wire."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.api import addresses


class Channel(serializers.Serializer[Any]):
    """A name that points at one published version of an adapter."""

    channel = serializers.CharField(source="name")
    version = serializers.IntegerField(source="version.number")
    sha256 = serializers.CharField(source="version.sha256")
    moved_at = serializers.DateTimeField()
    moved_by = serializers.CharField(source="moved_by.username", default=None, allow_null=True)
    reason = serializers.CharField()
    url = serializers.SerializerMethodField(help_text="Of the version.")
    download_url = serializers.SerializerMethodField(help_text="Of this very version.")

    @extend_schema_field(serializers.URLField())
    def get_url(self, channel: Any) -> str:
        return addresses.of_version(self.context["request"], channel.version)

    @extend_schema_field(serializers.URLField())
    def get_download_url(self, channel: Any) -> str:
        return addresses.of_version(self.context["request"], channel.version, "api-download")


class Channels(serializers.Serializer[Any]):
    items = Channel(many=True)


class Move(serializers.Serializer[Any]):
    """Where a channel is to point."""

    version = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, help_text="The number of a published version."
    )
    reason = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)
