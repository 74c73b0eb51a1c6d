"""Imports are held by one worker at a time, as runs are: registry/services/leases.py."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from registry import jobs
from registry.formats import plain
from registry.models import Attempt, Import
from registry.services import attempts, events
from registry.services.leases import Leases

State = Import.State


@transaction.atomic
def claim(import_id: UUID | str, *, owner: str, now: datetime) -> Import:
    """
    Hold an import until its lease ends or is renewed.

    :raises WrongState: if it has ended, waits for a person, or somebody holds it
    """
    return LEASES.take(LEASES.lock(import_id), owner=owner, now=now)


@transaction.atomic
def go_on(row: Import) -> None:
    """
    Let the next step be asked for, after one that went well: others have their turn between.

    :raises LeaseLost: if another worker has taken it over
    """
    row = LEASES.hold(row)
    row.attempt = 0
    LEASES.requeue(row, reason="")


@transaction.atomic
def give_up(row: Import, *, reason: str, now: datetime) -> None:
    """
    End one that failed and would again, as soon as it is tried.

    :raises LeaseLost: if another worker has taken it over
    """
    _fail(LEASES.hold(row), reason, now)


def resend_lost(*, now: datetime) -> int:
    """Take up every import that no worker holds and no message tells of; return how many."""
    return LEASES.resend_lost(now=now)


def let_go(row: Import) -> None:
    """Take a locked row from whoever holds it, and let it wait for a person."""
    attempts.end("import", row, Attempt.Outcome.DONE)
    row.state = State.PLANNED
    row.reason = ""
    row.lease_owner = ""
    row.lease_until = None
    row.progress = {}
    row.save()


def _fail(row: Import, reason: str, now: datetime) -> None:
    kept = plain.line(reason)[:1000] or "It could not be imported."
    LEASES.end(row, State.FAILED, now=now, reason=kept)
    events.record("import.failed", on=row.team, now=now, source=row.source, reason=kept)


LEASES: Leases[Import] = Leases(
    noun="import",
    rows=Import.objects,
    joins=("team", "by"),
    send=jobs.send_import,
    fail=_fail,
    doing=lambda row: f"while {Import.Stage(row.stage).label.lower()}",
)
renew, release, put_down = LEASES.renew, LEASES.release, LEASES.put_down
