"""What a team asks of a version before it is published, and what its reviewers said."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.adapters import AdapterVersion
from registry.models.bases import Proof
from registry.models.people import Role, Team, User

MOST_APPROVALS = 3


class ReviewPolicy(models.Model):
    """A team without one asks for nothing but a passed validation."""

    team = models.OneToOneField(Team, models.CASCADE, related_name="policy")
    proof = models.CharField(max_length=8, blank=True, choices=Proof.choices)  # "": as the base has
    description = models.BooleanField(default=False)
    trigger_words = models.BooleanField(default=False)  # or somebody's word that it needs none
    licence = models.BooleanField(default=False)
    no_warnings = (
        ArrayField(  # kinds of checks, the first part of their codes, that may not even warn
            models.CharField(max_length=20), default=list, blank=True
        )
    )
    approvals = models.PositiveSmallIntegerField(default=0)  # by others than its uploader
    approvers = models.CharField(max_length=12, choices=Role.choices, default=Role.REVIEWER)
    publishes_itself = models.BooleanField(default=False)  # as soon as nothing is missing
    changed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approvals__lte=MOST_APPROVALS), name="policy_approvals_bounded"
            ),
            models.CheckConstraint(
                condition=Q(approvers__in=["reviewer", "admin"]), name="policy_approvers_known"
            ),
        ]

    def __str__(self) -> str:
        return f"what {self.team_id} asks for"


class Review(models.Model):
    """One word in the review of a version. Only ever added to."""

    class Decision(models.TextChoices):
        APPROVED = "approved", _("Approved")
        SENT_BACK = "sent_back", _("Sent back")
        ASKED_AGAIN = "asked_again", _("Asked again")  # its uploader, after it was sent back

    version = models.ForeignKey(AdapterVersion, models.CASCADE, related_name="reviews")
    decision = models.CharField(max_length=12, choices=Decision.choices)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(decision="sent_back") | ~Q(reason=""),
                name="review_sent_back_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.decision}"
