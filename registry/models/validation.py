"""Validation runs, what checks said in them, and the log of what happened."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.adapters import AdapterVersion


class ValidationRunQuerySet(models.QuerySet["ValidationRun"]):
    def living(self) -> Self:
        return self.filter(state__in=[ValidationRun.State.QUEUED, ValidationRun.State.RUNNING])

    def waiting(self) -> Self:
        """Narrow to those that wait for a gpu worker, the oldest first."""
        queued = self.filter(state=ValidationRun.State.QUEUED, stage__in=ValidationRun.ON_A_DEVICE)
        return queued.order_by("queued_at")

    def lost(self, now: object, sent_before: object) -> Self:
        """Narrow to runs that no worker holds and no fresh message tells of."""
        silent = Q(state="running", lease_until__lt=now)
        unsent = Q(state="queued") & (Q(sent_at__isnull=True) | Q(sent_at__lt=sent_before))
        return self.filter(silent | unsent)


class ValidationRun(models.Model):
    """
    One pass of all checks over one version, in stages.

    The row is the truth and the broker only a hint: a worker holds a run by its lease, shows the
    `fence` it was given when it writes, and a fence that is no longer the row's is refused.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        PASSED = "passed", _("Passed")
        REJECTED = "rejected", _("Rejected")
        FAILED = "failed", _("Failed")

    class Stage(models.TextChoices):
        FILE = "file", _("Reading the file")
        TRIAL = "trial", _("Loading it on its base")
        GRID = "grid", _("Rendering the sweep")

    ON_A_DEVICE = (Stage.TRIAL, Stage.GRID)  # stages that wait for a gpu worker

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(AdapterVersion, models.CASCADE, related_name="runs")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    stage = models.CharField(max_length=6, choices=Stage.choices, default=Stage.FILE)
    attempt = models.PositiveSmallIntegerField(default=0)  # of this stage
    fence = models.PositiveBigIntegerField(default=0)  # grows with every claim, never shrinks
    lease_owner = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    progress = models.JSONField(default=dict, blank=True)  # {"done": 3, "of": 14, "saying": …}
    reason = models.TextField(blank=True)  # why it was rejected or failed, in one sentence
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ValidationRunQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(state__in=["queued", "running"]),
                name="run_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_until__isnull=False),
                name="run_running_has_a_lease",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running"]) | Q(finished_at__isnull=False),
                name="run_finished_has_a_date",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["queued_at"],
                condition=Q(state__in=["queued", "running"]),
                name="run_living",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class Result(models.Model):
    """What one check said in one run."""

    run = models.ForeignKey(ValidationRun, models.CASCADE, related_name="results")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    claim = models.CharField(max_length=200)
    outcome = models.CharField(max_length=10)
    problem = models.TextField(blank=True)
    evidence = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "code"], name="result_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["passed", "warned", "rejected"]),
                name="result_outcome_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.outcome}"


class WritingTransaction(models.Func):
    """The number of the transaction that writes a row: PostgreSQL counts them up for ever."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()


class Event(models.Model):
    """
    One act on the library. Only ever added to.

    `transaction` is what makes a feed of them possible that misses none: ids are given out before
    their transactions commit, so a smaller one may come into sight after a larger one (see
    registry/queries/changes.py).
    """

    transaction = models.BigIntegerField(db_default=WritingTransaction(), editable=False)
    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(
        "registry.User", models.SET_NULL, null=True, related_name="+"
    )  # empty: the hub itself
    team = models.ForeignKey("registry.Team", models.CASCADE, null=True, related_name="events")
    adapter = models.ForeignKey(
        "registry.Adapter", models.CASCADE, null=True, related_name="events"
    )
    version = models.ForeignKey(AdapterVersion, models.CASCADE, null=True, related_name="events")
    verb = models.CharField(max_length=40)
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["transaction", "id"], name="event_in_order"),
            models.Index(fields=["team", "-id"], name="event_of_team_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"
