"""What changed, as it goes over the wire."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.api import addresses
from registry.queries import changes
from registry.queries.changes import ABOUT_CHANNELS, CHANGE_OF


class ChangeFilters(serializers.Serializer[Any]):
    since = serializers.CharField(
        required=False,
        default="",
        max_length=200,
        help_text="The `cursor` of the last answer. Without it: where the feed is now.",
    )
    base = serializers.CharField(required=False, default="", max_length=200)
    team = serializers.CharField(required=False, default="", max_length=60)
    channel = serializers.CharField(
        required=False, default="", max_length=40, help_text="Only moves of channels of this name."
    )
    limit = serializers.IntegerField(
        required=False, default=changes.PAGE, min_value=1, max_value=changes.MAX_PAGE
    )


class Change(serializers.Serializer[Any]):
    """One thing that happened to an adapter."""

    change = serializers.ChoiceField(sorted(set(CHANGE_OF.values())), source="verb")
    at = serializers.DateTimeField()
    by = serializers.CharField(source="by.username", default=None, allow_null=True)
    team = serializers.CharField(source="team.slug", default=None, allow_null=True)
    name = serializers.SerializerMethodField()
    version = serializers.IntegerField(source="version.number", default=None, allow_null=True)
    channel = serializers.SerializerMethodField()
    was = serializers.SerializerMethodField(help_text="The version that the channel pointed at.")
    to = serializers.SerializerMethodField(help_text="The one that it points at since.")
    reason = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField(help_text="Of the version, or of the adapter.")

    def to_representation(self, event: Any) -> dict[str, Any]:
        return super().to_representation(event) | {"change": CHANGE_OF[event.verb]}

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_name(self, event: Any) -> Any:
        return event.adapter.slug if event.adapter else event.detail.get("adapter")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_channel(self, event: Any) -> Any:
        return _of_a_channel(event).get("channel")

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_was(self, event: Any) -> Any:
        return _of_a_channel(event).get("was")

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_to(self, event: Any) -> Any:
        return _of_a_channel(event).get("to")

    @extend_schema_field(serializers.CharField())
    def get_reason(self, event: Any) -> Any:
        return event.detail.get("reason", "")

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_url(self, event: Any) -> str | None:
        request = self.context["request"]
        if event.version:
            return addresses.of_version(request, event.version)
        return addresses.of_adapter(request, event.adapter) if event.adapter else None


def _of_a_channel(event: Any) -> dict[str, Any]:
    """Return what an event says of a channel; other events use the same words otherwise."""
    detail: dict[str, Any] = event.detail
    return detail if event.verb in ABOUT_CHANNELS else {}


class Feed(serializers.Serializer[Any]):
    """Changes, the oldest first, and how to go on."""

    items = Change(many=True)
    cursor = serializers.CharField(help_text="The `since` of the next call.")
    more = serializers.BooleanField(help_text="There are more already: ask again at once.")
    full_listing = serializers.URLField(
        allow_null=True, help_text="Without since: what to list once, after this answer."
    )
