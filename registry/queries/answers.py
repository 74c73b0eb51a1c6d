"""What the cells of a grid answer, as a table: its contact sheet where there are no pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from registry.models import PreviewCell, PreviewGrid
from registry.sweeps import axes

Cells = Mapping[tuple[int, int], PreviewCell]


def are_of(grid: PreviewGrid) -> bool:
    """Tell whether a grid's cells are answers, with nothing to be seen or heard."""
    return any(cell.medium == PreviewCell.Medium.TEXT for cell in grid.cells.all())


def table(grid: PreviewGrid) -> Iterator[list[str]]:
    """
    Yield the lines of a grid's answers, the first of them what the columns are called.

    Each row says its scene, its value of the axis that goes down if there is one, whether it has
    the trigger words, its prompt where that is the same for all, and what is said at each column;
    nothing where a cell is missing.
    """
    cells: Cells = {(cell.row, cell.column): cell for cell in grid.cells.all()}
    columns = _columns(grid, cells)
    down = grid.axes.get("down", {})
    slug = "" if down.get("axis", "") in {"", "scene"} else down["axis"]
    rows = sorted({row for row, _ in cells})
    values = down.get("values") or [""]
    per_value = max(len(rows) // len(values), 1)  # three of two versions: each, and what differs
    yield ["scene", *([slug] if slug else []), "trigger words", "prompt", *columns]
    for place, row in enumerate(rows):
        own = [cells.get((row, column)) for column in range(len(columns))]
        value = values[min(place // per_value, len(values) - 1)]
        said = [cell.text if cell else "" for cell in own]
        yield [*_row(own, [_label(slug, value)] if slug else []), *said]


def _columns(grid: PreviewGrid, cells: Cells) -> list[str]:
    across = grid.axes.get("across")
    if across:
        return [_label(across["axis"], value) for value in across["values"]]
    weights = {column: cell.weight for (_, column), cell in cells.items()}
    return [f"{round(weights[column], 3):g}" for column in sorted(weights)]


def _row(own: list[PreviewCell | None], value: list[str]) -> list[str]:
    there = [cell for cell in own if cell]
    prompts = {cell.prompt for cell in there}
    scene = there[0].scene_title or there[0].scene_slug
    with_words = "yes" if there[0].with_trigger else "no"
    return [scene, *value, with_words, prompts.pop() if len(prompts) == 1 else ""]


def _label(axis: str, value: Any) -> str:
    return axes.label(axis, tuple(value.items()) if axis == "parts" else value)
