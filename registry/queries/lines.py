"""
The waiting line of the gpu workers: how long it is for each base, and how long one has to wait.

Times are estimates, by what cells took lately, and only given where something is known: by a worker
that renders on the base now, or else by the base's newest grid.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Avg, Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from registry.models import BaseModel, PreviewGrid, User, ValidationRun, Worker
from registry.queries import bases, waiting
from registry.queries import workers as there


@dataclass(frozen=True, slots=True)
class Line:
    """What waits for one base. `base` is None for all bases that the person may not see."""

    base: BaseModel | None
    runs: int
    requests: int
    since: datetime  # when the oldest began to wait
    seconds: float | None  # that all its runs would take one worker


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run stands in the line."""

    before: int  # runs that are waiting before it, or being done
    seconds: float | None  # until it is done, roughly
    workers: int  # that are there


def lines(*, by: User | None, now: datetime) -> list[Line]:
    """Return what waits for each base, the longest waiting first."""
    runs = {one.base: one for one in waiting.runs()}
    asked = [*waiting.requests(), *waiting.requests(of_the_hub=True)]
    heads = [*runs.values(), *asked]
    since = {one.base: one.since for one in sorted(heads, key=lambda one: one.since, reverse=True)}
    seen = bases.in_sight(by).in_bulk(list(since))
    takes = seconds_a_run(list(runs), now=now)
    found: dict[int | None, Line] = {}
    for key, oldest in since.items():
        count = runs[key].count if key in runs else 0
        line = Line(
            base=seen.get(key),
            runs=count,
            requests=sum(one.count for one in asked if one.base == key),
            since=oldest,
            seconds=count * takes[key] if count and key in takes and key in seen else None,
        )
        place = key if key in seen else None
        found[place] = _together(found[place], line) if place in found else line
    return sorted(found.values(), key=lambda line: line.since)


def _together(one: Line, other: Line) -> Line:
    """Return two lines that nobody may tell apart as one."""
    return Line(
        base=None,
        runs=one.runs + other.runs,
        requests=one.requests + other.requests,
        since=min(one.since, other.since),
        seconds=None,
    )


def place_of(run: ValidationRun, *, now: datetime) -> Place | None:
    """Return where a run stands that waits for a gpu worker; None for any other."""
    if run.state != ValidationRun.State.QUEUED or run.stage not in ValidationRun.ON_A_DEVICE:
        return None
    before = _before(run)
    workers = there.alive(now).count()
    takes = seconds_a_run([*before, run.version.base_id], now=now)
    known = takes.keys() >= {*before, run.version.base_id}
    seconds = None
    if known and workers:
        ahead = sum(count * takes[base] for base, count in before.items())
        seconds = ahead / workers + takes[run.version.base_id]
    return Place(sum(before.values()), seconds, workers)


def places_of(keys: Collection[UUID], *, now: datetime) -> dict[UUID, Place]:
    """Return the same of several runs, but for how long it takes: at the same cost for many."""
    mine = ValidationRun.objects.waiting().filter(pk__in=keys)
    earlier = ValidationRun.objects.waiting().filter(queued_at__lt=OuterRef("queued_at"))
    counted = earlier.order_by().values("state").annotate(count=Count("pk")).values("count")
    before = Coalesce(Subquery(counted, output_field=IntegerField()), 0)
    rows = mine.annotate(before=before).values_list("pk", "before") if keys else ()
    found = dict(rows)
    if not found:
        return {}
    running, workers = _on_a_device().count(), there.alive(now).count()
    return {pk: Place(count + running, None, workers) for pk, count in found.items()}


def _before(run: ValidationRun) -> dict[int, int]:
    """Count, by base, the runs that wait longer or are being done on a device."""
    earlier = ValidationRun.objects.waiting().filter(queued_at__lt=run.queued_at)
    found: dict[int, int] = defaultdict(int)
    for rows in (earlier.order_by(), _on_a_device()):
        for base, count in rows.values_list("version__base").annotate(Count("pk")):
            found[base] += count
    return found


def _on_a_device() -> QuerySet[ValidationRun]:
    return ValidationRun.objects.filter(
        state=ValidationRun.State.RUNNING, stage__in=ValidationRun.ON_A_DEVICE
    )


def seconds_a_run(keys: Iterable[int], *, now: datetime) -> dict[int, float]:
    """Return how long a run for each of these bases takes, roughly, where that is known."""
    a_cell = dict(
        Worker.objects.alive(now - there.SILENT)
        .filter(seconds_a_cell__isnull=False, holds__in=set(keys))
        .values_list("holds")
        .annotate(Avg("seconds_a_cell"))
    )
    found = {}
    for base in set(keys):
        grid = _newest_grid(base)
        if grid is not None:
            cells = grid.cells.count()
            found[base] = cells * a_cell[base] if base in a_cell else grid.seconds
    return found


def _newest_grid(base: int) -> PreviewGrid | None:
    return PreviewGrid.objects.sweeps().filter(version__base=base).first()
