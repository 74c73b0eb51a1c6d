"""The log of attempts: written by registry/services/leases.py, and forgotten after a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models.functions import Now

from registry.models import Attempt

KEPT = timedelta(days=90)
MOST_LOG = 8000  # letters, the last ones


def begin(noun: str, row: Any, *, now: datetime) -> None:
    """Note that a worker has just taken the row."""
    Attempt.objects.create(
        noun=noun,
        row=row.pk,
        fence=row.fence,
        number=row.attempt,
        stage=getattr(row, "stage", ""),
        worker=row.lease_owner,
        began_at=now,
    )


def end(noun: str, row: Any, outcome: str, *, reason: str = "", log: str = "") -> None:
    """Note what became of the row's newest attempt, unless that was noted before."""
    newest = Attempt.objects.filter(noun=noun, row=row.pk, fence=row.fence, ended_at=None)
    newest.update(outcome=outcome, reason=reason, log=log[-MOST_LOG:], ended_at=Now())


def forget_old(*, now: datetime) -> int:
    """Drop the log of long ago; return how many attempts."""
    dropped, _ = Attempt.objects.filter(began_at__lt=now - KEPT).delete()
    return dropped
