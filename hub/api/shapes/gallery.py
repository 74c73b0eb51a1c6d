"""Pictures of the gallery, as they go over the wire."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.api import addresses
from registry.content_levels import LEVELS
from registry.formats.generation import lines
from registry.queries import gallery_pictures as gallery
from registry.queries.words import Role
from registry.services import pictured

FOUND_BY = [("hash", "Its hash"), ("name", "Its name"), ("hand", "A person"), ("", "Nobody")]


class Generation(serializers.Serializer[Any]):
    """How it was made, as its file says; what is not said is empty or null."""

    prompt = serializers.CharField(default="")
    negative = serializers.CharField(default="")
    seed = serializers.CharField(default="", help_text="Digits: it may be larger than numbers.")
    steps = serializers.IntegerField(default=None, allow_null=True)
    guidance = serializers.FloatField(default=None, allow_null=True)
    sampler = serializers.CharField(default="")
    width = serializers.IntegerField(default=None, allow_null=True)
    height = serializers.IntegerField(default=None, allow_null=True)
    base = serializers.CharField(default="", help_text="As its program calls it.")


class MadeWith(serializers.Serializer[Any]):
    """An adapter that it was made with; `adapter` is null where the hub does not know it."""

    adapter = serializers.CharField(allow_null=True, help_text="team/name")
    version = serializers.IntegerField(allow_null=True)
    weight = serializers.FloatField(allow_null=True)
    named = serializers.CharField(help_text="As its program calls it.")
    hash = serializers.CharField(help_text="As its file says.")
    found_by = serializers.ChoiceField(FOUND_BY, help_text="What says that this version is meant.")
    hidden_reason = serializers.CharField(
        help_text="Why it is hidden in this adapter's gallery; for its maker and reviewers."
    )


class Picture(serializers.Serializer[Any]):
    """A picture that somebody made with adapters of the hub. `context["viewer"]` looks at it."""

    id = serializers.UUIDField()
    by = serializers.CharField(source="by.username")
    content_level = serializers.ChoiceField(LEVELS)
    program = serializers.CharField(help_text="That made it; empty where its file says nothing.")
    generation = Generation()
    parameters = serializers.SerializerMethodField(help_text="The same as lines, to be pasted.")
    made_with = serializers.SerializerMethodField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    added_at = serializers.DateTimeField()
    picture_url = serializers.SerializerMethodField()
    small_url = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    def get_parameters(self, picture: Any) -> str:
        return lines.of(picture.generation)

    @extend_schema_field(MadeWith(many=True))
    def get_made_with(self, picture: Any) -> list[dict[str, Any]]:
        viewer = self.context["viewer"]
        uses = gallery.known_to(picture, viewer)
        return [_use(use, known, picture, viewer) for use, known in uses]

    @extend_schema_field(serializers.URLField())
    def get_picture_url(self, picture: Any) -> str:
        return addresses.at(self.context["request"], "api-gallery-bytes", picture.pk, "large")

    @extend_schema_field(serializers.URLField())
    def get_small_url(self, picture: Any) -> str:
        return addresses.at(self.context["request"], "api-gallery-bytes", picture.pk, "small")

    @extend_schema_field(serializers.URLField())
    def get_url(self, picture: Any) -> str:
        return addresses.at(self.context["request"], "api-gallery-picture", picture.pk)


def _use(
    use: Any,
    known: bool,  # noqa: FBT001  a pair
    picture: Any,
    viewer: gallery.Viewer,
) -> dict[str, Any]:
    adapter = use.version.adapter if known else None
    own = viewer.by is not None and picture.by_id == viewer.by.pk
    tells = own or (adapter is not None and viewer.may(Role.REVIEWER, adapter.team_id))
    return {
        "adapter": f"{adapter.team.slug}/{adapter.slug}" if adapter else None,
        "version": use.version.number if known else None,
        "weight": use.weight,
        "named": use.name,
        "hash": use.hash,
        "found_by": use.found_by if known else "",
        "hidden_reason": use.hidden_reason if tells else "",
    }


class Pictures(serializers.Serializer[Any]):
    items = Picture(many=True)
    next = serializers.URLField(allow_null=True)


class NewPicture(serializers.Serializer[Any]):
    """A picture to be hung."""

    file = serializers.FileField(
        allow_empty_file=True, help_text="PNG, JPEG or WebP, up to 20 MB; its metadata is read."
    )
    version = serializers.IntegerField(
        min_value=1,
        max_value=2**31 - 1,
        required=False,
        help_text="Of the adapter, that it was made with; else the newest.",
    )
    content_level = serializers.ChoiceField(
        LEVELS, required=False, help_text="Else the adapter's own."
    )


class CorrectedUse(serializers.Serializer[Any]):
    adapter = serializers.CharField(max_length=200, help_text="team/name")
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    weight = serializers.FloatField(
        required=False,
        allow_null=True,
        default=None,
        min_value=pictured.LOWEST,
        max_value=pictured.HIGHEST,
    )


class Correction(serializers.Serializer[Any]):
    """What is left out stays."""

    content_level = serializers.ChoiceField(LEVELS, required=False)
    made_with = CorrectedUse(
        many=True, required=False, help_text="All versions of the hub that it was made with."
    )
