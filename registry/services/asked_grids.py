"""
The grid of a request: opened, filled cell by cell, and finished.

Cells are kept as they come, so that a worker that takes over renders only what is missing; what the
hub has already, of whatever adapter, is copied and not rendered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from registry.models import PreviewCell, PreviewGrid, PreviewRequest, Scene
from registry.services import events, keeping, requests
from registry.sweeps.asked import Asked, Plan, axes_of
from registry.sweeps.axes import FINAL

State = PreviewRequest.State
DIFFERENCE = "difference"  # the key of a cell's parameters that says so


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two cells differ, drawn; `measure` is the mean difference of a pixel, 0 to 1."""

    data: bytes
    width: int
    height: int
    measure: float


@transaction.atomic
def open_grid(
    held: PreviewRequest, plan: Plan, cells: Sequence[Asked], *, engine: str, now: datetime
) -> PreviewGrid:
    """
    Return the grid that this request fills: a new one, or the one that an earlier attempt left.

    :raises LeaseLost: if it was cancelled, or another worker has taken it over
    """
    row = requests.hold(held)
    if row.grid is None:
        row.grid = PreviewGrid.objects.create(
            version=row.version,
            other=row.other,
            kind=row.kind,
            weights=sorted({one.cell.weight for one in cells}),
            axes=axes_of(plan),
            engine=engine,
            opened_at=now,
        )
        row.save(update_fields=["grid"])
    return row.grid


@transaction.atomic
def keep(held: PreviewRequest, grid: PreviewGrid, cells: Sequence[PreviewCell]) -> None:
    """
    Keep cells of the grid. One in the same place is replaced.

    :raises LeaseLost: if it was cancelled, or another worker has taken it over
    """
    requests.hold(held)
    places = Q(pk__in=[])
    for cell in cells:
        places |= Q(row=cell.row, column=cell.column)
    grid.cells.filter(places).delete()
    PreviewCell.objects.bulk_create(cells)


def dressed(cell: PreviewCell, asked: Asked) -> PreviewCell:
    """Return a cell, not saved yet, with what a plain cell does not say of itself."""
    told: dict[str, Any] = {"version": asked.version, "training_step": asked.training_step or FINAL}
    if asked.parts:
        told["parts"] = dict(asked.parts)
    cell.parameters = dict(cell.parameters) | told | {"scene_title": asked.cell.scene.title}
    cell.from_previous = None  # its left neighbour here may differ in anything
    return cell


def copied(
    known: PreviewCell, grid: PreviewGrid, asked: Asked, *, scene: Scene | None
) -> PreviewCell:
    """Return what the hub has already as a cell of this grid, not saved yet."""
    cell = asked.cell
    taken = {
        field.attname: getattr(known, field.attname)
        for field in PreviewCell._meta.concrete_fields  # noqa: SLF001  Django's own door to it
        if not field.primary_key
    }
    placed = {
        "grid_id": grid.pk,
        "scene_id": scene.pk if scene else None,
        "row": cell.row,
        "column": cell.column,
        "weight": cell.weight,
        "with_trigger": cell.with_trigger,
        "parameters": dict(known.parameters) | {"prompt": cell.prompt, "scene": cell.scene.slug},
    }
    return dressed(PreviewCell(**taken | placed), asked)


def difference_key(one: PreviewCell, other: PreviewCell) -> str:
    """Return the content key of what two cells differ in."""
    return hashlib.sha256(
        f"{DIFFERENCE} {one.content_key} {other.content_key}".encode()
    ).hexdigest()


def difference_cell(
    one: PreviewCell, other: PreviewCell, drawn: Difference, *, now: datetime
) -> PreviewCell:
    """Return the cell below two of one column that shows where they differ, not saved yet."""
    return PreviewCell(
        grid_id=one.grid_id,
        scene_id=one.scene_id,
        row=other.row + 1,
        column=one.column,
        weight=one.weight,
        with_trigger=one.with_trigger,
        blob=keeping.keep_made(drawn.data, now=now),
        width=drawn.width,
        height=drawn.height,
        content_key=difference_key(one, other),
        parameters={
            DIFFERENCE: [one.content_key, other.content_key],
            "prompt": one.prompt,
            "scene": one.scene_slug,
            "scene_title": one.scene_title,
        },
        measures={"pixel": round(drawn.measure, 4)},
    )


@transaction.atomic
def finish(
    held: PreviewRequest, grid: PreviewGrid, *, device: str, method: str, now: datetime
) -> PreviewRequest:
    """
    End a request whose cells are all there.

    :raises LeaseLost: if it was cancelled, or another worker has taken it over
    """
    row = requests.hold(held)
    grid.device, grid.method = device[:80], method
    grid.seconds = (now - grid.opened_at).total_seconds()
    grid.rendered_at = now
    grid.save()
    requests.LEASES.end(row, State.DONE, now=now)
    events.record("cells.rendered", on=row.version, now=now, request=str(row.pk), cells=row.cells)
    return row
