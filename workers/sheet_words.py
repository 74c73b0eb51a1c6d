"""
What a contact sheet says: how its pictures were made, and which weight is suggested.

It is drawn once for everyone, so it is in English, and names adapter, base and scene by what the
sheet's font can write: a title in another script gives way to the slug, which is ASCII.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from registry.errors import NotFound
from registry.models import Curve, PreviewCell, PreviewGrid
from registry.services import downloads
from workers.sheets import UNPRINTABLE, Picture, Row, Sheet, printable

MOST_ROWS = 80
NO_LETTERS = "(the prompt is in letters that this sheet's font lacks: see the version's page)"


def sheet_of(grid: PreviewGrid) -> Sheet:
    """
    Return the sheet of a finished grid.

    :raises Unavailable: if the store does not give the pictures now
    """
    rows: dict[int, list[PreviewCell]] = {}
    for cell in grid.cells.all():
        rows.setdefault(cell.row, []).append(cell)
    shown = list(rows.values())[:MOST_ROWS]
    weights = [cell.weight for cell in max(shown, key=len)]
    settings = [settings_of(cells[0]) for cells in shown]
    shared = _shared(settings)
    marked, mark, suggestion = _suggested(grid, weights)
    left_out = f"{len(rows) - len(shown)} more on its page" if len(rows) > len(shown) else ""
    return Sheet(
        title=title(grid),
        lines=(
            joined([base(grid), *shared.values(), when(grid)]),
            joined([suggestion, left_out]),
        ),
        across="weight",
        columns=tuple(_weight(weight) for weight in weights),
        rows=tuple(
            _row(cells, own, shared, both=_has_both(shown))
            for cells, own in zip(shown, settings, strict=True)
        ),
        marked=marked,
        mark=mark,
    )


def title(grid: PreviewGrid) -> str:
    adapter = grid.version.adapter
    return f"{adapter.team.slug}/{adapter.slug} v{grid.version.number}"


def base(grid: PreviewGrid) -> str:
    return f"base {written(grid.version.base.title, otherwise=grid.version.base.slug)}"


def when(grid: PreviewGrid) -> str:
    return f"rendered {grid.rendered_at:%Y-%m-%d}"


def settings_of(cell: PreviewCell) -> dict[str, str]:
    """Return how a row was rendered, in words; what is not known of it is not said."""
    told = {name: value for name, value in cell.parameters.items() if value is not None}
    words = {
        "sampler": str(told.get("sampler") or told.get("scheduler", "")),
        "steps": f"{told['steps']} steps" if "steps" in told else "",
        "guidance": f"guidance {_weight(told['guidance'])}" if "guidance" in told else "",
        "seed": f"seed {told['seed']}" if "seed" in told else "",
    }
    return {name: printable(said) for name, said in words.items() if said}


def _shared(settings: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return what holds for all rows: the caption says it, and the rows need not."""
    first = settings[0]
    return {
        name: said for name, said in first.items() if all(row.get(name) == said for row in settings)
    }


def _suggested(grid: PreviewGrid, weights: Sequence[float]) -> tuple[int | None, str, str]:
    """Return the column to mark, the word beside it, and the sentence: measured, else claimed."""
    curve: Curve | None = getattr(grid, "curve", None)
    if curve is not None and curve.best is not None:
        said = f"suggested weight {_weight(curve.best)}"
        if curve.low is not None and curve.high is not None:
            said += f", good from {_weight(curve.low)} to {_weight(curve.high)}"
        if curve.certainty == Curve.Certainty.UNSURE:
            said += " (not sure: see its page)"
        return _nearest(weights, curve.best), "best", said
    claimed = grid.version.weight_default
    if claimed is not None:
        said = f"weight {_weight(claimed)} by its uploader's word, not measured"
        return _nearest(weights, claimed), "claimed", said
    return None, "", "no weight suggested"


def _nearest(weights: Sequence[float], wanted: float) -> int:
    return min(range(len(weights)), key=lambda column: abs(weights[column] - wanted))


def _row(
    cells: Sequence[PreviewCell], own: Mapping[str, str], shared: Mapping[str, str], *, both: bool
) -> Row:
    first = cells[0]
    trigger = "with trigger words" if first.with_trigger else "without trigger words"
    apart = [said for name, said in own.items() if name not in shared]
    return Row(
        title=written(first.scene_title, otherwise=first.scene_slug),
        note=joined([trigger if both or first.with_trigger else "", *apart]),
        prompt=in_letters(first.prompt),
        pictures=tuple(Picture(cell.width, cell.height, bytes_of(cell)) for cell in cells),
    )


def _has_both(rows: Sequence[Sequence[PreviewCell]]) -> bool:
    return len({cells[0].with_trigger for cells in rows}) == 2


def in_letters(text: str) -> str:
    """Return the prompt as it can be written, or a sentence where little of it would be left."""
    written = printable(text)
    left = sum(map(str.isalnum, written.replace(UNPRINTABLE, "")))
    return written if left * 2 >= sum(map(str.isalnum, text)) else NO_LETTERS


def written(title: str, *, otherwise: str) -> str:
    written = printable(title)
    return printable(otherwise) if UNPRINTABLE in written or not written else written


def _weight(weight: float) -> str:
    return f"{round(weight, 3):g}"


def joined(words: Sequence[Any]) -> str:
    return " · ".join(word for word in words if word)


def bytes_of(cell: PreviewCell) -> bytes | None:
    if cell.blob_id is None:
        return None
    try:
        with downloads.open_bytes(cell.blob_id) as file:
            return file.read()
    except NotFound:
        return None
