"""
Which weight of a side is best: the lowest that has most of the effect and is safely past its onset.

Both are read off the curve between the weights that were looked at, not off its steps: how large a
step is, and how calm it is around a weight, depends on which weights were looked at. Only then the
nearest of these is taken, since a weight is called best by somebody who has seen it.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from registry.sweeps.points import Point
from registry.sweeps.reasons import Reason
from registry.sweeps.thresholds import Thresholds

HALF_MADE = 0.75  # of what it takes to be there: with less it is not, though it is near
MOSTLY_SAID = 0.5  # of the words that an answer comes to change
TWICE = 2.0  # times the weight of training: by then, most of what breaks is broken


@dataclass(frozen=True, slots=True)
class Stretch:
    """From the weight where a side begins to show to the one where it breaks, if it does."""

    begins: float
    ends: float

    def way(self, weight: float) -> float:
        """Return how far a weight is into the stretch, 0 to 1."""
        length = self.ends - self.begins
        return min(max((weight - self.begins) / length, 0.0), 1.0) if length > 0 else 0.0

    def at(self, way: float) -> float:
        return self.begins + way * (self.ends - self.begins)


def find_best(
    points: Sequence[Point],
    good: Sequence[Point],
    needed: float,
    come: tuple[float, float] | None,
    at: Thresholds,
) -> tuple[Point, Reason]:
    """
    Return the best of the good weights of a side, and why; `needed` is what it takes to show.

    A weight right behind a jump shows the adapter half made, however far it is from weight 0: so
    part of the way to the break must lie behind it. Of what comes gradually, most must be there,
    and of what is answered, half must be said.
    What comes at once in most of the rows, has come with the step `come`.
    """
    stretch = _stretch(points, good, needed)
    if come is not None:
        stretch = replace(stretch, begins=max(stretch.begins, statistics.fmean(come)))
    needed = at.enough * _usually(good)
    wanted = max(stretch.at(at.within), _reaches(good, needed))
    best = _seen_near(wanted, _said(good), HALF_MADE * needed, at)
    most = max(point.from_zero for point in good)
    numbers = {
        "weight": best.weight,
        "share": round(100 * best.from_zero / most) if most else 0,
        "way": round(100 * stretch.way(best.weight)),
    }
    return best, Reason("best", "within", numbers)


def _seen_near(wanted: float, good: Sequence[Point], least: float, at: Thresholds) -> Point:
    """
    Return the nearer of the good weights on both sides of the one that is wanted.

    It is not the lower one if that does less than the least: there it is half made.

    Where the scenes agree at one of the two alone, it is that one: at the other, some of them show
    the adapter and some do not yet.
    """
    lower = [point for point in good if point.weight <= wanted][-1:]
    upper = [point for point in good if point.weight > wanted][:1]
    around = [*(point for point in lower if point.from_zero >= least or not upper), *upper]
    agreeing = [point for point in around if point.spread <= at.apart * point.from_zero]
    return min(agreeing or around, key=lambda point: round(abs(point.weight - wanted), 6))


def _stretch(points: Sequence[Point], good: Sequence[Point], needed: float) -> Stretch:
    """
    Return the stretch, its ends between the weights that they were found between.

    A sweep that stopped before anything was bad is no reason to stay lower: what was not looked at
    is taken to hold as long as it does with most.
    """
    before = [point for point in points if point.weight < good[0].weight]
    begins = _crossing(before[-1], good[0], needed) if before else good[0].weight
    beyond = [point for point in points if point.weight > good[-1].weight]
    ends = (good[-1].weight + beyond[0].weight) / 2 if beyond else max(TWICE, good[-1].weight)
    return Stretch(begins, ends)


def _reaches(good: Sequence[Point], needed: float) -> float:
    """Return the weight from which on the effect is as large as needed."""
    if good[0].from_zero >= needed:
        return good[0].weight
    for before, after in pairwise(good):
        if after.from_zero >= needed:
            return _crossing(before, after, needed)
    return good[-1].weight


def _said(good: Sequence[Point]) -> list[Point]:
    """
    Return those that say at least half of what an answer comes to say in other words.

    What is expected next shifts long before a word does, and nobody reads that.
    """
    most = max(_reworded(point) for point in good)
    return [point for point in good if _reworded(point) >= MOSTLY_SAID * most]


def _reworded(point: Point) -> float:
    return 1.0 - point.facts.get("agreement", 1.0)


def _crossing(before: Point, after: Point, needed: float) -> float:
    """Return where a straight line between two points comes to what is needed."""
    rise = after.from_zero - before.from_zero
    share = (needed - before.from_zero) / rise if rise > 0 else 1.0
    return before.weight + min(max(share, 0.0), 1.0) * (after.weight - before.weight)


def _usually(good: Sequence[Point]) -> float:
    """Return how far it is from weight 0 on the average over the range, however it was sampled."""
    width = good[-1].weight - good[0].weight
    if not width:
        return good[0].from_zero
    pieces = [
        (after.weight - before.weight) * (after.from_zero + before.from_zero) / 2
        for before, after in pairwise(good)
    ]
    return sum(pieces) / width
