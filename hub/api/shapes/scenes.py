"""The scenes that a team adds to a base."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from registry.services import scenes
from registry.sweeps import seeds


class SceneFields(serializers.Serializer[Any]):
    """What a scene is rendered with. The registry says what is too much."""

    title = serializers.CharField(max_length=scenes.MOST_TITLE)
    prompt = serializers.CharField(
        max_length=scenes.MOST_PROMPT,
        allow_blank=True,
        help_text="{trigger} is where the trigger words go; empty where a sample is given alone",
    )
    negative = serializers.CharField(max_length=scenes.MOST_PROMPT, allow_blank=True)
    seed = serializers.IntegerField()
    further_seeds = serializers.ListField(
        child=serializers.IntegerField(),
        help_text="seeds that it is drawn by too, at the weights that the curve says something of; "
        f"{seeds.MOST} at most; empty: as the hub has it",
    )
    steps = serializers.IntegerField(help_text=f"{scenes.MOST_STEPS} at most")
    guidance = serializers.FloatField()
    width = serializers.IntegerField(help_text=f"{scenes.MOST_SIDE} at most")
    height = serializers.IntegerField(help_text=f"{scenes.MOST_SIDE} at most")
    sampler = serializers.CharField(allow_blank=True, help_text="empty: the base's own")
    sample = serializers.CharField(
        allow_blank=True, help_text="the sound or picture that a base is given, by its slug"
    )
    passage = serializers.CharField(
        max_length=scenes.MOST_PASSAGE,
        allow_blank=True,
        help_text="a fixed text that answers are held against",
    )
    most_tokens = serializers.IntegerField(
        help_text=f"of an answer, {scenes.MOST_TOKENS} at most; 0: as is usual for the base"
    )
    kinds = serializers.ListField(
        child=serializers.CharField(),
        help_text="kinds of adapters that are shown on it; empty: all",
    )
    counts = serializers.BooleanField(
        help_text="whether the curve is drawn from it; else it is only shown"
    )
    active = serializers.BooleanField(help_text="false: it is switched off")


class TeamScene(SceneFields):
    """A scene of a team's."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    base = serializers.CharField(source="base.slug")


class TeamSceneList(serializers.Serializer[Any]):
    items = TeamScene(many=True)


class SceneChange(SceneFields):
    """What is left out stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"partial": True})


class NewScene(SceneFields):
    """A scene to be added. What is left out is as the base's defaults have it."""

    base = serializers.CharField(max_length=200, help_text="A base, by any of its names.")

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for name in fields.keys() - {"base", "title"}:
            fields[name].required = False
        return fields
