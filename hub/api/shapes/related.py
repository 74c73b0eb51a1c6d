"""What a version is related to."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.api import addresses


class Relative(serializers.Serializer[Any]):
    """Another adapter's version."""

    team = serializers.CharField(source="adapter.team.slug")
    name = serializers.CharField(source="adapter.slug")
    version = serializers.IntegerField(source="number")
    base = serializers.CharField(source="base.slug")
    url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField())
    def get_url(self, version: Any) -> str:
        return addresses.of_version(self.context["request"], version)


class Like(serializers.Serializer[Any]):
    """An adapter that shares something, and what."""

    version = Relative()
    trigger_words = serializers.ListField(child=serializers.CharField(), source="words")
    tags = serializers.ListField(child=serializers.CharField())
    same_base = serializers.BooleanField()
    same_kind = serializers.BooleanField()


class Related(serializers.Serializer[Any]):
    bases = serializers.ListField(
        child=serializers.CharField(), help_text="Its base last, after what that was made from."
    )
    ancestors = serializers.ListField(
        child=serializers.IntegerField(), help_text="Versions that it goes back to, oldest first."
    )
    descendants = serializers.ListField(child=serializers.IntegerField())
    same_weights = Relative(many=True, help_text="Of other adapters; whatever their header says.")
    similar = Like(many=True, help_text="Published ones of its family, the nearest first.")
