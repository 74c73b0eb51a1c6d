"""Complaints: what people report to the reviewers of a team."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.adapters import Adapter
from registry.models.comments import Comment
from registry.models.gallery import GalleryPicture
from registry.models.people import User


class Complaint(models.Model):
    """Somebody says that a comment, a picture or the adapter itself should not stand so."""

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("Upheld")
        DISMISSED = "dismissed", _("Dismissed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    adapter = models.ForeignKey(Adapter, models.CASCADE, related_name="complaints")
    comment = models.ForeignKey(
        Comment, models.CASCADE, null=True, blank=True, related_name="complaints"
    )
    picture = models.ForeignKey(
        GalleryPicture, models.CASCADE, null=True, blank=True, related_name="complaints"
    )
    by = models.ForeignKey(User, models.CASCADE, related_name="complaints")
    reason = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)  # "": open
    note = models.CharField(max_length=500, blank=True)  # of whoever settled it
    settled_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(comment__isnull=True) | Q(picture__isnull=True),
                name="complaint_about_one_thing",
            ),
            models.UniqueConstraint(
                fields=["adapter", "comment", "picture", "by"],
                condition=Q(outcome=""),
                nulls_distinct=False,
                name="complaint_open_once",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", settled_at__isnull=True)
                | Q(outcome__in=["upheld", "dismissed"], settled_at__isnull=False),
                name="complaint_settled_has_a_date",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["made_at"], condition=Q(outcome=""), name="complaint_open"),
        ]

    def __str__(self) -> str:
        return str(self.id)
