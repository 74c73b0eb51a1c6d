"""Versions in another layout, number type or header: what was asked for, and what came of it."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.adapters import AdapterVersion
from registry.models.blobs import Blob
from registry.models.people import User


class PreparationQuerySet(models.QuerySet["Preparation"]):
    def living(self) -> Self:
        return self.filter(state__in=[Preparation.State.QUEUED, Preparation.State.RUNNING])

    def waiting(self) -> Self:
        """Narrow to those that nobody works on yet, the oldest first."""
        return self.filter(state=Preparation.State.QUEUED).order_by("queued_at")

    def lost(self, now: object, sent_before: object) -> Self:
        """Narrow to those that no worker holds and no fresh message tells of."""
        silent = Q(state="running", lease_until__lt=now)
        unsent = Q(state="queued") & (Q(sent_at__isnull=True) | Q(sent_at__lt=sent_before))
        return self.filter(silent | unsent)


class Preparation(models.Model):
    """
    The weights of a version, to be written once in the form that somebody asked for.

    `key` is a digest of all that the result depends on, so versions with the same bytes share one.
    A worker holds it as it holds a run: by a lease, and shows the `fence` it was given when it
    writes.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Being made")
        DONE = "done", _("Ready")
        REFUSED = "refused", _("Not possible")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=64, unique=True)
    version = models.ForeignKey(AdapterVersion, models.CASCADE, related_name="preparations")
    layout = models.CharField(max_length=12)
    dtype = models.CharField(max_length=4, blank=True)  # empty: as in the file
    bake = models.BooleanField(default=False)
    strip = models.BooleanField(default=False)
    steps = ArrayField(  # of a copy that is mended: registry/exports/mending.py
        models.CharField(max_length=20), default=list, blank=True
    )
    layers_of = models.CharField(max_length=60, blank=True)  # the base of the catalogue
    size = models.BigIntegerField()  # of the original, which is what a quota counts
    header = models.JSONField(default=dict, blank=True)  # what is baked in, by key
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    by = models.ForeignKey(  # empty: the hub itself, for its doors
        User, models.SET_NULL, null=True, blank=True, related_name="preparations"
    )
    attempt = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveBigIntegerField(default=0)
    lease_owner = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    progress = models.JSONField(default=dict, blank=True)
    reason = models.TextField(blank=True)  # why it was refused or failed, in one sentence
    worst_error = models.FloatField(null=True, blank=True)  # of all layers: ‖out − in‖ / ‖in‖
    notes = models.JSONField(default=list, blank=True)  # sentences: what changed its form
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    wanted_at = models.DateTimeField()  # when somebody last asked for it

    objects = PreparationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(key__regex=r"^[0-9a-f]{64}$"), name="preparation_key_is_hex"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running", "done", "refused", "failed"]),
                name="preparation_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_until__isnull=False),
                name="preparation_running_has_a_lease",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running"]) | Q(finished_at__isnull=False),
                name="preparation_finished_has_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "failed"]) | ~Q(reason=""),
                name="preparation_ends_for_a_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["queued_at"],
                condition=Q(state__in=["queued", "running"]),
                name="preparation_living",
            ),
            models.Index(fields=["by", "-queued_at"], name="preparation_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} as {self.layout}"


class PreparedFile(models.Model):
    """One file that came of a preparation."""

    preparation = models.ForeignKey(Preparation, models.CASCADE, related_name="files")
    path = models.CharField(max_length=200)  # in its folder: adapter_config.json
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="prepared")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["preparation", "path"], name="prepared_file_once"),
        ]

    def __str__(self) -> str:
        return self.path
