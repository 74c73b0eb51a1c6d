"""
The curve of each checkpoint of a training run, from what is kept of its cells.

Sheets that were rendered without a column at weight 0 have no distances, but for the end of the
run, whose cells are those of its sweep. There the outlines of all rows are held against the sweep's
cell at weight 0, so that all are on one scale; nothing is rendered again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from registry.models import AdapterVersion, PreviewCell
from registry.queries import versions
from registry.sweeps.outlines import moved

DISTANCE, OUTLINES = "distance", "outlines"

Rows = Mapping[int | None, Sequence[PreviewCell]]
Points = list[tuple[float, float]]


def draw(version: AdapterVersion, rows: Rows) -> tuple[str, dict[int | None, Points]]:
    """Return what the curves are drawn from, and the points of each: weight, and how far it is."""
    kept = {step: _kept(cells) for step, cells in rows.items()}
    if all(len(points) > 1 for points in kept.values()):
        return DISTANCE, kept
    zeros = _zeros(version, rows)
    found = {step: _of_outlines(cells, zeros) for step, cells in rows.items()}
    if sum(map(bool, found.values())) > sum(map(bool, kept.values())):
        return OUTLINES, found
    return DISTANCE, kept


def _kept(cells: Sequence[PreviewCell]) -> Points:
    far = [(cell.weight, cell.from_zero) for cell in cells]
    return [(weight, distance) for weight, distance in far if distance is not None]


def _of_outlines(
    cells: Sequence[PreviewCell], zeros: Mapping[tuple[str, str], PreviewCell]
) -> Points:
    points: Points = []
    for cell in cells:
        zero = zeros.get(_shows(cell))
        far = moved(cell.measures.get("edges"), zero.measures.get("edges")) if zero else None
        if far is not None:
            points.append((cell.weight, far))
    return points


def _zeros(version: AdapterVersion, rows: Rows) -> dict[tuple[str, str], PreviewCell]:
    """Return the cells at weight 0 by what they show: those of the sheet, or else of the sweep."""
    grid = versions.grid(version)
    swept: Iterable[PreviewCell] = grid.cells.all() if grid else ()
    own = [cell for cells in rows.values() for cell in cells]
    at_zero = (cell for cell in (*swept, *own) if cell.weight == 0)
    return {_shows(cell): cell for cell in at_zero if cell.measures.get("edges")}


def _shows(cell: PreviewCell) -> tuple[str, str]:
    return cell.scene_slug, cell.prompt
