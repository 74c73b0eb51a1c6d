"""
Validation runs: started, held by one worker at a time, moved on, and ended.

A run passes through stages (file, trial, grid). A worker *claims* a stage and holds it by a lease
that it renews; a worker that falls silent loses the run to another, and what it writes afterwards
is void, since its fence is no longer the row's. After a set number of attempts a run ends
`failed`, never in a loop. What checks say of a version is registry/services/validation.py.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from registry import jobs
from registry.errors import LeaseLost, WrongState
from registry.models import AdapterVersion, User, ValidationRun
from registry.services import events

logger = logging.getLogger(__name__)

Run = ValidationRun
State = ValidationRun.State
Stage = ValidationRun.Stage
UNANSWERED = timedelta(minutes=3)  # a message that nobody took in this time is sent again
UNSENT = timedelta(seconds=5)  # … and one that never went out, after this


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
    run = _locked(run_id)
    if run.state not in {State.QUEUED, State.RUNNING} or run.stage != stage:
        raise WrongState(f"Run {run.pk} is {run.state} at {run.stage}: nothing to do at {stage}.")
    if run.state == State.RUNNING and run.lease_until and run.lease_until > now:
        raise WrongState(f"Run {run.pk} is held by {run.lease_owner}.")
    run.state = State.RUNNING
    run.attempt += 1
    run.fence += 1
    run.lease_owner = owner
    run.lease_until = now + settings.LEASE
    run.started_at = run.started_at or now
    run.save()
    return run


def renew(run: ValidationRun, *, now: datetime, progress: dict[str, Any] | None = None) -> None:
    """
    Show that the holder is alive, and how far it is.

    :raises LeaseLost: if another worker has taken the run over
    """
    fields: dict[str, Any] = {"lease_until": now + settings.LEASE}
    if progress is not None:
        fields["progress"] = progress
    held = ValidationRun.objects.filter(pk=run.pk, fence=run.fence, state=State.RUNNING)
    if not held.update(**fields):
        raise LeaseLost(f"Run {run.pk} was taken over by another worker.")


@transaction.atomic
def release(run: ValidationRun, *, reason: str, now: datetime) -> None:
    """
    Give a run back after its worker met with an error: it is tried again, or has failed for good.

    :raises LeaseLost: if another worker has taken the run over
    """
    held = hold(run)
    if held.attempt >= settings.RUN_ATTEMPTS:
        fail(held, reason=reason, now=now)
    else:
        _requeue(held, reason=reason)


@transaction.atomic
def put_down(run: ValidationRun) -> None:
    """
    Give a run back unharmed, since its worker was told to stop: the attempt does not count.

    :raises LeaseLost: if another worker has taken the run over
    """
    held = hold(run)
    held.attempt -= 1
    _requeue(held, reason="")


def hold(run: ValidationRun) -> ValidationRun:
    """
    Return the run's row, locked, if the holder still holds it. Call it inside a transaction.

    :raises LeaseLost: if another worker has taken the run over
    """
    row = _locked(run.pk)
    if row.fence != run.fence or row.state != State.RUNNING:
        raise LeaseLost(f"Run {run.pk} was taken over by another worker.")
    return row


def resend_lost(*, now: datetime) -> int:
    """
    Take up every run that no worker holds any more and no message tells of; return how many.

    This is also the outbox: a run whose message never left, because the process died between its
    commit and the broker, is found here. Of those that wait for a gpu worker one message tells for
    all: whoever gets it goes on to the others.
    """
    lost = Run.objects.lost(now, now - UNANSWERED)
    waiting = lost.waiting().filter(sent_at__isnull=False)
    first = waiting.values_list("pk", flat=True).first()
    others = waiting.order_by().exclude(pk=first).update(sent_at=now) if first else 0
    found = lost.order_by("queued_at").values_list("pk", flat=True)
    return others + sum(_take_up(run_id, now=now) for run_id in found)


@transaction.atomic
def _take_up(run_id: UUID, *, now: datetime) -> bool:
    run = _locked(run_id)
    if not Run.objects.lost(now, now - UNANSWERED).filter(pk=run_id).exists():
        return False  # somebody was quicker
    if run.sent_at is None and run.state == State.QUEUED and run.queued_at > now - UNSENT:
        return False  # its sender is still about to
    if run.state == State.RUNNING and run.attempt >= settings.RUN_ATTEMPTS:
        stage = Stage(run.stage).label.lower()
        fail(run, reason=f"Its worker died {run.attempt} times while {stage}.", now=now)
        return False
    logger.info("run %s is taken up again at %s", run.pk, run.stage)
    _requeue(run, reason=run.reason)
    return True


# --- Moving a run that is held: inside a transaction ---------------------------------------------


def pass_on(held: ValidationRun, stage: Stage) -> ValidationRun:
    """Let the next stage be asked for."""
    held.stage = stage
    held.attempt = 0
    held.progress = {}
    _requeue(held, reason="")
    return held


def fail(held: ValidationRun, *, reason: str, now: datetime) -> ValidationRun:
    """End a run that could not come to a verdict; its version can be validated again."""
    end(held, State.FAILED, now=now, reason=reason)
    events.record("run.failed", on=held.version, now=now, run=str(held.pk), reason=reason)
    return held


def end(held: ValidationRun, state: State, *, now: datetime, reason: str = "") -> None:
    """End a run, with the reason in one sentence where there is one."""
    held.state = state
    held.reason = reason
    held.lease_owner = ""
    held.lease_until = None
    held.finished_at = now
    held.save()


def _requeue(held: ValidationRun, *, reason: str) -> None:
    held.state = State.QUEUED
    held.reason = reason
    held.lease_owner = ""
    held.lease_until = None
    held.sent_at = None
    held.save()
    jobs.send_stage(held)


def _locked(run_id: UUID | str) -> ValidationRun:
    run = (
        ValidationRun.objects.select_for_update(of=("self",))
        .select_related("version__adapter__team", "version__base")
        .filter(pk=run_id)
        .first()
    )
    if run is None:
        raise WrongState(f"There is no run {run_id} any more.")
    return run
