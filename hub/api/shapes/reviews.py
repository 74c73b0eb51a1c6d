"""Reviews: what was decided on a version, and what it still misses."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.api import addresses
from hub.api.shapes.adapters import ShortVersion
from registry.queries.reviews import LAPSES
from registry.queries.words import Decision

ACTS = ("approve", "send-back", "ask-again", "no-words")


class NewDecision(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(
        ACTS,
        help_text="`approve` or `send-back` as a reviewer; `ask-again` after it was sent back, and "
        "`no-words` for one that needs no trigger words, as its uploader.",
    )
    reason = serializers.CharField(
        max_length=1000, allow_blank=True, default="", help_text="Needed to send it back."
    )


class Said(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(Decision.choices)
    reason = serializers.CharField()
    by = serializers.CharField(source="by.username")
    at = serializers.DateTimeField()
    lapsed = serializers.ChoiceField(
        [("", "It counts"), *LAPSES.items()],
        help_text="Why an approval does not count any more: whoever gave it `left` the team, lost "
        "the `role` that approves, or their account is `closed`.",
    )


class MissingPiece(serializers.Serializer[Any]):
    code = serializers.CharField()
    sentence = serializers.CharField()


class Review(serializers.Serializer[Any]):
    """How the review of a version stands, by what its team asks for now."""

    missing = MissingPiece(many=True, help_text="What keeps it from being published.")
    approved_by = serializers.ListField(
        child=serializers.CharField(),
        help_text="Since it was last sent back, of those who may still approve.",
    )
    approvals = serializers.IntegerField(help_text="That its team asks for.")
    sent_back = Said(allow_null=True)
    history = Said(many=True, help_text="The oldest first.")


class Waiting(ShortVersion):
    """A version that waits for a decision."""

    team = serializers.CharField(source="adapter.team.slug")
    name = serializers.CharField(source="adapter.slug")
    title = serializers.CharField(source="adapter.title")
    uploaded_by = serializers.CharField(source="uploaded_by.username")
    review = serializers.SerializerMethodField()
    report_url = serializers.SerializerMethodField()
    page_url = serializers.SerializerMethodField()

    @extend_schema_field(Review)
    def get_review(self, version: Any) -> Any:
        return Review(self.context["standings"][version.pk]).data

    @extend_schema_field(serializers.URLField())
    def get_report_url(self, version: Any) -> str:
        return addresses.of_version(self.context["request"], version, "api-report")

    @extend_schema_field(serializers.URLField())
    def get_page_url(self, version: Any) -> str:
        return addresses.page_of(self.context["request"], version)


class Queue(serializers.Serializer[Any]):
    items = Waiting(many=True, help_text="The longest waiting first.")
    to_decide = serializers.IntegerField(
        help_text="How many wait for you: neither yours nor approved by you."
    )
