"""
The points of a curve: the cells of one row, or of all rows at one weight; and its two sides.

Everything is read from weight 0 outwards. Of a slider that is two walks, one up and one down. The
side below 0 is mirrored: its weights count upwards, and each step is the one that leads there.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from registry.sweeps.reasons import shortened
from registry.sweeps.thresholds import USUAL_STEP

ZERO = 1e-9


@dataclass(frozen=True, slots=True)
class Point:
    """
    One weight: how far it is from weight 0, and from the weight before, which is `step` away.

    `facts` are what the engine measured of the cell itself, by name, and `edges` where its picture
    has any. Of the mean of several rows, `spread` is the standard deviation of `from_zero`.
    """

    weight: float
    from_zero: float
    from_previous: float
    spread: float = 0.0
    facts: Mapping[str, float] = field(default_factory=dict)
    edges: bytes = b""
    step: float = USUAL_STEP
    saw_nan: bool = False
    reworded: float = 0.0  # of an answer: the share of its words that the one before has not

    @property
    def is_zero(self) -> bool:
        return abs(self.weight) < ZERO

    @property
    def rate(self) -> float:
        """How much changes over a usual step, if it goes on as it came here."""
        return self.from_previous * USUAL_STEP / self.step if self.step > ZERO else 0.0

    def as_stored(self) -> dict[str, Any]:
        return {
            "weight": self.weight,
            "from_zero": round(self.from_zero, 4),
            "from_previous": round(self.from_previous, 4),
            "spread": round(self.spread, 4),
            "facts": shortened(self.facts),
        }


Row = Sequence[Point]


@dataclass(frozen=True, slots=True)
class OverSeeds:
    """
    One weight over seeds. `seeds` is how many every scene was drawn by, at least.

    `spread` is the standard deviation of the distance to weight 0 over the seeds of a scene, as the
    root of the mean over scenes. `variety`: how far pictures by different seeds are apart, against
    weight 0; None where there is nothing of which more or less could be left.
    """

    weight: float
    scenes: int
    seeds: int
    spread: float
    variety: float | None = None

    def as_stored(self) -> dict[str, Any]:
        told = {"weight": self.weight, "scenes": self.scenes, "seeds": self.seeds}
        return shortened(told | {"spread": self.spread, "variety": self.variety})


def pace(point: Point) -> float:
    """
    Return what a usual step changes, as the slower of the ways to go tells it.

    Over a long step it wanders, and goes by the root of the way; a short one is gone straight.
    """
    return max(point.rate, point.from_previous * math.sqrt(USUAL_STEP / max(point.step, ZERO)))


def walked(row: Row) -> list[Point]:
    """Return the row with the length of each step; the first point is where it starts."""
    if not row:
        return []
    steps = [after.weight - before.weight for before, after in pairwise(row)]
    return [
        replace(row[0], step=0.0),
        *(replace(point, step=step) for point, step in zip(row[1:], steps, strict=True)),
    ]


def above(row: Row) -> list[Point]:
    """Return the side from weight 0 up."""
    return walked([point for point in row if point.weight > -ZERO])


def below(row: Row) -> list[Point]:
    """Return the side from weight 0 down, mirrored; nothing if there is none."""
    side = [point for point in row if point.weight < ZERO]
    if len(side) < 2:
        return []
    # A cell's step is the one from its left, so the step down to a weight is its neighbour's.
    mirrored = [
        replace(outer, weight=-outer.weight, from_previous=inner.from_previous)
        for outer, inner in pairwise(side)
    ]
    return walked([replace(side[-1], weight=0.0, from_previous=0.0), *reversed(mirrored)])


def zero_of(row: Row) -> Point | None:
    return next((point for point in row if point.is_zero), None)


def mean_of(rows: Sequence[Row]) -> list[Point]:
    """Return the mean of the rows at each weight that any of them has, weights ascending."""
    by_weight: dict[float, list[Point]] = {}
    for row in rows:
        for point in row:
            by_weight.setdefault(point.weight, []).append(point)
    return [_mean(by_weight[weight]) for weight in sorted(by_weight)]


def _mean(points: Sequence[Point]) -> Point:
    distances = [point.from_zero for point in points]
    names = {name for point in points for name in point.facts}
    return Point(
        weight=points[0].weight,
        from_zero=statistics.fmean(distances),
        from_previous=statistics.fmean(point.from_previous for point in points),
        spread=statistics.pstdev(distances),
        facts={
            name: statistics.fmean(point.facts[name] for point in points if name in point.facts)
            for name in sorted(names)
        },
        step=statistics.fmean(point.step for point in points),
        saw_nan=any(point.saw_nan for point in points),
    )
