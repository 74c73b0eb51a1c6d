"""
A grid that somebody asked for, as a page shows it: what its columns and rows are, and its cells.

A grid that is still being filled has holes; so has one that was cancelled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.pages import addresses
from hub.wordings.scenes import title_of
from registry.queries import answers
from registry.sweeps import axes
from registry.sweeps.asked import ROWS_AGAINST

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from registry.models import PreviewCell, PreviewGrid

AXES: Mapping[str, str | Promise] = {
    "weight": gettext_lazy("Weight"),
    "training_step": gettext_lazy("Training step"),
    "version": gettext_lazy("Version"),
    "prompt": gettext_lazy("Words of the prompt"),
    "seed": gettext_lazy("Seed"),
    "sampler": gettext_lazy("Sampler"),
    "steps": gettext_lazy("Steps"),
    "guidance": gettext_lazy("Guidance"),
    "scene": gettext_lazy("Scene"),
    "size": gettext_lazy("Size"),
    "parts": gettext_lazy("Weight by block"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell; `says` is all of it in a sentence, for those who do not see it."""

    address: str
    width: int
    height: int
    says: str
    prompt: str
    text: str
    sound: str
    share: float | None  # of a difference: how much differs, 0 to 1


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    note: str
    cells: tuple[Shown | None, ...]
    is_difference: bool = False


@dataclass(frozen=True, slots=True)
class Trio:
    """A column of two versions: the cells of both, and where they differ."""

    label: str
    one: Shown
    other: Shown
    difference: Shown | None


@dataclass(frozen=True, slots=True)
class Table:
    across: str  # what the columns differ in
    down: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    against: int | None
    sheet: str
    is_of_answers: bool

    @property
    def first(self) -> Shown | None:
        """Return the cell to show where there is room for one: from the middle of the first row."""
        cells = [cell for row in self.rows for cell in row.cells if cell]
        return cells[min(len(self.columns) // 2, len(cells) - 1)] if cells else None

    @property
    def trios(self) -> tuple[Trio, ...]:
        """Return what two versions made of the first row, column by column."""
        if not self.against or len(self.rows) < ROWS_AGAINST:
            return ()
        rows = zip(self.columns, *(row.cells for row in self.rows[:ROWS_AGAINST]), strict=True)
        return tuple(
            Trio(label, one, other, difference)
            for label, one, other, difference in rows
            if one and other and one.address and other.address
        )


def table_of(grid: PreviewGrid | None) -> Table | None:
    """Return the grid as a table; None where nothing of it is there yet."""
    if grid is None:
        return None
    cells = {(cell.row, cell.column): cell for cell in grid.cells.all()}
    if not cells:
        return None
    across, down = grid.axes.get("across", {}), grid.axes.get("down", {})
    against = grid.axes.get("against")
    titles = {
        cell.scene_slug: title_of(cell.scene_title) for cell in cells.values() if cell.scene_title
    }
    columns = tuple(_label(across.get("axis", ""), v, titles) for v in across.get("values", []))
    rows = tuple(_rows(grid, cells, columns, titles))
    return Table(
        across=str(AXES.get(across.get("axis", ""), "")),
        down=str(AXES.get(down.get("axis", ""), "")),
        columns=columns,
        rows=rows,
        against=against,
        sheet=addresses.sheet(grid),
        is_of_answers=answers.are_of(grid),
    )


def _rows(
    grid: PreviewGrid,
    cells: Mapping[tuple[int, int], PreviewCell],
    columns: Sequence[str],
    titles: Mapping[str, str],
) -> list[Row]:
    down, against = grid.axes.get("down", {}), grid.axes.get("against")
    made = []
    for place, value in enumerate(down.get("values", [""])):
        label = _label(down.get("axis", ""), value, titles)
        notes = _notes(grid, against)
        for offset, note in enumerate(notes):
            row = place * len(notes) + offset
            shown = tuple(
                shown_of(cells.get((row, column)), ", ".join(filter(None, (label, note, name))))
                for column, name in enumerate(columns)
            )
            said = note or _scene_of(grid, cells, row)
            made.append(Row(label, said, shown, is_difference=offset == ROWS_AGAINST - 1))
    return made


def _scene_of(grid: PreviewGrid, cells: Mapping[tuple[int, int], PreviewCell], row: int) -> str:
    """Return which scene a row of seeds shows; in other grids that needs no saying."""
    if grid.of_id is None:
        return ""
    return next((cell.scene_title for (at, _column), cell in cells.items() if at == row), "")


def _notes(grid: PreviewGrid, against: int | None) -> tuple[str, ...]:
    if not against:
        return ("",)
    own = _("version {number}").format(number=grid.version.number)
    return own, _("version {number}").format(number=against), _("difference")


def _label(axis: str, value: Any, titles: Mapping[str, str]) -> str:
    if axis == "scene":
        return titles.get(value, str(value))
    if axis == "training_step":
        return _("the end") if value == axes.FINAL else str(value)
    return axes.label(axis, value) if axis else ""


def shown_of(cell: PreviewCell | None, says: str) -> Shown | None:
    """Return a cell as pages show it; None for a hole."""
    if cell is None:
        return None
    return Shown(
        address=addresses.picture(cell),
        width=cell.width,
        height=cell.height,
        says=says,
        prompt=cell.prompt,
        text=cell.text,
        sound=addresses.sound(cell),
        share=cell.measures.get("pixel") if "difference" in cell.parameters else None,
    )
