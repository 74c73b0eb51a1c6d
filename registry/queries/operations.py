"""
What an operator sees of the hub's work: all that waits, goes on, or has failed.

A work item is a row that workers hold by a lease (registry/services/leases.py): a validation
run, a request for cells, a preparation of another layout, or an import.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Manager, QuerySet

from registry.errors import NotAllowed, NotFound
from registry.models import (
    AdapterVersion,
    Attempt,
    Import,
    Preparation,
    PreviewRequest,
    User,
    ValidationRun,
)

NOUNS: dict[str, Manager[Any]] = {
    "run": ValidationRun.objects,
    "request": PreviewRequest.objects,
    "preparation": Preparation.objects,
    "import": Import.objects,
}
JOINS = {"import": ("team", "by")}  # of all others, the version
LIVING = ("queued", "running")
MOST = 200


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One row that workers do, of whichever kind."""

    noun: str  # a key of NOUNS
    id: UUID
    version: AdapterVersion | None  # an import is of none
    origin: str  # of an import, with its team; empty for other kinds
    state: str
    stage: str  # of a run; empty for other kinds
    attempt: int
    worker: str
    reason: str
    progress: dict[str, Any]
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


def require_operator(by: User | None) -> None:
    """:raises NotAllowed: unless the person runs this hub"""
    if by is None or not by.is_active or not by.is_superuser:
        raise NotAllowed("Only those who run this hub see its work: ask one of them.")


def living() -> Sequence[WorkItem]:
    """Return what goes on and what waits, in that order, the oldest first: at most `MOST`."""
    found = [
        _item(noun, row)
        for noun in NOUNS
        for row in _rows(noun).filter(state__in=LIVING).order_by("queued_at")[:MOST]
    ]
    return sorted(found, key=lambda item: (item.state != "running", item.queued_at))[:MOST]


def failed() -> Sequence[WorkItem]:
    """
    Return what failed for good, the newest first: at most `MOST`.

    A run is not among them once its version was validated again.
    """
    found = [
        _item(noun, row)
        for noun in NOUNS
        for row in _unmended(noun, _rows(noun)).order_by("-finished_at")[:MOST]
    ]
    by_end = sorted(found, key=lambda item: item.finished_at or item.queued_at, reverse=True)
    return by_end[:MOST]


def failed_runs() -> Sequence[WorkItem]:
    """Return the validation runs among what failed."""
    return [item for item in failed() if item.noun == "run"]


def item(noun: str, row_id: UUID) -> WorkItem:
    """:raises NotFound: if there is none of that kind"""
    row = _rows(noun).filter(pk=row_id).first() if noun in NOUNS else None
    if row is None:
        raise NotFound(f"There is no {noun} {row_id}: it may have been forgotten.")
    return _item(noun, row)


def attempts_of(one: WorkItem) -> Sequence[Attempt]:
    """Return what each attempt at a work item came to, the first one first."""
    return list(Attempt.objects.filter(noun=one.noun, row=one.id).order_by("fence"))


def _rows(noun: str) -> QuerySet[Any]:
    joins = JOINS.get(noun, ("version__adapter__team", "version__base"))
    return NOUNS[noun].select_related(*joins)


def _unmended(noun: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    found = rows.filter(state="failed")
    if noun != "run":
        return found
    waiting = found.filter(version__state=AdapterVersion.State.WAITING)
    return waiting.exclude(version__runs__state__in=LIVING)


def _item(noun: str, row: Any) -> WorkItem:
    return WorkItem(
        noun=noun,
        id=row.pk,
        version=getattr(row, "version", None),
        origin=f"{row.team.slug}: {row.source}" if noun == "import" else "",
        state=row.state,
        stage=getattr(row, "stage", ""),
        attempt=row.attempt,
        worker=row.lease_owner,
        reason=row.reason,
        progress=getattr(row, "progress", None) or {},
        queued_at=row.queued_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )
