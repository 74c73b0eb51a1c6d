"""What the cells of a grid answer, as a table: its contact sheet where there are no pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from registry.models import PreviewCell, PreviewGrid
from registry.sweeps import axes

Cells = Mapping[tuple[int, int], PreviewCell]


def are_of(grid: PreviewGrid) -> bool:
    """Tell whether a grid's cells are answers, with nothing to be seen or heard."""
    return any(cell.medium == PreviewCell.Medium.TEXT for cell in grid.cells.all())


def table(grid: PreviewGrid) -> Iterator[list[str]]:
    """
    Yield the lines of a grid's answers, the first of them what the columns are called.

    Each row says its scene, its value of the axis that goes down if there is one, its version where
    two are held against each other, whether it has the trigger words, its prompt where that is the
    same for all, and what is said at each column; nothing where a cell is missing.
    """
    cells: Cells = {(cell.row, cell.column): cell for cell in grid.cells.all()}
    columns = _columns(grid, cells)
    down = grid.axes.get("down", {})
    slug = "" if down.get("axis", "") in {"", "scene"} else down["axis"]
    values, versions = down.get("values") or [""], _versions(grid)
    titles = [*([slug] if slug else []), *(["version"] if versions else [])]
    yield ["scene", *titles, "trigger words", "prompt", *columns]
    for row in sorted({row for row, _ in cells}):
        own = [cells.get((row, column)) for column in range(len(columns))]
        place, offset = divmod(row, len(versions) or 1)
        value = [axes.label(slug, values[place])] if slug else []
        version = [versions[offset]] if versions else []
        yield [*_row(own, [*value, *version]), *(cell.text if cell else "" for cell in own)]


def _versions(grid: PreviewGrid) -> tuple[str, ...]:
    """Return what the rows of one value are of, where two versions are held against each other."""
    against = grid.axes.get("against")
    return (f"v{grid.version.number}", f"v{against}", "difference") if against else ()


def _columns(grid: PreviewGrid, cells: Cells) -> list[str]:
    across = grid.axes.get("across")
    if across:
        return [axes.label(across["axis"], value) for value in across["values"]]
    weights = {column: cell.weight for (_, column), cell in cells.items()}
    return [f"{round(weights[column], 3):g}" for column in sorted(weights)]


def _row(own: list[PreviewCell | None], where: list[str]) -> list[str]:
    there = [cell for cell in own if cell]
    prompts = {cell.prompt for cell in there}
    scene = there[0].scene_title or there[0].scene_slug
    with_words = "yes" if there[0].with_trigger else "no"
    return [scene, *where, with_words, prompts.pop() if len(prompts) == 1 else ""]
