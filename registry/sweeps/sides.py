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
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from registry.sweeps import jumps as sudden
from registry.sweeps.best import find_best
from registry.sweeps.points import ZERO, Point, Row, pace
from registry.sweeps.reasons import Reason
from registry.sweeps.signs import Sign
from registry.sweeps.thresholds import USUAL_STEP, Thresholds

LONG = 3 * USUAL_STEP  # of weight: what hardly changes over that has come, and holds
SHAKEN = 2 / 3  # of what leads away in one step: behind a rest, less is seen to give way
STOOD = 2 * USUAL_STEP  # of weight: an answer that stays so long is what the adapter says
SAME_WORDS = 0.25  # of them are new, at most: one word in four
OTHER_WORDS = 0.4  # of them are new: not the same sentence
WORD_FOR_WORD = 1 - 1e-9  # of an answer's words are those of the answer without the adapter


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
        weight for weight in sudden.agreed(rows, at) if first_bad is None or weight < first_bad
    )
    reasons = [broken] if broken else []
    reasons += [sudden.why(rows, weight) for weight in jumps]
    steps = sudden.comes_at_once([_until(row, first_bad) for row in rows], at)
    onset, needed = _onset(sound or mean, at, steps if len(steps) == len(rows) else ())
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
    best, why = find_best(mean, good, needed, sudden.in_most(steps, len(rows)), at)
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


def onsets_of(rows: Sequence[Row], at: Thresholds) -> list[float]:
    """Return the weight at which each row begins to show, of those that do."""
    steps = sudden.comes_at_once(rows, at)
    if len(steps) == len(rows):
        return [weight for _, weight in steps]
    return [onset.weight for row in rows if (onset := _onset(row, at)[0]) is not None]


def broken_from(row: Row, at: Thresholds) -> float | None:
    """Return the lowest weight at which one row breaks."""
    found = _break(row, at)
    return found[0].weight if found else None


def _onset(
    points: Row, at: Thresholds, steps: Sequence[tuple[float, float]] = ()
) -> tuple[Point | None, float]:
    """
    Return the point where it begins to show, and what that takes.

    What comes at once in every row, by `steps`, is not there before the first of them: what creeps
    ahead of it is a drift that a person would not take for the adapter. Nor does an answer show it
    that is the same word for word, if a later one is not: what is expected next shifts long before.
    """
    most = max((point.from_zero for point in points), default=0.0)
    needed = max(at.visible, at.shows * min(most, at.plain))
    begins = steps[0][1] if steps else 0.0
    showing = [point for point in points if point.from_zero >= needed and point.weight >= begins]
    reworded = (p for p in showing if p.facts.get("agreement", 0.0) < WORD_FOR_WORD)
    return next(reworded, showing[0] if showing else None), needed


def _until(row: Row, first_bad: float | None) -> Row:
    return [point for point in row if first_bad is None or point.weight < first_bad]


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
        left = _was_plain(row, place, at) and point.from_previous >= _far(point.step, at)
        gone = _wandered(row[: place + 1], at) >= SHAKEN * at.leaves
        if left or gone or _says_otherwise(row[: place + 1], at):
            return point, "leaves"
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


def _wandered(walk: Row, at: Thresholds) -> float:
    """Return how far it has gone since it last hardly changed for long, 0 if it never did."""
    rest, gone = 0.0, None
    for before, after in pairwise(walk):
        calm = before.from_zero >= at.plain and pace(after) <= at.plain / 4
        rest = rest + after.step if calm else 0.0
        if rest >= LONG - ZERO:
            gone = 0.0
        elif gone is not None and not calm:
            gone += after.from_previous**2
    return math.sqrt(gone or 0.0)


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
