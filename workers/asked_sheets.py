"""
What the contact sheet of a grid says that somebody asked for: whatever its two axes are.

As in sheet_words.py, it is drawn once for everyone, in English and in the letters of its font.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from registry.models import PreviewCell, PreviewGrid
from registry.sweeps import axes
from registry.sweeps.asked import ROWS_AGAINST
from workers.sheet_words import (
    base,
    bytes_of,
    in_letters,
    joined,
    settings_of,
    title,
    when,
    written,
)
from workers.sheets import Picture, Row, Sheet, printable

Cells = Mapping[tuple[int, int], PreviewCell]


def sheet_of(grid: PreviewGrid) -> Sheet:
    """
    Return the sheet of a finished grid with two axes, or one.

    :raises Unavailable: if the store does not give the pictures now
    """
    cells: Cells = {(cell.row, cell.column): cell for cell in grid.cells.all()}
    across, down = grid.axes["across"], grid.axes["down"]
    rendered = [settings_of(cell) for cell in cells.values() if not _is_difference(cell)]
    first = rendered[0]
    shared = {
        name: said for name, said in first.items() if all(one.get(name) == said for one in rendered)
    }
    return Sheet(
        title=_title(grid),
        lines=(joined([base(grid), *shared.values(), when(grid)]), _what(across, down)),
        across=_axis(across["axis"]),
        columns=tuple(_label(across["axis"], value) for value in across["values"]),
        rows=tuple(_rows(grid, cells)),
    )


def _title(grid: PreviewGrid) -> str:
    against = grid.axes.get("against")
    return f"{title(grid)} against v{against}" if against else title(grid)


def _what(across: Mapping[str, Any], down: Mapping[str, Any]) -> str:
    if not down["axis"]:
        return f"{_axis(across['axis'])} across"
    return f"{_axis(down['axis'])} down, {_axis(across['axis'])} across"


def _axis(slug: str) -> str:
    return axes.AXES[slug].title if slug in axes.AXES else ""


def _rows(grid: PreviewGrid, cells: Cells) -> list[Row]:
    down, columns = grid.axes["down"], len(grid.axes["across"]["values"])
    against = grid.axes.get("against")
    notes = (f"v{grid.version.number}", f"v{against}", "difference") if against else ("",)
    smallest = next(iter(cells.values()))
    made = []
    for place, value in enumerate(down["values"]):
        for offset, note in enumerate(notes):
            row = [cells.get((place * len(notes) + offset, column)) for column in range(columns)]
            made.append(
                Row(
                    title=_row_title(down["axis"], value, row),
                    note=note,
                    prompt=_row_prompt(row) if offset < ROWS_AGAINST - 1 else "",
                    pictures=tuple(_picture(cell, smallest) for cell in row),
                )
            )
    return made


def _row_title(axis: str, value: Any, row: Sequence[PreviewCell | None]) -> str:
    cell = next((cell for cell in row if cell), None)
    scene = written(cell.scene_title, otherwise=cell.scene_slug) if cell else printable(str(value))
    if axis in {"", "scene"}:
        return scene
    if cell and cell.grid.of_id:  # of a sweep, whose scenes differ
        return f"{scene}, {_axis(axis)} {_label(axis, value)}"
    return f"{_axis(axis)} {_label(axis, value)}"


def _row_prompt(row: Sequence[PreviewCell | None]) -> str:
    """Return the prompt that all cells of a row have, "" if they differ."""
    prompts = {cell.prompt for cell in row if cell}
    return in_letters(prompts.pop()) if len(prompts) == 1 else ""


def _label(axis: str, value: Any) -> str:
    return printable(axes.label(axis, value))


def _picture(cell: PreviewCell | None, like: PreviewCell) -> Picture:
    if cell is None:
        return Picture(like.width, like.height, None)
    return Picture(cell.width, cell.height, bytes_of(cell))


def _is_difference(cell: PreviewCell) -> bool:
    return "difference" in cell.parameters
