"""Several versions side by side, and the same cells asked of each."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.api import addresses
from hub.api.shapes.asking import AskedCells, PlanLine
from hub.api.shapes.facts import Side
from registry.queries.together import MOST


class OneOfSeveral(Side):
    """One of the versions that are held together."""

    previews_url = serializers.SerializerMethodField()
    curve_url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField())
    def get_previews_url(self, version: Any) -> str:
        return addresses.of_version(self.context["request"], version, "api-previews")

    @extend_schema_field(serializers.URLField())
    def get_curve_url(self, version: Any) -> str:
        return addresses.of_version(self.context["request"], version, "api-curve")


class FactOfSeveral(serializers.Serializer[Any]):
    fact = serializers.CharField(source="name")
    values = serializers.ListField(
        child=serializers.JSONField(allow_null=True), help_text="In the order of the versions."
    )
    differs = serializers.BooleanField()


class Several(serializers.Serializer[Any]):
    items = OneOfSeveral(many=True)
    facts = FactOfSeveral(many=True)


class LayerOfSeveral(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="As its base calls it, where that is known.")
    norms = serializers.ListField(
        child=serializers.FloatField(allow_null=True),
        help_text="Of its change at weight 1, in the order of the versions; null: it has none.",
    )


class BlockOfSeveral(serializers.Serializer[Any]):
    """Layers that stand together in the base."""

    name = serializers.CharField()
    layers = LayerOfSeveral(many=True)


class PartOfSeveral(serializers.Serializer[Any]):
    part = serializers.CharField(source="name")
    blocks = BlockOfSeveral(many=True)


class LayersOfSeveral(serializers.Serializer[Any]):
    items = OneOfSeveral(many=True)
    parts = PartOfSeveral(many=True)


class AskingSeveral(serializers.Serializer[Any]):
    """Whom to ask, and one plan for all of them."""

    adapters = serializers.ListField(child=serializers.CharField(), min_length=1, max_length=MOST)
    across = PlanLine()
    down = PlanLine(required=False, allow_null=True)
    same = serializers.DictField(
        child=serializers.JSONField(),
        required=False,
        help_text="Of all cells: values by axis, prompt, negative, with_trigger.",
    )


class AskedOfSeveral(serializers.Serializer[Any]):
    items = AskedCells(many=True, help_text="A request for each version, in their order.")
