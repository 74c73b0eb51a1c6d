"""
A sweep as a page shows it: rows of frames over the same weights, and which frame to start from.

Which weight is suggested is the registry's word (its curve, or the uploader's); here it is only
brought to the nearest weight that has a picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hub.pages import addresses
from hub.wordings.scenes import title_of
from registry.bases import samples

if TYPE_CHECKING:
    from registry.models import AdapterVersion, Curve, PreviewCell, PreviewGrid

USUAL_WEIGHT = 0.8  # where neither a curve nor an uploader says anything


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture, text or sound of a sweep; `address` is of what is to be seen, if anything is."""

    weight: float
    address: str
    width: int
    height: int
    prompt: str
    from_zero: float | None
    text: str = ""
    sound: str = ""  # address
    measures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """A scene, with or without the trigger words, over all weights."""

    scene: str
    title: str
    with_trigger: bool
    prompt: str
    frames: tuple[Frame, ...]
    heard: str = ""  # address of the sound that the base was given
    seen: str = ""  # … or of the picture


@dataclass(frozen=True, slots=True)
class Sweep:
    rows: tuple[Row, ...]
    start: int  # the column to show first
    medium: str  # of every cell

    @property
    def first(self) -> Frame:
        return self.rows[0].frames[self.start]

    @property
    def lowest(self) -> float:
        return self.rows[0].frames[0].weight

    @property
    def highest(self) -> float:
        return self.rows[0].frames[-1].weight

    @property
    def scenes(self) -> tuple[tuple[str, str], ...]:
        return tuple({row.scene: row.title for row in self.rows}.items())

    @property
    def both(self) -> bool:
        """Whether there are rows with and rows without the trigger words."""
        return len({row.with_trigger for row in self.rows}) == 2


def of_grid(grid: PreviewGrid | None, version: AdapterVersion) -> Sweep | None:
    """Return the grid's sweep, rows with trigger words first; None where nothing is rendered."""
    if grid is None:
        return None
    rows: dict[int, list[PreviewCell]] = {}
    for cell in sorted(grid.cells.all(), key=lambda one: (one.row, one.column)):
        rows.setdefault(cell.row, []).append(cell)
    if not rows:
        return None
    shown = tuple(_row(cells) for cells in rows.values())
    weights = [frame.weight for frame in shown[0].frames]
    start = nearest(weights, suggested(version))
    return Sweep(rows=shown, start=start, medium=next(iter(rows.values()))[0].medium)


def suggested(version: AdapterVersion, curve: Curve | None = None) -> float:
    """Return the weight to show a version at: measured, else claimed, else the usual one."""
    for weight in (
        curve.best if curve else None,
        version.measured_best,
        version.weight_default,
    ):
        if weight is not None:
            return weight
    return USUAL_WEIGHT


def nearest(weights: Sequence[float], wanted: float) -> int:
    return min(range(len(weights)), key=lambda column: abs(weights[column] - wanted))


def _row(cells: Sequence[PreviewCell]) -> Row:
    first = cells[0]
    given = first.scene.sample if first.scene else ""
    return Row(
        scene=first.scene_slug,
        title=title_of(first.scene_title),
        with_trigger=first.with_trigger,
        prompt=first.prompt,
        frames=tuple(
            Frame(
                weight=cell.weight,
                address=addresses.picture(cell),
                width=cell.width,
                height=cell.height,
                prompt=str(cell.parameters.get("prompt", "")),
                from_zero=cell.from_zero,
                text=cell.text,
                sound=addresses.sound(cell),
                measures=cell.measures,
            )
            for cell in cells
        ),
        heard=addresses.sample(given) if given in samples.names(samples.SOUND) else "",
        seen=addresses.sample(given) if given in samples.names(samples.PICTURE) else "",
    )
