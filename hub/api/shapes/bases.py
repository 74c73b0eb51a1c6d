"""Base models."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.api import addresses


class Base(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    family = serializers.CharField()
    modality = serializers.CharField()
    aliases = serializers.ListField(child=serializers.CharField())
    parent = serializers.CharField(  # type: ignore[assignment]  # shadows a field's own
        source="parent.slug", default=None, allow_null=True
    )
    licence = serializers.CharField()
    pipeline = serializers.CharField()
    proof_needed = serializers.CharField(
        help_text="How far an adapter's load has to be proved: fits, loads or renders."
    )
    has_weights = serializers.SerializerMethodField(
        help_text="Whether the operator gave its weights, so that adapters are rendered."
    )
    verified = serializers.BooleanField(
        help_text="Whether its layers are from the real configuration."
    )
    defaults = serializers.DictField(child=serializers.JSONField())
    adapters = serializers.IntegerField(source="published", help_text="How many are published.")
    url = serializers.SerializerMethodField()
    adapters_url = serializers.SerializerMethodField()

    def get_has_weights(self, base: Any) -> bool:
        return bool(base.weights_at)

    @extend_schema_field(serializers.URLField())
    def get_url(self, base: Any) -> str:
        return addresses.at(self.context["request"], "api-base", base.slug)

    @extend_schema_field(serializers.URLField())
    def get_adapters_url(self, base: Any) -> str:
        return addresses.at(self.context["request"], "api-adapters", base=base.slug)


class BaseList(serializers.Serializer[Any]):
    items = Base(many=True)


class BaseScene(serializers.Serializer[Any]):
    """What a preview depends on, beside the adapter and its weight."""

    slug = serializers.CharField()
    title = serializers.CharField()
    prompt = serializers.CharField(help_text="{trigger} is where the trigger words go.")
    negative = serializers.CharField()
    seed = serializers.IntegerField()
    steps = serializers.IntegerField()
    guidance = serializers.FloatField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class BaseDetail(Base):
    licence_url = serializers.CharField()
    scenes = BaseScene(many=True, source="active_scenes")
