"""
Circumstances under which what is lost is a ruin, and no change of size or place.

What makes things larger, or puts them elsewhere, loses what tells scenes apart as well. No such
effect is as far from weight 0 as a ruin is, nor goes on losing them when it had come long before.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from registry.sweeps.points import ZERO, Point, Row, pace
from registry.sweeps.thresholds import FAR_OFF, LATER, RESTLESS, USUAL_STEP, Thresholds

LONG = 2 * USUAL_STEP  # of weight; what is nearer may still be coming
STILL_APART = 0.37  # of what tells scenes apart: twice what is called lost
FEWER = 0.85  # of the detail without it, at most; redrawn things differ by a tenth
FURTHER = 1.2  # times a plain change: what is larger, smaller or elsewhere comes to less


def circumstances(mean: Sequence[Point], at: Thresholds) -> set[tuple[float, str]]:
    """Return the weights of the mean that each circumstance holds at."""
    far = {(point.weight, FAR_OFF) for point in mean if is_far_off(point, mean[0], at)}
    much = at.plain / 2
    restless = {
        (after.weight, RESTLESS)
        for before, after in pairwise(mean)
        if before.from_zero >= much and pace(after) >= much
    }
    later = {
        (point.weight, LATER)
        for place, point in enumerate(mean)
        if had_come(mean[: place + 1], "kept", at) and has_fewer_edges(point, mean[0])
    }
    return far | restless | later


def is_far_off(point: Point, zero: Point, at: Thresholds) -> bool:
    """Tell whether no change of size or place comes to that; of fewer edges, less has become."""
    far = at.plain if has_fewer_edges(point, zero) else FURTHER * at.plain
    return point.from_zero >= far


def had_come(walk: Row, fact: str, at: Thresholds) -> bool:
    """
    Tell whether most of the way was gone long before its end, and scenes were told apart by then.

    What makes things larger or moves them loses them as it comes. What loses them only when it had
    come is no effect but a ruin. `fact` is the one that says how much of them is left.
    """
    wanted = at.enough * walk[-1].from_zero
    for before, after in pairwise(walk):
        if after.from_zero >= wanted > before.from_zero:
            share = (wanted - before.from_zero) / (after.from_zero - before.from_zero)
            weight = _between(before.weight, after.weight, share)
            left = _between(before.facts.get(fact, 0.0), after.facts.get(fact, 0.0), share)
            return left >= STILL_APART and walk[-1].weight - weight >= LONG - ZERO
    return False


def has_fewer_edges(point: Point, zero: Point) -> bool:
    return point.facts.get("detail", 0.0) <= FEWER * zero.facts.get("detail", 0.0)


def _between(one: float, other: float, share: float) -> float:
    return one + share * (other - one)
