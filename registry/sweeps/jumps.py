"""
Where one step of weight changes a cell far more than the others do.

Scenes do not jump together, so it is looked for row by row. What makes most of a picture's way from
weight 0 in one step *comes at once*: what creeps before it is not yet the adapter.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from registry.sweeps.points import ZERO, Row
from registry.sweeps.reasons import Reason
from registry.sweeps.thresholds import USUAL_STEP, Thresholds

MOST_OF_IT = 0.7  # of the way from weight 0, and plainly: less is a change among others
MOST_ROWS = 2 / 3  # have it, and it is there; the last may be a scene that resists


def jumps_of(row: Row, at: Thresholds) -> list[float]:
    """Return the weights at the end of steps that change the cell far more than usual, and much."""
    return [
        point.weight
        for place, point in enumerate(row[1:])
        if point.from_previous >= at.plain / 2 and _stands_out(row[1:], place, at)
    ]


def agreed(rows: Sequence[Row], at: Thresholds) -> list[float]:
    """
    Return the weights that enough of the rows jump to, ascending.

    Jumps less than a usual step apart are one: how they lie in it is what fine steps tell. So are
    those that share a step, which one row makes in two.
    """
    named = sorted(
        (ends, begins, place)
        for place, row in enumerate(rows)
        for begins, ends in (*_alone(row, at), *_in_two_steps(row, at))
    )
    groups: list[list[tuple[float, float, int]]] = []
    for one in named:
        ends, begins, _ = one
        first = groups[-1][0][0] if groups else -math.inf
        if ends - first < USUAL_STEP - ZERO or begins < first - ZERO:
            groups[-1].append(one)
        else:
            groups.append([one])
    return [
        statistics.median_low(ends for ends, _, _ in group)
        for group in groups
        if len({place for _, _, place in group}) >= at.agreed * len(rows)
    ]


def _alone(row: Row, at: Thresholds) -> list[tuple[float, float]]:
    """Return the weights that each step which is a jump leads from and to."""
    sudden = jumps_of(row, at)
    return [(one.weight, other.weight) for one, other in pairwise(row) if other.weight in sudden]


def _in_two_steps(row: Row, at: Thresholds) -> list[tuple[float, float]]:
    """
    Return the weights that the two halves of a step lead from and to, if it was a jump as a whole.

    Who looks in its middle, and nowhere in the middle of the step before, is to see no less of it.
    """
    known, found = set(jumps_of(row, at)), []
    for place in range(2, len(row)):
        before, middle, after = row[place - 2 : place + 1]
        length = middle.step + after.step
        if known & {middle.weight, after.weight} or length > before.step + ZERO:
            continue
        # Not straight, but not back again either: the way is about the root of both.
        gone = math.hypot(middle.from_previous, after.from_previous)
        whole = replace(after, step=length, from_previous=gone)
        steps = [*row[1 : place - 1], whole, *row[place + 1 :]]
        if gone >= at.plain / 2 and _stands_out(steps, place - 2, at):
            found.append((before.weight, after.weight))
    return found


def comes_at_once(rows: Sequence[Row], at: Thresholds) -> list[tuple[float, float]]:
    """
    Return the steps in which rows come, by the weights each leads from and to, the earliest first;
    a row that comes otherwise has none.
    """
    steps = [_coming(row, at) for row in rows]
    return sorted((step for step in steps if step), key=lambda step: step[1])


def _coming(row: Row, at: Thresholds) -> tuple[float, float] | None:
    sudden = jumps_of(row, at)
    for before, after in pairwise(row):
        if after.from_zero < at.plain:
            continue
        at_once = after.from_previous >= MOST_OF_IT * after.from_zero
        return (before.weight, after.weight) if at_once and after.weight in sudden else None
    return None


def in_most(steps: Sequence[tuple[float, float]], rows: int) -> tuple[float, float] | None:
    """Return the step by which most rows have come, None if most come otherwise."""
    number = math.ceil(MOST_ROWS * rows)
    return steps[number - 1] if 0 < number <= len(steps) else None


def _stands_out(steps: Row, place: int, at: Thresholds) -> bool:
    """Tell whether a step is far above the middle of the others, and comes without warning."""
    rate, usual = steps[place].rate, _usual_rate(steps, without=place)
    if usual is None or rate < at.jump * usual:
        return False
    return place == 0 or rate >= at.sudden * steps[place - 1].rate


def _usual_rate(steps: Row, *, without: int) -> float | None:
    """Return the rate of half of the way; many short steps in one place are no more of it."""
    others = sorted((*steps[:without], *steps[without + 1 :]), key=lambda step: step.rate)
    half, walked = sum(step.step for step in others) / 2, 0.0
    for step in others:
        walked += step.step
        if walked >= half - 1e-9:
            return step.rate
    return None


def why(rows: Sequence[Row], weight: float) -> Reason:
    """Return how much larger than usual the step to a weight is, in the rows that have it."""
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
