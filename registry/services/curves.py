"""The curve of a finished grid: its cells are read, measured, and what follows is written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from registry.models import Curve, PreviewCell, PreviewGrid
from registry.sweeps.measure import Point, measure
from registry.sweeps.others import doubted
from registry.sweeps.over_seeds import with_seeds
from registry.sweeps.thresholds import USUAL, measure_of

# Facts that a model of the operator's gave, by the name under which cells say which one it was.
BY_MODELS = {"fidelity_by": {"fidelity"}, "vgg_by": {"vgg", "vgg_step"}}
NOT_FACTS = {"from_zero", "from_previous", "edges", "saw_nan"}


def draw(grid: PreviewGrid) -> Curve:
    """Measure the grid and keep its curve. The same grid again replaces it."""
    rows, by = rows_of(grid)
    found = with_seeds(doubted(measure(rows, by=by), _others(grid, by)), _by_seeds(grid, by))
    curve, _ = Curve.objects.update_or_create(
        grid=grid,
        defaults={
            "measure": found.measure,
            "points": [point.as_stored() for point in found.points],
            "onset": found.onset,
            "onset_below": found.onset_below,
            "best": found.best,
            "low": found.low,
            "high": found.high,
            "first_bad": found.first_bad,
            "first_bad_below": found.first_bad_below,
            "first_bad_in_part": found.first_bad_in_part,
            "first_bad_in_part_below": found.first_bad_in_part_below,
            "jumps": list(found.jumps),
            "certainty": found.certainty,
            "reasons": [reason.as_stored() for reason in found.reasons],
            "signs": [sign.as_stored() for sign in found.signs],
            "over_seeds": [one.as_stored() for one in found.over_seeds],
        },
    )
    return curve


def rows_of(grid: PreviewGrid) -> tuple[list[list[Point]], str]:
    """Return the rows that a grid's curve is drawn from, and which measure their distances are."""
    cells = _of_the_curve(list(grid.cells.order_by("row", "column")))
    by = _measure(cells)
    return _rows(cells, by), by


def distance(distances: Mapping[str, float] | None) -> float | None:
    """Return the distance that the curve is drawn from, None for a cell that has none."""
    return None if distances is None else float(distances[measure_of(distances)])


def _of_the_curve(cells: Sequence[PreviewCell]) -> list[PreviewCell]:
    """
    Return the cells that the curve is drawn from: of scenes with trigger words, if there are any.

    Rows that are shown and do not count are left out: see registry/sweeps/rows.py.
    """
    scenes = [cell for cell in cells if cell.role == "scene"]
    return [cell for cell in scenes if cell.with_trigger] or scenes


def _others(grid: PreviewGrid, by: str) -> dict[str, list[Point]]:
    """Return a row of each role that does not count."""
    cells = [cell for cell in grid.cells.order_by("row", "column") if cell.role != "scene"]
    first = {cell.role: cell.row for cell in reversed(cells)}
    return {
        role: [_point(cell, by) for cell in cells if cell.row == row] for role, row in first.items()
    }


def _by_seeds(grid: PreviewGrid, by: str) -> list[list[list[Point]]]:
    """Return the rows of each scene that was drawn by further seeds, its own seed first."""
    scenes: dict[str, dict[int, list[Point]]] = {}
    for cell in (
        PreviewCell.objects.filter(grid__of=grid).select_related("scene").order_by("row", "column")
    ):
        rows = scenes.setdefault(cell.scene_slug, {})
        rows.setdefault(cell.row, []).append(_point(cell, by))
    return [list(rows.values()) for rows in scenes.values()]


def _measure(cells: Sequence[PreviewCell]) -> str:
    """Return which measure the cells' distances are; before it was kept, there was but one."""
    kept: list[Mapping[str, float]] = [cell.measures.get("from_zero") or {} for cell in cells]
    return next((measure_of(distances) for distances in kept if distances), USUAL)


def _rows(cells: Sequence[PreviewCell], by: str) -> list[list[Point]]:
    rows: dict[int, list[Point]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(_point(cell, by))
    mixed = {
        fact
        for by_model, facts in BY_MODELS.items()
        if len({cell.measures.get(by_model) for cell in cells}) > 1
        for fact in facts
    }
    return [[_without(mixed, point) for point in row] for row in rows.values()]


def _without(mixed: set[str], point: Point) -> Point:
    """Return a point without what not all cells of its curve have, or not all by one model."""
    if not mixed:
        return point
    return replace(point, facts={k: fact for k, fact in point.facts.items() if k not in mixed})


def _point(cell: PreviewCell, by: str) -> Point:
    def of(name: str, column: float | None) -> float:
        return float((cell.measures.get(name) or {}).get(by, column or 0.0))

    return Point(
        weight=cell.weight,
        from_zero=of("from_zero", cell.from_zero),
        from_previous=of("from_previous", cell.from_previous),
        facts=_facts(cell.measures),
        edges=bytes.fromhex(cell.measures.get("edges", "")),
        saw_nan=bool(cell.measures.get("saw_nan", False)),
        reworded=float((cell.measures.get("from_previous") or {}).get("words", 0.0)),
    )


def _facts(measures: Mapping[str, Any]) -> dict[str, float]:
    return {
        name: float(value)
        for name, value in measures.items()
        if name not in NOT_FACTS and isinstance(value, int | float)
    }
