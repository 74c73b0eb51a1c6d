"""Cells that people asked for: which requests there are, who may see them, and how far they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet

from registry.errors import NotFound
from registry.models import (
    AdapterVersion,
    PreviewCell,
    PreviewGrid,
    PreviewRequest,
    Role,
    User,
    ValidationRun,
)
from registry.queries import adapters, people, versions

State = PreviewRequest.State
LIVING = {State.QUEUED, State.RUNNING}
PAGE = 50  # at most, too
GALLERY = 24  # grids of a version that are shown beside each other


def may_see(request: PreviewRequest, by: User | None) -> bool:
    """
    Say whether a person who may see the version may see what was asked of it.

    The gallery hides what shows another version that they may not see.
    """
    team = request.version.adapter.team
    if by and (request.by_id == by.pk or people.may(by, Role.REVIEWER, team)):
        return True
    return request.in_gallery and (not _names_hidden(request) or people.may(by, Role.VIEWER, team))


def _names_hidden(request: PreviewRequest) -> bool:
    """Say whether another version is in it that only the team may see."""
    lines = (request.plan.get("across"), request.plan.get("down"))
    numbers = {
        number for line in lines if line and line["axis"] == "version" for number in line["values"]
    } | {request.plan.get("against")}
    others = AdapterVersion.objects.filter(
        adapter=request.version.adapter_id, number__in=numbers - {None}
    )
    return others.exclude(state__in=AdapterVersion.PUBLIC).exists() if numbers - {None} else False


def may_see_grid(grid: PreviewGrid, by: User | None) -> bool:
    """Say the same of a grid; one that nobody asked for is shown with its version."""
    request: PreviewRequest | None = getattr(grid, "request", None)
    return request is None or may_see(request, by)


def in_sight(version: AdapterVersion, request_id: UUID, *, by: User | None) -> PreviewRequest:
    """:raises NotFound: if nothing was asked of this version under that id, or it is not shown"""
    request = _whole().filter(version=version, pk=request_id).first()
    if request is None or not may_see(request, by):
        raise NotFound(f"There is no request {request_id} of this version.")
    return request


def several(request_ids: Sequence[UUID], *, by: User | None) -> list[PreviewRequest]:
    """Return those of some requests that the person may see, in the order of their ids."""
    rows = _whole().in_bulk(request_ids)
    found = [rows[one] for one in request_ids if one in rows]
    return [one for one in found if versions.may_see(one.version, by) and may_see(one, by)]


def of_version(
    version: AdapterVersion, *, by: User | None, cursor: str = "", limit: int = PAGE
) -> tuple[list[PreviewRequest], str]:
    """
    Return requests of a version that the person may see, the newest first, and the next cursor.

    :raises Invalid: if the cursor is none of ours
    """
    found = _seen(_whole().filter(version=version), version, by).order_by("-queued_at", "-pk")
    if cursor:
        at, pk = adapters.read_cursor(cursor)
        found = found.filter(Q(queued_at__lt=at) | Q(queued_at=at, pk__lt=pk))
    rows = list(found[: limit + 1])
    last = rows[limit - 1] if len(rows) > limit else None
    shown = [request for request in rows[:limit] if may_see(request, by)]
    return shown, adapters.write_cursor(last.queued_at, last.pk) if last else ""


def own(version: AdapterVersion, by: User) -> list[PreviewRequest]:
    """Return what the person asked of a version lately, the newest first."""
    return list(_whole().filter(version=version, by=by).order_by("-queued_at")[:PAGE])


def grids(version: AdapterVersion, kind: str, *, by: User | None) -> list[PreviewGrid]:
    """Return a version's finished grids of a kind that was asked for, the newest first."""
    done = _whole().filter(version=version, kind=kind, state=State.DONE)
    seen = _seen(done, version, by).order_by("-finished_at")[:GALLERY]
    return [request.grid for request in seen if request.grid and may_see(request, by)]


def gallery(version: AdapterVersion, *, by: User | None) -> list[PreviewRequest]:
    """Return what is shown of what people asked of a version, the newest first."""
    shown = _whole().filter(
        version=version, state=State.DONE, in_gallery=True, kind=PreviewGrid.Kind.ASKED
    )
    newest = shown.order_by("-finished_at")[:GALLERY]
    return [request for request in newest if may_see(request, by)]


def whole_grids() -> QuerySet[PreviewGrid]:
    """Return grids with their cells (by row and column) and scenes at hand."""
    cells = PreviewCell.objects.select_related("scene").order_by("row", "column")
    return PreviewGrid.objects.select_related(
        "version__adapter__team", "version__base", "other", "request"
    ).prefetch_related(Prefetch("cells", queryset=cells))


def place(request: PreviewRequest) -> int:
    """Return how many things a worker does before this one, which waits: 0 where it is next."""
    return places([request]).get(request.pk, 0)


def places(found: Sequence[PreviewRequest]) -> Mapping[UUID, int]:
    """Return that of each that waits; one that a worker took just now has no place any more."""
    waiting_here = {one.pk for one in found if one.state == State.QUEUED}
    if not waiting_here:
        return {}
    gpu = [ValidationRun.Stage.TRIAL, ValidationRun.Stage.GRID]
    runs = ValidationRun.objects.living().filter(stage__in=gpu).count()
    running = PreviewRequest.objects.filter(state=State.RUNNING).count()
    waiting = PreviewRequest.objects.waiting().values_list("pk", flat=True)
    return {
        pk: place for place, pk in enumerate(waiting, start=runs + running) if pk in waiting_here
    }


def seconds_left(request: PreviewRequest, *, now: datetime) -> int | None:
    """Return how long the rest will take, as its worker says; None where nobody can tell."""
    left = request.progress.get("left")
    if request.state != State.RUNNING or left is None or request.lease_until is None:
        return None
    since = now - (request.lease_until - settings.LEASE)  # when the worker said so
    return max(int(left - since.total_seconds()), 0)


def living_of(version: AdapterVersion, kind: str, *, by: User | None) -> Sequence[PreviewRequest]:
    """Return what is being rendered, or waits, of a kind."""
    living = _whole().filter(version=version, kind=kind, state__in=LIVING)
    return [request for request in living if may_see(request, by)]


def _seen(
    found: QuerySet[PreviewRequest], version: AdapterVersion, by: User | None
) -> QuerySet[PreviewRequest]:
    if by is None:
        return found.filter(in_gallery=True)
    if people.may(by, Role.REVIEWER, version.adapter.team):
        return found
    return found.filter(Q(in_gallery=True) | Q(by=by))


def _whole() -> QuerySet[PreviewRequest]:
    return PreviewRequest.objects.select_related(
        "version__adapter__team", "version__base", "other", "by", "grid__version__adapter__team"
    )
