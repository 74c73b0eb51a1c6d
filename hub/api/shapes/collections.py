"""Collections, and what is in them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from registry.queries.words import Sight
from registry.services import collections as services


class NewCollection(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=120)
    description = serializers.CharField(
        max_length=services.MOST_DESCRIPTION, required=False, default="", allow_blank=True
    )
    sight = serializers.ChoiceField(choices=Sight.choices, required=False, default=Sight.PRIVATE)
    team = serializers.CharField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Whose contributors may change it too.",
    )


class Collection(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    description = serializers.CharField(help_text="Markdown.")
    sight = serializers.CharField(help_text="private, team or all: who sees it.")
    team = serializers.CharField(source="team.slug", default=None, allow_null=True)
    by = serializers.CharField(source="by.username")
    count = serializers.IntegerField()
    made_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()


class Collections(serializers.Serializer[Any]):
    items = Collection(many=True)


class Item(serializers.Serializer[Any]):
    adapter = serializers.SerializerMethodField()
    version = serializers.IntegerField(help_text="The newest that you may see.")
    note = serializers.CharField()
    added_at = serializers.DateTimeField()

    def get_adapter(self, item: Any) -> str:
        return f"{item.adapter.team.slug}/{item.adapter.slug}"

    def to_representation(self, instance: Any) -> dict[str, Any]:
        item, version = instance
        return {
            "adapter": f"{version.adapter.team.slug}/{version.adapter.slug}",
            "version": version.number,
            "note": item.note,
            "added_at": item.added_at,
        }


class CollectionWithItems(Collection):
    items = Item(many=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        one, items = instance
        return Collection(one).data | {"items": Item(items, many=True).data}


class Note(serializers.Serializer[Any]):
    note = serializers.CharField(
        max_length=services.MOST_NOTE,
        required=False,
        allow_blank=True,
        help_text="Why it is in it. Left out, it stays as it is.",
    )
    place = serializers.IntegerField(
        min_value=1,
        max_value=services.MOST_ITEMS,
        required=False,
        help_text="Where it stands, 1 is the first. Left out, it stays where it is: what nobody "
        "has placed stands above the rest, the newest first.",
    )
