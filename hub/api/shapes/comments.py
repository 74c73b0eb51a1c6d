"""Comments, as they go over the wire."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.api import addresses
from registry.queries import comments
from registry.services import commenting

STATES = [("shown", "Shown"), ("hidden", "Hidden by a reviewer"), ("deleted", "Taken back")]


class Answer(serializers.Serializer[Any]):
    """What somebody said. Empty where a reviewer hid it from you, or its writer took it back."""

    id = serializers.UUIDField()
    by = serializers.CharField(
        source="by.username", default=None, allow_null=True, help_text="null: who has left"
    )
    text = serializers.SerializerMethodField(help_text="Markdown.")
    version = serializers.IntegerField(
        source="version.number", default=None, allow_null=True, help_text="It is about this one."
    )
    weight = serializers.FloatField(allow_null=True, help_text="It is about this weight.")
    state = serializers.SerializerMethodField()
    hidden_reason = serializers.CharField(help_text="Why a reviewer hid it; else empty.")
    written_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    url = serializers.SerializerMethodField()

    def get_text(self, comment: Any) -> str:
        return str(comment.text) if comments.may_read(comment, self.context["reader"]) else ""

    @extend_schema_field(serializers.ChoiceField(STATES))
    def get_state(self, comment: Any) -> str:
        if comment.deleted_at is not None:
            return "deleted"
        return "hidden" if comment.hidden_at is not None else "shown"

    @extend_schema_field(serializers.URLField())
    def get_url(self, comment: Any) -> str:
        return addresses.of_comment(self.context["request"], comment)


class Comment(Answer):
    """A comment, and what was answered to it, the oldest answer first."""

    answers = Answer(many=True, source="shown_answers")


class Comments(serializers.Serializer[Any]):
    items = Comment(many=True)
    next = serializers.URLField(allow_null=True)


class CommentText(serializers.Serializer[Any]):
    """What a comment says, and what it is about beside the adapter."""

    text = serializers.CharField(max_length=commenting.MOST_TEXT, help_text="Markdown.")
    version = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, required=False, allow_null=True, default=None
    )
    weight = serializers.FloatField(
        min_value=commenting.LOWEST,
        max_value=commenting.HIGHEST,
        required=False,
        allow_null=True,
        default=None,
    )


class NewComment(CommentText):
    """A comment to be written."""

    parent = serializers.UUIDField(  # type: ignore[assignment]  # shadows a field's own
        required=False, allow_null=True, default=None, help_text="The comment that this answers."
    )


class Reason(serializers.Serializer[Any]):
    """Why something is hidden: whoever it belongs to will read it."""

    reason = serializers.CharField(max_length=commenting.MOST_REASON)
