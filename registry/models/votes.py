"""Votes: at which weight a version works for a member."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from registry.models.adapters import AdapterVersion
from registry.models.bases import BaseModel
from registry.models.people import User


class WeightVote(models.Model):
    """`Works for me at 0.7`: of one person, for one version on one base."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(AdapterVersion, models.CASCADE, related_name="weight_votes")
    base = models.ForeignKey(BaseModel, models.PROTECT, related_name="+")  # or a child of its base
    by = models.ForeignKey(User, models.CASCADE, related_name="weight_votes")
    weight = models.FloatField()
    note = models.CharField(max_length=280, blank=True)
    voted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "base", "by"], name="weight_vote_once"),
            models.CheckConstraint(
                condition=Q(weight__gte=-4, weight__lte=4), name="weight_vote_within_bounds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} at {self.weight:g}"
