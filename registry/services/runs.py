"""
Validation runs: started, held by one worker at a time, moved on, and ended.

A run passes through stages (file, trial, grid). A worker *claims* a stage and holds it by a lease
(registry/services/leases.py); after a set number of attempts a run ends `failed`, never in a loop.
What checks say of a version is registry/services/validation.py.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from registry import jobs
from registry.errors import WrongState
from registry.models import AdapterVersion, User, ValidationRun
from registry.services import events
from registry.services.leases import UNANSWERED, Leases

Run = ValidationRun
State = ValidationRun.State
Stage = ValidationRun.Stage


@transaction.atomic
def start(version: AdapterVersion, *, now: datetime, by: User | None = None) -> ValidationRun:
    """
    Begin a run of all checks over a version.

    :raises WrongState: if the version is settled already, or a run of it is going on
    """
    if version.state != AdapterVersion.State.WAITING:
        raise WrongState(f"Version {version.number} is {version.state}: its validation has ended.")
    if version.runs.living().exists():
        raise WrongState(f"Version {version.number} is being validated already.")
    run = ValidationRun.objects.create(version=version, queued_at=now)
    events.record("run.started", by=by, on=version, now=now, run=str(run.pk))
    jobs.send_stage(run)
    return run


@transaction.atomic
def claim(run_id: UUID | str, stage: Stage, *, owner: str, now: datetime) -> ValidationRun:
    """
    Hold a run's stage for `owner`, until its lease ends or is renewed.

    :raises WrongState: if the run has ended, stands at another stage, or somebody holds it
    """
    run = LEASES.lock(run_id)
    if run.stage != stage:
        raise WrongState(f"Run {run.pk} is {run.state} at {run.stage}: nothing to do at {stage}.")
    return LEASES.take(run, owner=owner, now=now)


def resend_lost(*, now: datetime) -> int:
    """
    Take up every run that no worker holds any more and no message tells of; return how many.

    Of those that wait for a gpu worker one message tells for all: whoever gets it goes on to the
    others.
    """
    waiting = Run.objects.lost(now, now - UNANSWERED).waiting().filter(sent_at__isnull=False)
    first = waiting.values_list("pk", flat=True).first()
    others = waiting.order_by().exclude(pk=first).update(sent_at=now) if first else 0
    return others + LEASES.resend_lost(now=now)


# --- Moving a run that is held: inside a transaction ---------------------------------------------


def pass_on(held: ValidationRun, stage: Stage) -> ValidationRun:
    """Let the next stage be asked for."""
    held.stage = stage
    held.attempt = 0
    held.progress = {}
    LEASES.requeue(held, reason="")
    return held


def fail(held: ValidationRun, *, reason: str, now: datetime) -> ValidationRun:
    """End a run that could not come to a verdict; its version can be validated again."""
    LEASES.end(held, State.FAILED, now=now, reason=reason)
    events.record("run.failed", on=held.version, now=now, run=str(held.pk), reason=reason)
    return held


LEASES: Leases[ValidationRun] = Leases(
    noun="run",
    rows=ValidationRun.objects,
    joins=("version__adapter__team", "version__base"),
    send=jobs.send_stage,
    fail=lambda run, reason, now: fail(run, reason=reason, now=now),
    doing=lambda run: f"while {Stage(run.stage).label.lower()}",
)
renew, release, put_down = LEASES.renew, LEASES.release, LEASES.put_down
hold, end = LEASES.hold, LEASES.end
