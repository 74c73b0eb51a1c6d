"""Invitations into a team: a link that is good once."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from registry.models.people import Membership, Role, Team, User


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: object) -> Self:
        """
        Narrow to those that can still be used.

        They are as good as the word of whoever made them: an admin who was taken out of the team
        must not come back by a link of their own.
        """
        rules = Membership.objects.filter(
            team=OuterRef("team"), user=OuterRef("by"), role=Role.ADMIN
        )
        return self.filter(
            Q(by__is_superuser=True) | Exists(rules),
            by__is_active=True,
            used_at__isnull=True,
            revoked_at__isnull=True,
            expires_at__gt=now,
        )


class Invitation(models.Model):
    """Only the digest of the link's secret is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=12, choices=Role.choices)
    digest = models.CharField(max_length=64, unique=True)
    address = models.EmailField(blank=True)  # that the link was sent to
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_known"),
        ]

    def __str__(self) -> str:
        return f"into {self.team_id} as {self.role}"
