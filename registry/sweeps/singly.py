"""
How much is left of each scene by itself, where `apart` says how much is left of all together.

An adapter that eats one scene after the other leaves enough of them on the average for long, and a
person calls it broken when most are gone. So of the difference between two scenes that part is
taken that lies along what the one of them is without the adapter: `own`, 1 at weight 0.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from registry.sweeps.apart import Pattern, are_apart, at_weight, difference, product, shown
from registry.sweeps.circumstances import had_come, has_fewer_edges, is_far_off
from registry.sweeps.points import Point, Row, zero_of
from registry.sweeps.thresholds import LEFT_OVER, MANY_EDGES, Thresholds

OWN = "own"
FRAYED = 0.4  # of a scene and its edges, at most
FAR_ENOUGH = 0.75  # of a plain change, at least: what is nearer is smaller, or elsewhere


def with_own(rows: Sequence[Row]) -> list[list[Point]]:
    """Return the rows with the fact `own` at each weight where another row shows another scene."""
    return [_with(row, _shares(row, rows)) for row in rows]


def is_lost(walk: Row, at: Thresholds) -> bool:
    """
    Tell whether a scene is lost at the end of the walk, and not just larger, or elsewhere.

    With twice the edges most are of something else, of a pattern that lies over everything: there
    the share that is the scene's own says little, and only all scenes together are asked. With
    fewer, long after it had come, the same share of them is so much less of the scene.
    """
    zero, point = walk[0], walk[-1]
    own, edges = point.facts.get(OWN, 1.0), _edges_left(point, zero)
    if edges >= MANY_EDGES:
        return False
    if has_fewer_edges(point, zero) and had_come(walk, OWN, at):
        return own * edges <= LEFT_OVER
    return own <= LEFT_OVER and is_far_off(point, zero, at)


def has_frayed(point: Point, zero: Point, at: Thresholds) -> bool:
    """
    Tell whether most of a scene is gone: not lost beyond doubt, but no picture to suggest any more.

    Where people say that at most one scene of three has lost its thing, it is 0.4 by the middle of
    23 adapters, within a step of the sheet in most.
    """
    left = point.facts.get(OWN, 1.0) * min(_edges_left(point, zero), 1.0)
    return left <= FRAYED and point.from_zero >= FAR_ENOUGH * at.plain


def _edges_left(point: Point, zero: Point) -> float:
    """Return how many times the edges without the adapter there are; 1 if nobody counted them."""
    without = zero.facts.get("detail", 0.0)
    return point.facts.get("detail", without) / without if without else 1.0


def _with(row: Row, shares: dict[float, list[float]]) -> list[Point]:
    return [
        replace(point, facts={**point.facts, OWN: statistics.fmean(shares[point.weight])})
        if point.weight in shares
        else point
        for point in row
    ]


def _shares(row: Row, rows: Sequence[Row]) -> dict[float, list[float]]:
    """Return what is left of the row's scene at each weight, as each of the other scenes has it."""
    shares = defaultdict(list)
    own = shown(zero_of(row))
    for other in rows:
        others = shown(zero_of(other))
        if not are_apart(own, others):
            continue
        for point in row:
            apart = difference(point, at_weight(other, point.weight))
            if apart is not None:
                shares[point.weight].append(_share(apart, own, others))
    return shares


def _share(apart: Pattern, own: Pattern, others: Pattern) -> float:
    """Return how much of `own` is in the pattern, if it is made of that less so much of another."""
    alike = product(own, others)
    return (product(apart, own) - alike * product(apart, others)) / (1 - alike**2)
