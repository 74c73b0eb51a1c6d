"""
What a version does at every weight: pictures, texts or sounds, and what they say about it.

Cells are kept as they come, under a grid that is not `rendered_at` yet, so that a worker that takes
over renders only what is missing; and a cell that looks the same for two adapters is rendered once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from registry.models import (
    AdapterVersion,
    BaseModel,
    Blob,
    PreviewCell,
    PreviewGrid,
    Scene,
    ValidationRun,
)
from registry.services import curves, keeping, runs, validation
from registry.sweeps import plan

MADE_WITH = ("method", "device", "scheduler", "dtype", "versions")  # as parameters of a cell say


@dataclass(frozen=True, slots=True)
class Picture:
    """
    A cell as the engine rendered it, or one that the hub had (then there are no bytes).

    `data` is what is to be seen of it, `sound` what is to be heard; a text has neither.
    """

    weight: float
    key: str
    width: int = 0
    height: int = 0
    data: bytes | None = None
    sound: bytes | None = None
    text: str = ""
    medium: str = PreviewCell.Medium.PICTURE
    from_zero: Mapping[str, float] | None = None
    from_previous: Mapping[str, float] | None = None
    measures: Mapping[str, Any] = field(default_factory=dict)  # facts of the cell itself
    parameters: Mapping[str, Any] = field(default_factory=dict)


def scenes_of(version: AdapterVersion) -> list[Scene]:
    """Return the scenes of the version's base, or else of its parent, and those of its team."""
    base = version.base
    own = _scenes(base, version)
    if base.parent is None or any(scene.team_id is None for scene in own):
        return own
    return [*_scenes(base.parent, version), *own]


def _scenes(base: BaseModel, version: AdapterVersion) -> list[Scene]:
    adapter = version.adapter
    found = base.scenes.filter(Q(team=None) | Q(team=adapter.team_id), active=True)
    scenes = found.order_by("position", "pk")
    return [scene for scene in scenes if not scene.kinds or adapter.kind in scene.kinds]


def as_plain(scene: Scene) -> plan.Scene:
    names = plan.Scene.__dataclass_fields__
    return plan.Scene(**{name: getattr(scene, name) for name in names})


def known(keys: Sequence[str]) -> dict[str, PreviewCell]:
    """Return the cells, of any adapter, that look like these."""
    cells = PreviewCell.objects.filter(content_key__in=keys).select_related("blob", "sound")
    return {cell.content_key: cell for cell in cells}


@transaction.atomic
def open_grid(run: ValidationRun, *, engine: str, now: datetime) -> PreviewGrid:
    """
    Return the grid that this run fills: a new one, or the one that an earlier attempt left.

    :raises LeaseLost: if another worker has taken the run over
    """
    runs.hold(run)
    grid = run.version.grids.filter(kind=PreviewGrid.Kind.SWEEP, rendered_at=None).first()
    if grid is None:
        grid = PreviewGrid.objects.create(
            version=run.version, weights=[], engine=engine, opened_at=now
        )
    return grid


def keep_row(
    run: ValidationRun,
    grid: PreviewGrid,
    cells: Sequence[plan.Cell],
    pictures: Sequence[Picture],
    *,
    scene: Scene | None,
    now: datetime,
) -> None:
    """
    Keep the pictures of one row. The same row again, with more weights, replaces it.

    :raises LeaseLost: if another worker has taken the run over
    """
    made = [
        new_cell(grid, cell, picture, scene=scene, now=now)
        for cell, picture in zip(cells, pictures, strict=True)
    ]
    with transaction.atomic():
        runs.hold(run)
        grid.cells.filter(row=cells[0].row).delete()
        PreviewCell.objects.bulk_create(made)


def new_cell(
    grid: PreviewGrid, cell: plan.Cell, picture: Picture, *, scene: Scene | None, now: datetime
) -> PreviewCell:
    """Return a cell of a grid, not saved yet; what it shows is kept."""
    blob, sound = _files(picture, now=now)
    made = _made_with(picture)
    return PreviewCell(
        grid=grid,
        scene=scene,
        row=cell.row,
        column=cell.column,
        weight=cell.weight,
        with_trigger=cell.with_trigger,
        medium=picture.medium,
        blob=blob,
        sound=sound,
        text=picture.text,
        width=picture.width,
        height=picture.height,
        content_key=picture.key,
        parameters=dict(picture.parameters)
        | made
        | {"prompt": cell.prompt, "scene_title": cell.scene.title, "role": cell.role},
        measures=_measures(picture),
        from_zero=curves.distance(picture.from_zero),
        from_previous=curves.distance(picture.from_previous),
    )


def _made_with(picture: Picture) -> dict[str, Any]:
    """Return what one that the hub had was made with, which may be long ago."""
    has_come = picture.data is not None or picture.sound is not None
    if has_come or picture.medium == PreviewCell.Medium.TEXT:
        return {}
    told = known([picture.key])[picture.key].parameters
    return {name: told[name] for name in MADE_WITH if name in told}


def _files(picture: Picture, *, now: datetime) -> tuple[Blob | None, Blob | None]:
    """Return what is to be seen and to be heard of a cell, kept now or by whoever had it before."""
    if picture.medium == PreviewCell.Medium.TEXT:
        return None, None
    if picture.data is None and picture.sound is None:
        cell = known([picture.key])[picture.key]
        return cell.blob, cell.sound
    return (
        keeping.keep_made(picture.data, now=now) if picture.data is not None else None,
        keeping.keep_made(picture.sound, now=now) if picture.sound is not None else None,
    )


def _measures(picture: Picture) -> dict[str, Any]:
    distances = {"from_zero": picture.from_zero, "from_previous": picture.from_previous}
    return dict(picture.measures) | {name: one for name, one in distances.items() if one}


@transaction.atomic
def finish(
    run: ValidationRun, grid: PreviewGrid, *, device: str, method: str, now: datetime
) -> ValidationRun:
    """
    Measure the grid, write down what follows from it, and settle the run.

    :raises LeaseLost: if another worker has taken the run over
    """
    held = runs.hold(run)
    curve = curves.draw(grid)
    grid.device = device
    grid.method = method
    grid.seconds = (now - grid.opened_at).total_seconds()
    grid.rendered_at = now
    grid.save()
    version = held.version
    version.measured_low, version.measured_high = curve.low, curve.high
    version.measured_best = curve.best
    version.save(update_fields=["measured_low", "measured_high", "measured_best"])
    return validation.settle(held, now=now)


def keep_sheet(grid: PreviewGrid, data: bytes, *, now: datetime) -> None:
    """Keep the contact sheet of a finished grid; of two drawn at once, either does."""
    blob = keeping.keep_made(data, now=now)
    PreviewGrid.objects.filter(pk=grid.pk).update(sheet=blob)


def keep_cover(grid: PreviewGrid, data: bytes, *, now: datetime) -> None:
    """Keep the best picture of a finished sweep as PNG."""
    blob = keeping.keep_made(data, now=now)
    PreviewGrid.objects.filter(pk=grid.pk).update(cover=blob)
