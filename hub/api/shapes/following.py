"""Favourites, follows and notifications."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from registry.queries import notices
from registry.queries.words import Pace


def _name(adapter: Any) -> str:
    return f"{adapter.team.slug}/{adapter.slug}"


class Names(serializers.Serializer[Any]):
    items = serializers.ListField(child=serializers.CharField(), help_text="team/name of each.")


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
