"""What each attempt at a work item came to: the log that an operator reads when one fails."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Attempt(models.Model):
    """
    One time that a worker took a row (a run, a request, a preparation) and what became of it.

    The row itself says how it stands now; attempts say how it came there. Each has the fence that
    its worker was given, so no two are the same.
    """

    class Outcome(models.TextChoices):
        DONE = "done", _("Done")  # the row went on, or ended as it should
        AGAIN = "again", _("To be tried again")
        FAILED = "failed", _("Failed for good")
        LOST = "lost", _("Its worker fell silent")

    noun = models.CharField(max_length=12)  # "run", "request", "preparation": registry/services
    row = models.UUIDField()
    fence = models.PositiveBigIntegerField()
    number = models.PositiveSmallIntegerField()  # of this stage
    stage = models.CharField(max_length=12, blank=True)
    worker = models.CharField(max_length=120)
    began_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)  # empty: at it
    reason = models.TextField(blank=True)  # in one sentence
    log = models.TextField(blank=True)  # where in the code, for whoever mends it

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["noun", "row", "fence"], name="attempt_once"),
        ]

    def __str__(self) -> str:
        return f"{self.noun} {self.row}, attempt {self.number}"
