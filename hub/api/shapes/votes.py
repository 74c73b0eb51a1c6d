"""Votes on weights, as they go over the wire."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from hub.api.shapes.fields import CommunityRange
from registry.services import voting


class Vote(serializers.Serializer[Any]):
    """What one member says: it works for me at this weight."""

    by = serializers.CharField(source="by.username")
    base = serializers.CharField(source="base.slug", help_text="The version's own, or its child.")
    weight = serializers.FloatField()
    note = serializers.CharField()
    voted_at = serializers.DateTimeField()


class Votes(serializers.Serializer[Any]):
    """The votes on a version, the newest first; what they come to, once there are three."""

    community = CommunityRange(allow_null=True)
    own = Vote(many=True, help_text="Your own.")
    items = Vote(many=True)


class NewWeightVote(serializers.Serializer[Any]):
    """Works for me at …"""

    weight = serializers.FloatField(min_value=voting.LOWEST, max_value=voting.HIGHEST)
    base = serializers.CharField(
        max_length=200,
        required=False,
        default="",
        allow_blank=True,
        help_text="A base that is derived from the same one; else the version's own.",
    )
    note = serializers.CharField(
        max_length=voting.MOST_NOTE, required=False, default="", allow_blank=True
    )
