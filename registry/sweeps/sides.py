"""
What one side of a sweep says, read from weight 0 outwards: where it shows, is best, and breaks.

What happens suddenly is looked for in each row, since scenes do not jump together, and counts if
half of them agree: one scene may be lucky. Three things are told apart. A cell *shows* the adapter
when it differs visibly from the one without it. It *jumps* when one step of weight changes it far
more than the others do. It is *bad* when little of the scene is left, or when it shows the adapter
plainly and the next step takes it somewhere else again.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from registry.sweeps.best import find_best
from registry.sweeps.points import Point, Row
from registry.sweeps.reasons import Reason
from registry.sweeps.signs import Sign
from registry.sweeps.thresholds import USUAL_STEP, Thresholds


@dataclass(frozen=True, slots=True)
class Side:
    """What a side says, in weights of the walk (never negative); None where it says nothing."""

    points: tuple[Point, ...]
    onset: float | None = None
    low: float | None = None
    best: float | None = None
    high: float | None = None
    first_bad: float | None = None
    jumps: tuple[float, ...] = ()
    reasons: tuple[Reason, ...] = ()


def read(rows: Sequence[Row], mean: Sequence[Point], signs: Sequence[Sign], at: Thresholds) -> Side:
    """Return what the rows of one side say; `mean` is of them, with what only all together show."""
    broken = _first_bad(rows, mean, signs, at)
    first_bad = float(broken.numbers["weight"]) if broken else None
    sound = [point for point in mean if first_bad is None or point.weight < first_bad]
    jumps = tuple(
        weight
        for weight in _agreed(rows, lambda row: _jumps(row, at), at)
        if first_bad is None or weight < first_bad
    )
    reasons = [broken] if broken else []
    reasons += [_why_jump(rows, weight) for weight in jumps]
    onset, needed = _onset(sound or mean, at)
    if onset is None:
        most = max((point.from_zero for point in mean), default=0.0)
        reasons.append(Reason("onset", "never-shows", {"most": most, "needed": needed}))
        return Side(tuple(mean), first_bad=first_bad, jumps=jumps, reasons=tuple(reasons))
    numbers = {"weight": onset.weight, "distance": onset.from_zero, "needed": needed}
    reasons.append(Reason("onset", "shows", numbers))
    good = [point for point in sound if point.weight >= onset.weight and not point.is_zero]
    if not good:
        reasons.append(Reason("best", "all-bad", {}))
        return Side(
            tuple(mean), onset.weight, first_bad=first_bad, jumps=jumps, reasons=tuple(reasons)
        )
    best, why = find_best(mean, good, needed, at)
    return Side(
        points=tuple(mean),
        onset=onset.weight,
        low=good[0].weight,
        best=best.weight,
        high=good[-1].weight,
        first_bad=first_bad,
        jumps=jumps,
        reasons=(*reasons, why),
    )


def onset_of(row: Row, at: Thresholds) -> float | None:
    """Return the weight at which one row begins to show."""
    onset, _ = _onset(row, at)
    return onset.weight if onset else None


def broken_from(row: Row, at: Thresholds) -> float | None:
    """Return the lowest weight at which one row breaks."""
    found = _break(row, at)
    return found[0].weight if found else None


def _onset(points: Row, at: Thresholds) -> tuple[Point | None, float]:
    most = max((point.from_zero for point in points), default=0.0)
    needed = max(at.visible, at.shows * min(most, at.plain))
    return next((point for point in points if point.from_zero >= needed), None), needed


def _agreed(
    rows: Sequence[Row], weights_of: Callable[[Row], Iterable[float]], at: Thresholds
) -> list[float]:
    """Return the weights that enough of the rows which have them name, ascending."""
    named = [set(weights_of(row)) for row in rows]
    had = [{point.weight for point in row} for row in rows]
    return [
        weight
        for weight in sorted(set().union(*had))
        if sum(weight in one for one in named) >= at.agreed * sum(weight in one for one in had)
        and any(weight in one for one in named)
    ]


# --- Where it breaks ----------------------------------------------------------------------------


def _first_bad(
    rows: Sequence[Row], mean: Sequence[Point], signs: Sequence[Sign], at: Thresholds
) -> Reason | None:
    """Return why the lowest bad weight is bad."""
    weights = _agreed(rows, lambda row: _bad(row, at), at)
    by_rows = weights[0] if weights else math.inf
    sign = next((sign for sign in signs if sign.breaks and sign.weight > 0), None)
    if sign is not None and sign.weight <= by_rows:
        return sign.why_bad()
    if not weights:
        return None
    breaks = [found for row in rows if (found := _break(row, at)) and found[0].weight <= by_rows]
    _, code = max(breaks, key=lambda found: found[0].weight)
    together = next(point for point in mean if point.weight == by_rows)
    distance = together.from_previous if code == "leaves" else together.from_zero
    return Reason("first_bad", code, {"weight": by_rows, "distance": distance})


def _bad(row: Row, at: Thresholds) -> list[float]:
    found = _break(row, at)
    return [point.weight for point in row if found and point.weight >= found[0].weight]


def _break(row: Row, at: Thresholds) -> tuple[Point, str] | None:
    """Return the point at which a row breaks, and the code of why."""
    for place, point in enumerate(row):
        if point.saw_nan:
            return point, "no-number"
        if point.from_zero >= at.broken:
            return point, "nothing-left"
        was_plain = place > 0 and row[place - 1].from_zero >= at.plain
        if was_plain and point.from_previous >= _far(point.step, at):
            return point, "leaves"
    return None


def _far(step: float, at: Thresholds) -> float:
    """
    Return from where on a step leads away.

    What breaks up wanders: the distance grows with the root of the way, and no further than to a
    picture of which nothing is left. A short step proves no less: a jump may need two of them.
    """
    return min(at.leaves * math.sqrt(max(step / USUAL_STEP, 1.0)), 0.9 * at.broken)


# --- Where it jumps -----------------------------------------------------------------------------


def _jumps(row: Row, at: Thresholds) -> list[float]:
    """Return the weights at the end of steps that change the cell far more than usual, and much."""
    steps = row[1:]
    return [
        point.weight
        for place, point in enumerate(steps)
        if point.from_previous >= at.plain / 2 and _stands_out(steps, place, at)
    ]


def _stands_out(steps: Sequence[Point], place: int, at: Thresholds) -> bool:
    """Tell whether a step is far above the middle of the others, and comes without warning."""
    rate, usual = steps[place].rate, _usual_rate(steps, without=place)
    if usual is None or rate < at.jump * usual:
        return False
    return place == 0 or rate >= at.sudden * steps[place - 1].rate


def _usual_rate(steps: Sequence[Point], *, without: int) -> float | None:
    """Return the rate of half of the way; many short steps in one place are no more of it."""
    others = sorted((*steps[:without], *steps[without + 1 :]), key=lambda step: step.rate)
    half, walked = sum(step.step for step in others) / 2, 0.0
    for step in others:
        walked += step.step
        if walked >= half - 1e-9:
            return step.rate
    return None


def _why_jump(rows: Sequence[Row], weight: float) -> Reason:
    ratios, before = [], 0.0
    for row in rows:
        steps = row[1:]
        place = next((n for n, point in enumerate(steps) if point.weight == weight), None)
        if place is None:
            continue
        before = row[place].weight
        usual = _usual_rate(steps, without=place)
        ratios.append(steps[place].rate / usual if usual else math.inf)
    finite = [ratio for ratio in ratios if math.isfinite(ratio)] or [0.0]
    numbers = {"before": before, "weight": weight, "times": statistics.median(finite)}
    return Reason("jumps", "jump", numbers)
