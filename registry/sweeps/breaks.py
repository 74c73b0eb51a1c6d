"""
Where a side breaks: what is sudden, or gives way, or is lost, row by row; and the signs of all.

It is looked for in each row, since scenes do not break together, and counts if half of them agree,
whichever way each of them went.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from registry.sweeps.points import ZERO, Point, Row, pace
from registry.sweeps.reasons import Reason
from registry.sweeps.signs import Sign
from registry.sweeps.singly import is_lost
from registry.sweeps.thresholds import USUAL_STEP, Thresholds

OF_ROWS = {"leaves", "lost-singly", "nothing-left", "no-number"}  # seen row by row, not of all
# What is far from weight 0 in one scene alone has more of the adapter there than the others have.
OF_ONE_SCENE = OF_ROWS - {"nothing-left"}
LONG = 3 * USUAL_STEP  # of weight: what hardly changes over that has come, and holds
STOOD = 2 * USUAL_STEP  # of weight: an answer that stays so long is what the adapter says
SAME_WORDS = 0.25  # of them are new, at most: one word in four
OTHER_WORDS = 0.4  # of them are new: not the same sentence


@dataclass(frozen=True, slots=True)
class Rest:
    """What is a rest, in shares of a plain change, and how far from it is away."""

    shown: float  # at least, for something to have come
    pace: float  # a usual step, at most
    left: float  # since then; of a step that leads away


# Behind a rest, less is seen to give way than leads away in one step; the deeper it was, the less.
RESTS = (Rest(shown=1.0, pace=1 / 4, left=2 / 3), Rest(shown=1 / 2, pace=1 / 8, left=2 / 5))


def first_bad_of(
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


def bad_in_part_of(rows: Sequence[Row], at: Thresholds) -> Reason | None:
    """Return why it is bad in part: some of the rows break, too few of them for the weight to."""
    breaks = [found for row in rows if (found := _break(row, at)) and found[1] in OF_ONE_SCENE]
    first = min((point.weight for point, _ in breaks), default=None)
    if first is None:
        return None
    bad = sum(point.weight == first for point, _ in breaks)
    numbers = {"weight": first, "bad": bad, "rows": len(rows)}
    return Reason("first_bad_in_part", "bad-in-part", numbers)


def broken_from(row: Row, at: Thresholds) -> float | None:
    """Return the lowest weight at which one row breaks."""
    found = _break(row, at)
    return found[0].weight if found else None


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
        left = _was_plain(row, place, at) and point.from_previous >= _far(point.step, at)
        gone = any(_gave_way(row[: place + 1], at, rest) for rest in RESTS)
        if left or gone or _says_otherwise(row[: place + 1], at):
            return point, "leaves"
        if is_lost(row[: place + 1], at):
            return point, "lost-singly"
    return None


def _was_plain(row: Row, place: int, at: Thresholds) -> bool:
    """
    Tell whether the point before showed the adapter plainly, and had come to do so.

    A jump may be seen in two short steps: what was plain for less than a usual step is on its way.
    """
    if place == 0 or row[place - 1].from_zero < at.plain:
        return False
    hidden = next(p.weight for p in reversed(row[:place]) if p.from_zero < at.plain)
    return row[place - 1].weight - hidden >= USUAL_STEP - 1e-9


def _gave_way(walk: Row, at: Thresholds, rest: Rest) -> bool:
    """
    Tell whether it has gone far since it last hardly changed for long.

    What had come and rested is not on its way any more: where it stirs again, it leads away, in one
    step or in several.
    """
    calm, gone = 0.0, None
    for before, after in pairwise(walk):
        rests = before.from_zero >= rest.shown * at.plain and pace(after) <= rest.pace * at.plain
        calm = calm + after.step if rests else 0.0
        if calm >= LONG - ZERO:
            gone = 0.0
        elif gone is not None and not rests:
            gone += after.from_previous**2
    return math.sqrt(gone or 0.0) >= rest.left * at.leaves


def _says_otherwise(walk: Row, at: Thresholds) -> bool:
    """
    Tell whether an answer that had shown the adapter and come to stand is all of a sudden another.

    What is expected next goes on shifting with every weight, and is no proof of anything by then.
    """
    stood = 0.0
    for before, after in pairwise(walk[:-1]):
        stands = before.from_zero >= at.plain and after.reworded <= SAME_WORDS
        stood = stood + after.step if stands else 0.0
    return stood >= STOOD - ZERO and walk[-1].reworded >= OTHER_WORDS


def _far(step: float, at: Thresholds) -> float:
    """
    Return from where on a step leads away.

    What breaks up wanders: the distance grows with the root of the way, and no further than to a
    picture of which nothing is left. A short step proves no less: a jump may need two of them.
    """
    return min(at.leaves * math.sqrt(max(step / USUAL_STEP, 1.0)), 0.9 * at.broken)
