"""
Handing out what waits for a gpu worker.

A message says only that something waits. Whoever gets it takes what suits the base that its device
holds: registry/sweeps/choosing.py decides, of all lines and of what other workers say they are at.
Validations come first; what people ask for in the playground is taken when no validation waits.

Workers choose one after another, so that two that are woken together do not load the same base; a
row that somebody else has locked at this moment is passed over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from registry import jobs
from registry.errors import WrongState
from registry.models import Blueprint, Preparation, PreviewRequest, ValidationRun, Worker
from registry.queries import waiting
from registry.queries import workers as there
from registry.queries.waiting import Waiting
from registry.services import making, preparing, requests, runs
from registry.sweeps.choosing import Line, Rules, Standing, choose

LOAD = timedelta(seconds=60)  # to load a base, roughly: 7 GB from a disk and onto a device
CELLS = 28  # of a run, roughly: seven weights, two scenes, with and without trigger words
A_CELL = 2.0  # seconds, where nobody knows
CHOOSING = 0x10AD  # the lock that whoever chooses holds; any number that nothing else locks


@dataclass(frozen=True, slots=True)
class Asker:
    """A device that asks for work."""

    name: str  # of its worker, and …
    device: str  # … its own: as in its row
    standing: Standing
    has: Collection[int]  # bases whose weights lie on its machine


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of work: what waits of it, and how a row is locked and claimed."""

    lines: Callable[[Collection[UUID]], list[Waiting]]
    rows: Any  # their manager, with `waiting`
    claim: Callable[[Waiting, str, datetime], Any]
    is_on_base: bool = True  # whether it is done on the base's own weights


def _claim_run(line: Waiting, owner: str, now: datetime) -> ValidationRun:
    return runs.claim(line.head, ValidationRun.Stage(line.stage), owner=owner, now=now)


def _claim_blueprint(line: Waiting, _owner: str, now: datetime) -> Blueprint:
    return making.claim(line.head, now=now)


def _claim_request(line: Waiting, owner: str, now: datetime) -> PreviewRequest:
    return requests.take(line.head, owner=owner, now=now)


def _claim_preparation(line: Waiting, owner: str, now: datetime) -> Preparation:
    return preparing.claim(line.head, owner=owner, now=now)


SOURCES = (  # in this order: the next is looked at when nothing waits of the one before
    Source(waiting.blueprints, Blueprint.objects, _claim_blueprint),  # seconds of work
    Source(
        waiting.preparations, Preparation.objects, _claim_preparation, is_on_base=False
    ),  # … too: somebody waits for a download
    Source(waiting.runs, ValidationRun.objects, _claim_run),
    Source(waiting.requests, PreviewRequest.objects, _claim_request),
    Source(partial(waiting.requests, of_the_hub=True), PreviewRequest.objects, _claim_request),
)


def take(asker: Asker, *, owner: str, now: datetime) -> Any:
    """
    Claim what suits the device best, and return its row; None where nothing is for it now.

    What is left may still wait: for a worker that is at its base, or has its weights.
    """
    taken: set[UUID] = set()
    while True:
        with transaction.atomic():
            _lock_choosing()
            chosen = _chosen(asker, taken, now)
            if chosen is None:
                return None
            source, line = chosen
            row = _claimed(source, line, owner=owner, now=now)
            if row is not None:
                if source.is_on_base:
                    _say(asker, line, now=now)
                return row
        taken.add(line.head)


def anything_waits() -> bool:
    return any(source.rows.waiting().exists() for source in SOURCES)


def pass_on() -> bool:
    """Tell another worker that something waits; return whether anything does."""
    for source in SOURCES:
        head = source.rows.waiting().values_list("pk", flat=True).first()
        if head is not None:
            jobs.send_work(head)
            return True
    return False


def goes_first(asker: Asker, request: PreviewRequest, *, now: datetime) -> bool:
    """
    Say whether something waits that goes before a request that the device renders.

    What it could not do itself does not count: neither a base that did not load there, nor one that
    only another machine has.
    """
    others = _others(asker, now)
    before = SOURCES[: -1 if request.by_id is None else -2]
    return any(_lines(source, (), asker, others) for source in before)


def _lock_choosing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHOOSING])


def _chosen(asker: Asker, taken: Collection[UUID], now: datetime) -> tuple[Source, Waiting] | None:
    others = _others(asker, now)
    for source in SOURCES:
        lines = _lines(source, taken, asker, others)
        if lines:  # … and what comes after it waits until nothing of this does
            line = choose(
                lines,
                me=asker.standing,
                others=Counter(each.holds_id for each in others if each.holds_id),
                now=now,
                rules=Rules(limit=settings.WAIT_LIMIT, load=LOAD),
            )
            return (source, line.head) if line else None
    return None


def _others(asker: Asker, now: datetime) -> list[Worker]:
    """Return the other devices that are there."""
    mine = asker.name, asker.device
    return [each for each in there.alive(now) if (each.name, each.device) != mine]


def _lines(
    source: Source, taken: Collection[UUID], asker: Asker, others: Collection[Worker]
) -> list[Line[Waiting]]:
    """
    Return what the device could do: no base that does not load there, or that it lacks and another
    machine has.

    Where no machine has a base's weights, nothing is loaded, and whoever takes it says so.
    """
    elsewhere = {base for each in others for base in each.has}
    a_cell = {each.holds_id: each.seconds_a_cell for each in others if each.seconds_a_cell}
    return [
        Line(
            base=each.base,
            head=each,
            since=each.since,
            seconds=each.count * CELLS * a_cell.get(each.base, A_CELL),
            loads=source.is_on_base and each.base in asker.has,
        )
        for each in source.lines(taken)
        if not source.is_on_base
        or (
            (each.base in asker.has or each.base not in elsewhere)
            and not (each.base in asker.has and each.base in asker.standing.avoids)
        )
    ]


def _claimed(source: Source, line: Waiting, *, owner: str, now: datetime) -> Any:
    if not source.rows.select_for_update(skip_locked=True).filter(pk=line.head).exists():
        return None
    try:
        return source.claim(line, owner, now)
    except WrongState:
        return None


def _say(asker: Asker, line: Waiting, *, now: datetime) -> None:
    """Say at once where the device is going: whoever chooses next has to know."""
    if line.base in asker.has:
        row = Worker.objects.filter(name=asker.name, device=asker.device)
        row.update(holds=line.base, seen_at=now)
