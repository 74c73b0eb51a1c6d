"""
At which weights to look next: five to begin with, then more only where something happens.

A grid is planned in rounds. After each, the rows that the curve is drawn from say where
neighbouring pictures differ; those steps are halved, the widest change first, until what is left
between two weights is small or the steps are. Where nothing is bad at the highest weight that
people use, the sweep goes on above it until the first bad weight is found, since breakdown often
lies there. An adapter that is a slider has two sides, and each is looked at like this.

Every row of a grid is rendered at the same weights in the end, so that it stays a matrix.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from itertools import pairwise

from registry.sweeps.measure import Curve, measure
from registry.sweeps.points import Row, above, below
from registry.sweeps.thresholds import MEASURES, USUAL, Thresholds

FIRST = (0.0, 0.3, 0.6, 0.9, 1.2)
BEYOND = ((1.5, 2.0), (2.5, 3.0))  # two at a time: a round of its own costs as much as the second
MOST = 3.0
LARGE = 0.5  # of a plain change: a step that changes less says all there is to say about it
STRIKING = 1.0  # of a plain change: where it lies matters more than what is beyond
NOTHING = 0.05  # of what can be seen: three times the weight does not show it either
FINEST = 0.05
FINEST_BEYOND = 0.15  # past the last of FIRST, where nobody picks a weight to the second digit


def first_weights(*, slider: bool = False) -> tuple[float, ...]:
    """Return the weights of the first round; a slider's are the same below 0."""
    below = [-weight for weight in FIRST if weight] if slider else []
    return tuple(sorted({*FIRST, *below}))


def next_weights(
    rows: Iterable[Row], *, by: str = USUAL, slider: bool = False, most: int = 16
) -> tuple[float, ...]:
    """
    Return the weights of the next round, ascending; () where enough is known.

    Each row has a point for every weight so far, ascending, and distances by the measure `by`.
    There will never be more than `most` weights, but the first round is always whole.
    """
    rows = [row for row in rows if row]
    known = {point.weight for row in rows for point in row}
    first = [weight for weight in first_weights(slider=slider) if weight not in known]
    if first:
        return tuple(first)
    curve = measure(rows, by=by)
    wanted = _on_a_side([above(row) for row in rows], curve.first_bad, curve)
    if slider:
        mirrored = _on_a_side([below(row) for row in rows], curve.first_bad_below, curve)
        wanted += [(urgency, -weight) for urgency, weight in mirrored]
    wanted.sort(key=lambda one: (-one[0], abs(one[1]), one[1]))
    room = max(most - len(known), 0)
    return tuple(sorted(weight for _, weight in wanted[:room]))


def _on_a_side(rows: Sequence[Row], bad: float | None, curve: Curve) -> list[tuple[float, float]]:
    """Return the weights to look at on one side of 0, each with how urgent it is."""
    at, first_bad = MEASURES[curve.measure], None if bad is None else abs(bad)
    found = _halves(rows, first_bad, at)
    if bad is None or _was_seen_once(bad, curve):
        found += [(1.0, weight) for weight in _further(rows, at)]
    return found


def _was_seen_once(bad: float, curve: Curve) -> bool:
    """Tell whether a break rests on the last weight alone, so that one beyond is to bear it out."""
    doubts = (reason for reason in curve.reasons if reason.code == "seen-once")
    return any(reason.numbers["weight"] == bad for reason in doubts)


def _further(rows: Sequence[Row], at: Thresholds) -> tuple[float, ...]:
    """Return the next weights past the highest, unless nothing comes of it out there either."""
    highest = max(point.weight for point in rows[0])
    most = max(point.from_zero for row in rows for point in row)
    if most < NOTHING * at.visible:
        return ()
    beyond = (tuple(one for one in pair if one > highest) for pair in BEYOND)
    return next((pair for pair in beyond if pair), ())


def _halves(
    rows: Sequence[Row], first_bad: float | None, at: Thresholds
) -> list[tuple[float, float]]:
    """Return the middle of each step worth halving, that into the first bad weight in any case."""
    found = []
    for place, (before, after) in enumerate(pairwise(rows[0]), start=1):
        if first_bad is not None and before.weight >= first_bad:
            break  # what happens to a broken cell is of no use to anybody
        middle = _middle(before.weight, after.weight)
        change = statistics.fmean(row[place].from_previous for row in rows) / at.plain
        matters = change >= STRIKING or after.weight == first_bad
        if middle is not None and (matters or change >= LARGE):
            found.append((1.0 + change if matters else change, middle))
    return found


def _middle(low: float, high: float) -> float | None:
    """Return a round weight between the two; None where they are next to one another."""
    finest = FINEST_BEYOND if high > FIRST[-1] else FINEST
    if (high - low) / 2 < finest - 1e-9:
        return None
    return round(round((low + high) / 2 / FINEST) * FINEST, 2)
