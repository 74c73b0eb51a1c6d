"""
Grids that people ask for, apart from validation: asked, held by one worker at a time, and ended.

A request waits behind every validation, and one of the hub's own behind those of people. What a
worker renders for it is kept by asked_grids.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from registry import jobs
from registry.errors import QuotaReached, WrongState
from registry.models import AdapterVersion, PreviewRequest, Role, User, ValidationRun
from registry.queries import people
from registry.services import events, grounds
from registry.services.leases import Leases
from registry.sweeps import asking
from registry.sweeps.asked import Plan

State = PreviewRequest.State
HOUR = timedelta(hours=1)
LIVING_WAIT = 30  # seconds until it is worth to ask again whether one of one's own has ended


@transaction.atomic
def ask(
    version: AdapterVersion,
    given: Mapping[str, Any],
    *,
    by: User | None,
    now: datetime,
    in_gallery: bool = False,
) -> PreviewRequest:
    """
    Have cells of a version rendered by a plan; the hub itself (nobody) has no quota.

    :raises NotAllowed: if the person is in no team, or may not show in this version's gallery
    :raises WrongState: if nothing can be rendered of the version
    :raises PlanRefused: if the plan makes no sense
    :raises QuotaReached: if the person has asked for as much as anyone may
    """
    plan = plan_of(version, given, by=by, in_gallery=in_gallery)
    if by is not None:
        stay_within_quota(by, plan.cells, now=now)
    return enter(version, plan, by=by, now=now, in_gallery=in_gallery)


def plan_of(
    version: AdapterVersion, given: Mapping[str, Any], *, by: User | None, in_gallery: bool
) -> Plan:
    """Return what is asked for, if the person may ask for it; it raises what `ask` does."""
    if by is not None:
        grounds.require(version, by)
        if in_gallery:
            require_gallery(version, by)
    return asking.read(given, grounds.ground_of(version, by))


def enter(
    version: AdapterVersion, plan: Plan, *, by: User | None, now: datetime, in_gallery: bool
) -> PreviewRequest:
    """Put a plan that was read, and is within the quota, into the queue."""
    request = PreviewRequest.objects.create(
        version=version,
        other=_other(version, plan),
        kind=plan.kind,
        plan=plan.as_json(),
        cells=plan.cells,
        in_gallery=in_gallery,
        by=by,
        queued_at=now,
    )
    events.record(
        "cells.asked", by=by, on=version, now=now, request=str(request.pk), cells=plan.cells
    )
    jobs.send_request(request)
    return request


def _other(version: AdapterVersion, plan: Plan) -> AdapterVersion | None:
    return version.adapter.versions.get(number=plan.against) if plan.against else None


def stay_within_quota(by: User, cells: int, *, now: datetime) -> None:
    """:raises QuotaReached: if the person has as many in the queue, or asked for as many lately"""
    User.objects.select_for_update().get(pk=by.pk)  # two requests at once count one after another
    living = by.requests.living().count()
    if living >= settings.ASK_LIVING:
        raise QuotaReached(
            f"You have {living} requests in the queue, and {settings.ASK_LIVING} may be there: "
            "wait for one, or cancel one.",
            retry_after=LIVING_WAIT,
        )
    wait, most = _wait(by, cells, now=now), settings.ASK_CELLS
    if cells > most:
        raise QuotaReached(
            f"You may ask for {most} cells an hour, and this plan has {cells}: ask for fewer.",
            retry_after=wait,
        )
    if wait:
        raise QuotaReached(
            f"You may ask for {most} cells an hour, and this plan has {cells}: ask again in "
            f"{ceil(wait / 60)} minutes, or for {left(by, now=now)} at most.",
            retry_after=wait,
        )


def left(by: User, *, now: datetime) -> int:
    """Return how many cells the person may still ask for now."""
    return max(settings.ASK_CELLS - sum(count for count, _ in _lately(by, now=now)), 0)


def _lately(by: User, *, now: datetime) -> list[tuple[int, datetime]]:
    """Return what the person asked for within the hour, the oldest first: cells, and when."""
    lately = by.requests.filter(queued_at__gt=now - HOUR).exclude(
        state=State.CANCELLED, started_at__isnull=True
    )
    return list(lately.order_by("queued_at").values_list("cells", "queued_at"))


def _wait(by: User, cells: int, *, now: datetime) -> int:
    """Return how many seconds it is until the person may ask for so many cells; 0 for now."""
    asked = _lately(by, now=now)
    over = cells + sum(count for count, _ in asked) - settings.ASK_CELLS
    if over <= 0:
        return 0
    for count, queued_at in asked:
        over -= count
        if over <= 0:
            return max(ceil((queued_at + HOUR - now).total_seconds()), 1)
    return ceil(HOUR.total_seconds())


@transaction.atomic
def cancel(request: PreviewRequest, *, by: User, now: datetime) -> PreviewRequest:
    """
    Stop a request. A worker that renders it stops at its next tick.

    What it has rendered stays, in a grid that is never finished: the cells are paid for, who asked
    can still look at them, and who asks for one of them again does not wait for it.

    :raises NotAllowed: if it is somebody else's, and the person does not decide for the team
    :raises WrongState: if it has ended
    """
    row = LEASES.lock(request.pk)
    if row.by_id != by.pk:
        team = row.version.adapter.team
        people.require(by, Role.REVIEWER, team, to="cancel what somebody else asked for")
    if row.state not in {State.QUEUED, State.RUNNING}:
        raise WrongState(f"This request is {row.state}: there is nothing to cancel.")
    LEASES.end(row, State.CANCELLED, now=now)
    events.record("cells.cancelled", by=by, on=row.version, now=now, request=str(row.pk))
    return row


@transaction.atomic
def show(request: PreviewRequest, *, in_gallery: bool, by: User, now: datetime) -> PreviewRequest:
    """
    Show a request's grid to whoever sees the version, or no longer.

    :raises NotAllowed: if the person may not: who asked may, if they contribute to the team, and
        its reviewers
    """
    row = LEASES.lock(request.pk)
    team = row.version.adapter.team
    if row.by_id == by.pk:
        if in_gallery:
            require_gallery(row.version, by)
    else:
        people.require(by, Role.REVIEWER, team, to="decide on what somebody else asked for")
    if row.in_gallery != in_gallery:
        row.in_gallery = in_gallery
        row.save(update_fields=["in_gallery"])
        verb = "cells.shown" if in_gallery else "cells.hidden"
        events.record(verb, by=by, on=row.version, now=now, request=str(row.pk))
    return row


def require_gallery(version: AdapterVersion, by: User) -> None:
    """:raises NotAllowed: unless the person contributes to the team that the version is of"""
    people.require(by, Role.CONTRIBUTOR, version.adapter.team, to="show cells in its gallery")


def claim(request_id: UUID | str, *, owner: str, now: datetime) -> PreviewRequest:
    """
    Hold a request until its lease ends or is renewed.

    :raises WrongState: if it has ended, somebody holds it, or others are to go first
    """
    if goes_after_others(request_id):
        waiting = PreviewRequest.objects.filter(pk=request_id, state=State.QUEUED)
        waiting.update(sent_at=None)  # so that it is sent again
        raise WrongState(f"Request {request_id} waits: validation and people go first.")
    return take(request_id, owner=owner, now=now)


@transaction.atomic
def take(request_id: UUID | str, *, owner: str, now: datetime) -> PreviewRequest:
    """
    Hold a request that is known to be the next, until its lease ends or is renewed.

    :raises WrongState: if it has ended, or somebody holds it
    """
    return LEASES.take(LEASES.lock(request_id), owner=owner, now=now)


def goes_after_others(request_id: UUID | str) -> bool:
    """Say whether a worker has something to do that goes before this request."""
    stages = [ValidationRun.Stage.TRIAL, ValidationRun.Stage.GRID]
    if ValidationRun.objects.filter(state=ValidationRun.State.QUEUED, stage__in=stages).exists():
        return True
    is_hubs = PreviewRequest.objects.filter(pk=request_id, by__isnull=True).exists()
    return is_hubs and PreviewRequest.objects.waiting().filter(by__isnull=False).exists()


def release(held: PreviewRequest, *, reason: str, now: datetime, log: str = "") -> None:
    """:raises LeaseLost: if it was cancelled, or another worker has taken it over"""
    LEASES.release(held, reason=reason, now=now, log=log)


@transaction.atomic
def give_up(held: PreviewRequest, *, reason: str, now: datetime) -> None:
    """
    End a request that would fail at every attempt.

    :raises LeaseLost: if it was cancelled, or another worker has taken it over
    """
    _fail(LEASES.hold(held), reason, now)


def resend_lost(*, now: datetime) -> int:
    """Take up every request that no worker holds and no message tells of; return how many."""
    return LEASES.resend_lost(now=now)


def _fail(row: PreviewRequest, reason: str, now: datetime) -> None:
    LEASES.end(row, State.FAILED, now=now, reason=reason)
    events.record("cells.failed", on=row.version, now=now, request=str(row.pk), reason=reason)


LEASES: Leases[PreviewRequest] = Leases(
    noun="request",
    rows=PreviewRequest.objects,
    joins=("version__adapter__team", "version__base__parent", "other"),
    send=jobs.send_request,
    fail=_fail,
)
renew, put_down, hold = LEASES.renew, LEASES.put_down, LEASES.hold
