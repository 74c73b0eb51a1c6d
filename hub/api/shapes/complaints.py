"""What was reported, as it goes over the wire."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from registry.queries.words import ComplaintOutcome
from registry.services import complaining


class Complaint(serializers.Serializer[Any]):
    """Something that somebody reported; about the adapter itself where nothing else is named."""

    id = serializers.UUIDField()
    adapter = serializers.SerializerMethodField(help_text="team/name")
    comment = serializers.UUIDField(source="comment_id", allow_null=True)
    picture = serializers.UUIDField(source="picture_id", allow_null=True)
    by = serializers.CharField(source="by.username")
    reason = serializers.CharField()
    made_at = serializers.DateTimeField()
    outcome = serializers.ChoiceField(
        ComplaintOutcome.choices, allow_blank=True, help_text="Empty: open."
    )
    note = serializers.CharField()
    settled_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(serializers.CharField())
    def get_adapter(self, complaint: Any) -> str:
        return f"{complaint.adapter.team.slug}/{complaint.adapter.slug}"


class Complaints(serializers.Serializer[Any]):
    items = Complaint(many=True)


class NewComplaint(serializers.Serializer[Any]):
    """What is wrong, with the adapter or with one thing that is shown with it."""

    reason = serializers.CharField(max_length=complaining.MOST_REASON)
    comment = serializers.UUIDField(required=False, allow_null=True, default=None)
    picture = serializers.UUIDField(required=False, allow_null=True, default=None)


class Settlement(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(ComplaintOutcome.choices)
    note = serializers.CharField(
        max_length=complaining.MOST_REASON, required=False, default="", allow_blank=True
    )
