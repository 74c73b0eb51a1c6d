"""Why a curve may be wrong: what was not looked at, and where the rows do not tell one story."""

from __future__ import annotations

import math
from collections.abc import Sequence

from registry.sweeps.breaks import OF_ROWS, broken_from
from registry.sweeps.points import Row
from registry.sweeps.reasons import Reason
from registry.sweeps.sides import Side, onsets_of
from registry.sweeps.thresholds import USUAL_STEP, Thresholds

ENOUGH_ROWS = 3  # of two that differ, nobody can say which is the odd one
ENOUGH_WEIGHTS = 5  # fewer leave no step to hold another against
LATE = 4 * USUAL_STEP  # rows that are further apart than this do not agree
MOST = 2 / 3  # of the rows, to be sure of where it breaks
FAR = 3.0  # nobody goes further; what is not bad by then is not going to be
FAINT = 3.0  # times what is visible at all


def doubts(rows: Sequence[Row], side: Side, at: Thresholds) -> list[Reason]:
    """Return every reason not to be sure of what a side says; none means that it is sure."""
    found = [*_too_little(rows, side), *_faint(side, at), *_rows_apart(rows, side, at)]
    highest = side.points[-1].weight if side.points else 0.0
    if side.first_bad is None and highest < FAR:
        found.append(_doubt("not-reached", weight=highest))
    return found


def _doubt(code: str, **numbers: float) -> Reason:
    return Reason("certainty", code, numbers)


def _too_little(rows: Sequence[Row], side: Side) -> list[Reason]:
    found = []
    if len(rows) < ENOUGH_ROWS:
        found.append(_doubt("few-rows", rows=len(rows), needed=ENOUGH_ROWS))
    if len(side.points) < ENOUGH_WEIGHTS:
        found.append(_doubt("few-weights", weights=len(side.points), needed=ENOUGH_WEIGHTS))
    return found


def _faint(side: Side, at: Thresholds) -> list[Reason]:
    if side.high is None:
        return []
    most = max(point.from_zero for point in side.points if point.weight <= side.high)
    return [_doubt("faint", most=most)] if most < FAINT * at.visible else []


def _rows_apart(rows: Sequence[Row], side: Side, at: Thresholds) -> list[Reason]:
    found = []
    best = next((point for point in side.points if point.weight == side.best), None)
    if best is not None and best.spread > at.apart * best.from_zero:
        numbers = {"weight": best.weight, "distance": best.from_zero, "spread": best.spread}
        found.append(_doubt("rows-apart", **numbers))
    if side.onset is not None:
        found += _onsets_apart(rows, side, at)
    if side.first_bad is None:
        found += _some_break(rows, side, at)
    why = next((reason for reason in side.reasons if reason.about == "first_bad"), None)
    if side.first_bad is not None and why is not None and why.code in OF_ROWS:
        found += _breaks_apart(rows, side.first_bad, at)
        found += _seen_once(rows, side, at)
    return found


def _onsets_apart(rows: Sequence[Row], side: Side, at: Thresholds) -> list[Reason]:
    end = side.first_bad if side.first_bad is not None else float("inf")
    cut = [[point for point in row if point.weight < end] for row in rows]
    onsets = onsets_of(cut, at)
    if len(onsets) < len(rows) or max(onsets) - min(onsets) > LATE:
        numbers = {"shown": len(onsets), "rows": len(rows)}
        return [_doubt("onset-apart", low=min(onsets), high=max(onsets), **numbers)]
    return []


def _breaks_apart(rows: Sequence[Row], first_bad: float, at: Thresholds) -> list[Reason]:
    """Doubt a break that too many of the rows are far from."""
    breaks = [broken_from(row, at) for row in rows]
    named = [weight for weight in breaks if weight is not None and weight <= first_bad]
    soon = [weight for weight in breaks if weight is not None and weight <= first_bad + LATE]
    if named and len(soon) < MOST * len(rows):
        return [_doubt("bad-apart", weight=first_bad, bad=len(named), rows=len(rows))]
    return []


def _some_break(rows: Sequence[Row], side: Side, at: Thresholds) -> list[Reason]:
    """Doubt that all is good to the end where one of the rows broke long before."""
    breaks = [weight for row in rows if (weight := broken_from(row, at)) is not None]
    first = min(breaks, default=math.inf)
    if side.points and side.points[-1].weight - first > LATE:
        return [_doubt("bad-apart", weight=first, bad=breaks.count(first), rows=len(rows))]
    return []


def _seen_once(rows: Sequence[Row], side: Side, at: Thresholds) -> list[Reason]:
    """Doubt a break that some of the rows have, and those at the last weight looked at alone."""
    breaks = [weight for row in rows if (weight := broken_from(row, at)) is not None]
    last = side.points[-1].weight
    if side.first_bad == last == min(breaks, default=None) and len(breaks) < len(rows):
        return [_doubt("seen-once", weight=last, bad=len(breaks), rows=len(rows))]
    return []
