"""What people say of adapters, and of each other's remarks."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from registry.models.adapters import Adapter, AdapterVersion
from registry.models.people import User


class Comment(models.Model):
    """
    A remark on an adapter, or an answer to one: threads are one level deep.

    One that was taken back keeps its row, without its text, so that answers keep their place. One
    that a reviewer hid keeps its text, for its writer and for reviewers.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    adapter = models.ForeignKey(Adapter, models.CASCADE, related_name="comments")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="answers"
    )
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="comments")
    text = models.TextField(blank=True)  # Markdown
    version = models.ForeignKey(  # the one that it is about, if any
        AdapterVersion, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    weight = models.FloatField(null=True, blank=True)
    written_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    hidden_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True) | Q(text=""), name="comment_deleted_is_empty"
            ),
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True) | ~Q(hidden_reason=""),
                name="comment_hidden_for_a_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["adapter", "-written_at", "-id"], name="comment_newest_first"),
            models.Index(fields=["by", "-written_at"], name="comment_of_a_person"),
        ]

    def __str__(self) -> str:
        return str(self.id)
