"""Copies of versions that are mended and checked again, as the next version of their adapter."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.adapters import AdapterVersion
from registry.models.people import User
from registry.models.preparations import Preparation


class Mending(models.Model):
    """
    One mend of a version: what is done to the copy, who asked, and which version came of it.

    A worker makes the bytes as it makes those of a download (Preparation). The version that the
    copy is made from never changes.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Being mended")
        DONE = "done", _("Mended")
        REFUSED = "refused", _("Not possible")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(AdapterVersion, models.CASCADE, related_name="mendings")
    steps = ArrayField(models.CharField(max_length=20))  # registry/exports/mending.py
    preparation = models.ForeignKey(
        Preparation, models.SET_NULL, null=True, blank=True, related_name="mendings"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.TextField(blank=True)  # why nothing came of it, in one sentence
    notes = models.JSONField(default=list, blank=True)  # sentences: what was changed
    made = models.OneToOneField(
        AdapterVersion, models.SET_NULL, null=True, blank=True, related_name="mended"
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version"], condition=Q(state="waiting"), name="mending_one_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["version", "steps"],
                condition=Q(state="done"),
                name="mending_done_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "done", "refused"]), name="mending_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="mending_ends_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(ended_at__isnull=False),
                name="mending_ended_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return f"mend of {self.version_id}"
