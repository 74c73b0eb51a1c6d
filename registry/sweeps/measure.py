"""
What a sweep says about an adapter: where it begins to show, where it is at its best, where it goes.

Only distances go in, so nothing here knows what a picture is. The curve is the mean over the rows
of a grid; what happens suddenly is looked for in each row, since scenes do not jump together, and
counts if half of them agree: one scene may be lucky. Three things are told apart. A picture *shows*
the adapter when it differs visibly from the one without it. It *jumps* when one step of weight
changes it far more than the other steps do. It is *bad* when hardly anything of the scene is left,
or when it shows the adapter plainly and the next step takes it somewhere else again.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

DISTANCE = "ssim"  # of the engine's measures, the one that is judged here; 0 to about 1

VISIBLE = 0.02  # below this, two pictures look the same
SHOWS = 0.25  # of the most that the adapter does: from here on one can tell that it is there
PLAIN = 0.4  # nobody misses a change as large as this, however much further it goes
ENOUGH_OF_IT = 0.6  # … and from here on, what it does is there
CALM = 1.5  # times the least change around a weight: as settled as that
JUMP = 2.5  # times the usual step …
SUDDEN = 2.0  # … and times the step before; an adapter that gains speed does not jump
LEAVES = 0.4  # a step as far as this, from a picture that shows it plainly, leads away from it
BROKEN = 0.9  # hardly anything of the scene is left
AGREED = 0.5  # of the rows


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
    rows = [row for row in rows if row]
    points = _mean(rows)
    curve = Curve(points, onset=_onset(points), jumps=_agreed(rows, _jumps))
    first_bad = min(_agreed(rows, _bad), default=None)
    if curve.onset is None:
        return curve
    good = [
        point
        for point in points
        if point.weight >= curve.onset and (first_bad is None or point.weight < first_bad)
    ]
    if not good:
        return replace(curve, first_bad=first_bad)
    return replace(
        curve,
        low=good[0].weight,
        high=good[-1].weight,
        best=_best(points, good),
        first_bad=first_bad,
    )


def _agreed(
    rows: Sequence[Sequence[Point]], weights_of: Callable[[Sequence[Point]], Iterable[float]]
) -> tuple[float, ...]:
    """Return the weights that enough of the rows name, ascending."""
    named = Counter(weight for row in rows for weight in weights_of(row))
    return tuple(sorted(weight for weight, count in named.items() if count >= AGREED * len(rows)))


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


def _bad(points: Sequence[Point]) -> tuple[float, ...]:
    """Return the lowest weight of a row at which the picture breaks, and all above it."""
    for place, point in enumerate(points):
        was_plain = place > 0 and points[place - 1].from_zero >= PLAIN
        if point.from_zero >= BROKEN or (was_plain and point.from_previous >= LEAVES):
            return tuple(each.weight for each in points[place:])
    return ()


def _best(points: Sequence[Point], good: Sequence[Point]) -> float:
    """
    Return the lowest good weight that shows enough and lies where little changes around it.

    The first weight past a jump shows the adapter half made; the last before the picture breaks is
    on its way there. Between them the picture settles.
    """
    most = max(point.from_zero for point in good)
    shown = [point for point in good if point.from_zero >= ENOUGH_OF_IT * most]
    calm = CALM * min(_change_around(points, point) for point in shown)
    return next(point.weight for point in shown if _change_around(points, point) <= calm)


def _change_around(points: Sequence[Point], point: Point) -> float:
    """Return how much the picture changes on the steps to and from a weight, on the average."""
    place = points.index(point)
    return statistics.fmean(step.from_previous for step in points[max(place, 1) : place + 2])
