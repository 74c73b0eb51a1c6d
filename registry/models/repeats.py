"""What was answered to writes that name a key, so that a repeat is answered and not done again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from registry.models.people import User


class KeptAnswer(models.Model):
    """One write by its Idempotency-Key. `status` is empty while it is still being done."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)  # of what was asked
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    location = models.CharField(max_length=500, blank=True)
    begun_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], name="kept_answer_once"),
        ]

    def __str__(self) -> str:
        return self.key
