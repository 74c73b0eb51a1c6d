"""
What a sweep says about an adapter: where it begins to show, where it is at its best, where it goes.

Only distances go in, so nothing here knows what a picture is. The curve is the mean over the rows
of a grid: one scene may be lucky, all of them seldom are. Three things are told apart. A picture
*shows* the adapter when it differs visibly from the one without it. It *jumps* when one step of
weight changes it far more than the other steps do. It is *bad* when hardly anything of the scene is
left, or when it jumps away again from what it had settled on.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

DISTANCE = "ssim"  # of the engine's measures, the one that is judged here; 0 to about 1

VISIBLE = 0.02  # below this, two pictures look the same
SHOWS = 0.25  # of the most that the adapter does: from here on one can tell that it is there
PLAIN = 0.4  # nobody misses a change as large as this, however much further it goes
MOST_OF_IT = 0.85  # … and from here on, more weight brings little more
JUMP = 2.5  # times the usual step …
SUDDEN = 2.0  # … and times the step before; an adapter that gains speed does not jump
LEAVES = 0.2  # a jump as far as this, once the adapter shows, is away from what it had settled on
BROKEN = 0.9  # hardly anything of the scene is left


@dataclass(frozen=True, slots=True)
class Point:
    """One weight: how far its picture is from the one at weight 0, and from the one before."""

    weight: float
    from_zero: float
    from_previous: float


@dataclass(frozen=True, slots=True)
class Curve:
    """
    What the points say. None where they say nothing: an adapter that never shows has no range.

    `low` to `high` is the suggested range, and `best` lies in it. `first_bad` is the lowest weight
    rendered at which the picture breaks. `jumps` are the weights that a sudden change arrives at.
    """

    points: tuple[Point, ...]
    onset: float | None = None
    best: float | None = None
    low: float | None = None
    high: float | None = None
    first_bad: float | None = None
    jumps: tuple[float, ...] = ()


def measure(rows: Iterable[Sequence[Point]]) -> Curve:
    """Return the curve of a grid from its rows, each a point a weight, weights ascending."""
    points = _mean(list(rows))
    curve = Curve(points, jumps=_jumps(points))
    onset = _onset(points)
    if onset is None:
        return curve
    first_bad = _first_bad(points, onset, curve.jumps)
    good = [
        point
        for point in points
        if point.weight >= onset and (first_bad is None or point.weight < first_bad)
    ]
    if not good:
        return replace(curve, onset=onset, first_bad=first_bad)
    return replace(
        curve,
        onset=onset,
        low=good[0].weight,
        high=good[-1].weight,
        best=_best(good),
        first_bad=first_bad,
    )


def _mean(rows: Sequence[Sequence[Point]]) -> tuple[Point, ...]:
    by_weight: dict[float, list[Point]] = {}
    for row in rows:
        for point in row:
            by_weight.setdefault(point.weight, []).append(point)
    return tuple(
        Point(
            weight,
            statistics.fmean(point.from_zero for point in points),
            statistics.fmean(point.from_previous for point in points),
        )
        for weight, points in sorted(by_weight.items())
    )


def _onset(points: Sequence[Point]) -> float | None:
    most = max((point.from_zero for point in points), default=0.0)
    shown = max(VISIBLE, SHOWS * min(most, PLAIN))
    return next((point.weight for point in points if point.from_zero >= shown), None)


def _jumps(points: Sequence[Point]) -> tuple[float, ...]:
    """Return the weights at the end of steps that change the picture far more than usual."""
    rates = [
        after.from_previous / (after.weight - before.weight) for before, after in pairwise(points)
    ]
    return tuple(
        point.weight
        for place, point in enumerate(points[1:])
        if point.from_previous >= 2 * VISIBLE and _stands_out(rates, place)
    )


def _stands_out(rates: Sequence[float], place: int) -> bool:
    """Tell whether a step is far above the middle of the others, and comes without warning."""
    others = [*rates[:place], *rates[place + 1 :]]
    if not others or rates[place] < JUMP * statistics.median(others):
        return False
    return place == 0 or rates[place] >= SUDDEN * rates[place - 1]


def _first_bad(points: Sequence[Point], onset: float, jumps: Sequence[float]) -> float | None:
    def breaks(point: Point) -> bool:
        leaves = point.weight in jumps and point.weight > onset and point.from_previous >= LEAVES
        return leaves or point.from_zero >= BROKEN

    return next((point.weight for point in points if breaks(point)), None)


def _best(good: Sequence[Point]) -> float:
    most = max(point.from_zero for point in good)
    return next(point.weight for point in good if point.from_zero >= MOST_OF_IT * most)
