"""
What people browse, a page at a time: rows of plain values, and the frames that each card plays.

It finds what `listing.page` finds. Three queries, whatever a page holds: making objects of the
grids and all their cells took most of the time that a page took.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Left

from registry.models import AdapterVersion, PreviewCell, PreviewGrid, User
from registry.queries import adapters, orders
from registry.queries.filters.table import Asked

FIELDS = (
    "pk",
    "number",
    "state",
    "proof",
    "trigger_words",
    "weight_low",
    "weight_high",
    "weight_default",
    "measured_low",
    "measured_high",
    "measured_best",
    "downloads",
    "published_at",
    "uploaded_at",
    "deprecated_at",
    "base__slug",
    "base__title",
    "adapter__team__slug",
    "adapter__slug",
    "adapter__title",
    "adapter__kind",
    "adapter__content_level",
    "adapter__created_at",
)
MOST_SAID = 200  # letters of what a base that writes says


@dataclass(frozen=True, slots=True)
class Frame:
    """One cell of a sweep's first row: a picture by its digest, or what was said."""

    weight: float
    sha256: str
    width: int
    height: int
    said: str


@dataclass(frozen=True, slots=True)
class Page:
    """
    Rows of `FIELDS`, the frames of each by its `pk`, and the cursors to the neighbours.

    `behind`: the first of the rows that stand behind all others; and `upwards`: as in
    `orders.Turned`.
    """

    rows: Sequence[Mapping[str, Any]]
    frames: Mapping[UUID, Sequence[Frame]]
    next: str
    previous: str
    behind: UUID | None = None
    upwards: bool = False


def page(asked: Asked, window: orders.Window, *, by: User | None) -> Page:
    """
    Return one page of what matches.

    :raises Invalid: if the window makes no sense: see `orders.page`
    :raises NotAllowed: if a state is asked for that only teams see, by a stranger
    """
    turned = orders.page(adapters.matching(asked, by=by), asked, window)
    rows = rows_of(row["pk"] for row in turned.rows)
    behind = None if turned.behind is None else turned.rows[turned.behind]["pk"]
    frames = frames_of(row["pk"] for row in rows)
    return Page(rows, frames, turned.next, turned.previous, behind, turned.upwards)


def rows_of(versions: Iterable[UUID]) -> Sequence[Mapping[str, Any]]:
    """Return the rows of these versions, as `page` does, in this order."""
    wanted = list(versions)
    found = AdapterVersion.objects.filter(pk__in=wanted).values(*FIELDS)
    return orders.in_order(found, wanted)


def frames_of(versions: Iterable[UUID]) -> Mapping[UUID, Sequence[Frame]]:
    """Return of each version the first row of its newest sweep, by weight."""
    wanted = list(versions)
    first = PreviewCell.objects.filter(grid=OuterRef("grid")).order_by("row").values("row")[:1]
    cells = _cells(wanted).filter(row=Subquery(first))
    frames: dict[UUID, list[Frame]] = {}
    for version, *cell in cells.order_by("grid", "column"):
        frames.setdefault(version, []).append(Frame(*cell))
    return frames


def _cells(versions: Sequence[UUID]) -> QuerySet[PreviewCell, tuple[Any, ...]]:
    newest = (
        PreviewGrid.objects.filter(
            version__in=versions, kind=PreviewGrid.Kind.SWEEP, rendered_at__isnull=False
        )
        .order_by("version", "-rendered_at")
        .distinct("version")
    )
    return PreviewCell.objects.filter(grid__in=newest.values("pk")).values_list(
        F("grid__version"), "weight", "blob", "width", "height", Left("text", MOST_SAID)
    )
