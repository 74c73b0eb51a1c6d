"""Mended copies of a version, as they are told over the wire."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.api import addresses
from registry.exports.mending import Step
from registry.queries.words import MendingState

STEPS = [step.value for step in Step]


class OfferedStep(serializers.Serializer[Any]):
    """Something that can be done to a copy, and the check that it answers."""

    step = serializers.ChoiceField(STEPS)
    check = serializers.CharField()
    does = serializers.CharField()
    needed = serializers.BooleanField(help_text="It was rejected for that: there is no way round.")
    by_itself = serializers.BooleanField(help_text="Whether it is done where nobody chooses.")


class Mending(serializers.Serializer[Any]):
    """A copy that was asked for, and what came of it."""

    id = serializers.UUIDField()
    version = serializers.IntegerField(source="version.number", help_text="Of which version.")
    steps = serializers.ListField(child=serializers.ChoiceField(STEPS))
    state = serializers.ChoiceField(MendingState.choices)
    reason = serializers.CharField(help_text="Why nothing came of it, in one sentence.")
    notes = serializers.ListField(child=serializers.CharField(), help_text="What was changed.")
    made = serializers.SerializerMethodField(help_text="The number of the version that it became.")
    made_url = serializers.SerializerMethodField()
    by = serializers.CharField(source="by.username")
    asked_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_made(self, mending: Any) -> int | None:
        return mending.made.number if mending.made else None

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_made_url(self, mending: Any) -> str | None:
        if mending.made is None:
            return None
        adapter = mending.version.adapter
        where = (adapter.team.slug, adapter.slug, mending.made.number)
        return addresses.at(self.context["request"], "api-version", *where)


class VersionMending(serializers.Serializer[Any]):
    """What of a version can be mended in a copy, and the copies that were asked for."""

    possible = serializers.BooleanField()
    reason = serializers.CharField(help_text="Why it cannot be mended; else empty.")
    steps = OfferedStep(many=True)
    items = Mending(many=True)
    mended = Mending(allow_null=True, help_text="The mend that this version came of itself.")


class AskedMend(serializers.Serializer[Any]):
    steps = serializers.ListField(
        child=serializers.ChoiceField(STEPS),
        required=False,
        allow_null=True,
        default=None,
        max_length=len(STEPS),
        help_text="Those to take; without it, all that are done by themselves.",
    )
