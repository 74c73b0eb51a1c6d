"""Favourites, collections, follows and notifications."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from registry.queries import notices
from registry.queries.words import Pace, Sight
from registry.services import collections as services


def _name(adapter: Any) -> str:
    return f"{adapter.team.slug}/{adapter.slug}"


class Names(serializers.Serializer[Any]):
    items = serializers.ListField(child=serializers.CharField(), help_text="team/name of each.")


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
        return _name(item.adapter)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        item, version = instance
        return {
            "adapter": _name(version.adapter),
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


class Follow(serializers.Serializer[Any]):
    adapter = serializers.SerializerMethodField(help_text="team/name; empty: a team is followed.")
    team = serializers.CharField(source="team.slug", default=None, allow_null=True)
    since = serializers.DateTimeField()

    def get_adapter(self, follow: Any) -> str:
        return _name(follow.adapter) if follow.adapter else ""


class Follows(serializers.Serializer[Any]):
    items = Follow(many=True)


class Notification(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    verb = serializers.CharField(source="event.verb")
    sentence = serializers.CharField()
    reason = serializers.CharField()
    path = serializers.CharField(help_text="On this hub, where to look.")
    at = serializers.DateTimeField(source="event.at")
    seen = serializers.BooleanField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        told = notices.of_event(instance.event)
        return {
            "id": instance.pk,
            "verb": instance.event.verb,
            "sentence": told.sentence,
            "reason": told.reason,
            "path": told.path,
            "at": instance.event.at,
            "seen": instance.seen_at is not None,
        }


class Notifications(serializers.Serializer[Any]):
    unseen = serializers.IntegerField(help_text="99 at most.")
    items = Notification(many=True, help_text="The newest, 100 at most.")


class Seen(serializers.Serializer[Any]):
    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**53),
        required=False,
        default=list,
        max_length=100,
        help_text="Of which; left out: of all.",
    )


class SeenCount(serializers.Serializer[Any]):
    count = serializers.IntegerField()


class Mailing(serializers.Serializer[Any]):
    pace = serializers.ChoiceField(choices=Pace.choices)
    language = serializers.ChoiceField(choices=["en", "zh-hans"], required=False, default="en")
