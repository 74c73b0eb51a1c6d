"""Base models."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.api import addresses
from registry.bases.given import NAMES
from registry.queries.words import BaseState
from registry.services.own_bases import LONGEST_ALIAS, MOST_ALIASES


class Base(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    family = serializers.CharField()
    modality = serializers.CharField()
    repo = serializers.CharField(
        help_text="The repository that programs fetch it from, as spelled there; empty: unknown."
    )
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
    team = serializers.CharField(
        source="team.slug",
        default=None,
        allow_null=True,
        help_text="Whose own base it is; null for the catalogue's.",
    )
    state = serializers.ChoiceField(
        BaseState.choices, help_text="Versions can be uploaded for it once it is ready."
    )
    reason = serializers.CharField(help_text="Why its layers could not be made, if it failed.")
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
    further_seeds = serializers.ListField(child=serializers.IntegerField())
    steps = serializers.IntegerField()
    guidance = serializers.FloatField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class BaseDetail(Base):
    licence_url = serializers.CharField()
    layers = serializers.SerializerMethodField(
        help_text="How many layers of each component adapters are held against."
    )
    added_by = serializers.CharField(source="added_by.username", default=None, allow_null=True)
    added_at = serializers.DateTimeField(allow_null=True)
    scenes = BaseScene(many=True, source="active_scenes")

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_layers(self, _base: Any) -> dict[str, int]:
        manifest = self.context["manifest"]
        return (
            {name: len(layers) for name, layers in manifest.components.items()} if manifest else {}
        )


class Defaults(serializers.Serializer[Any]):
    """What to render with, where nothing else is said."""

    steps = serializers.IntegerField(required=False)
    guidance = serializers.FloatField(required=False)
    width = serializers.IntegerField(required=False)
    height = serializers.IntegerField(required=False)


class BaseChange(serializers.Serializer[Any]):
    """What may be said anew of a team's own base. What is left out stays."""

    title = serializers.CharField(max_length=120, required=False)
    repo = serializers.CharField(
        max_length=200,
        required=False,
        allow_blank=True,
        help_text="The repository that programs fetch it from, spelled as servers call it.",
    )
    aliases = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_ALIAS),
        max_length=MOST_ALIASES,
        required=False,
        help_text="Its other names: repo ids, and what trainers write into files.",
    )
    licence = serializers.CharField(max_length=120, required=False, allow_blank=True)
    licence_url = serializers.URLField(max_length=200, required=False, allow_blank=True)
    defaults = Defaults(required=False)


class NewBase(BaseChange):
    """A base of a team's own: with a parent's layers, or with those of a configuration."""

    team = serializers.SlugField(max_length=60)
    title = serializers.CharField(max_length=120)
    slug = serializers.CharField(max_length=80, help_text="Its name in addresses, on this hub.")
    repo = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    aliases = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_ALIAS),
        max_length=MOST_ALIASES,
        required=False,
        default=list,
    )
    licence = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    licence_url = serializers.URLField(max_length=200, required=False, default="", allow_blank=True)
    defaults = Defaults(required=False, default=dict)
    parent = serializers.CharField(  # type: ignore[assignment]  # shadows a field's own
        max_length=200,
        required=False,
        default="",
        allow_blank=True,
        help_text="A base with the same layers and other weights, by any of its names.",
    )
    configs = serializers.DictField(
        child=serializers.DictField(),
        required=False,
        allow_null=True,
        default=None,
        help_text=f"Its configuration files as JSON objects, by name: {', '.join(NAMES)}.",
    )
