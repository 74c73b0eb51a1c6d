"""
What one side of a sweep says, read from weight 0 outwards: where it shows, is best, and breaks.

What happens suddenly is looked for in each row, since scenes do not jump together, and counts if
half of them agree: one scene may be lucky. Three things are told apart. A cell *shows* the adapter
when it differs visibly from the one without it. It *jumps* when one step of weight changes it far
more than the others do. It is *bad* when little of the scene is left, or when it shows the adapter
plainly and the next step takes it somewhere else again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from registry.sweeps import jumps as sudden
from registry.sweeps.best import find_best
from registry.sweeps.breaks import bad_in_part_of, first_bad_of
from registry.sweeps.points import Point, Row
from registry.sweeps.reasons import Reason
from registry.sweeps.signs import Sign
from registry.sweeps.singly import has_frayed
from registry.sweeps.thresholds import Thresholds

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
    first_bad_in_part: float | None = None
    jumps: tuple[float, ...] = ()
    reasons: tuple[Reason, ...] = ()


def read(rows: Sequence[Row], mean: Sequence[Point], signs: Sequence[Sign], at: Thresholds) -> Side:
    """Return what the rows of one side say; `mean` is of them, with what only all together show."""
    broken = first_bad_of(rows, mean, signs, at)
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
    high, frays = _end_of([point.weight for point in good], best.weight, rows, at)
    return Side(
        points=tuple(mean),
        onset=onset.weight,
        low=good[0].weight,
        best=best.weight,
        high=high,
        first_bad=first_bad,
        jumps=jumps,
        reasons=(*reasons, why, *frays),
    )


def _end_of(
    good: Sequence[float], best: float, rows: Sequence[Row], at: Thresholds
) -> tuple[float, list[Reason]]:
    """
    Return the last of the good weights to suggest, and why not a further one, if there is one.

    What is bad is bad beyond doubt; long before, scenes fray. None is suggested from where on half
    of them have.
    """
    beyond = [weight for weight in good if weight > best]
    for before, weight in pairwise([best, *beyond]):
        there = [(point, row[0]) for row in rows for point in row if point.weight == weight]
        frayed = sum(has_frayed(point, zero, at) for point, zero in there)
        if frayed >= at.agreed * len(there):
            numbers = {"high": before, "weight": weight, "frayed": frayed, "rows": len(there)}
            return before, [Reason("high", "frays", numbers)]
    return good[-1], []


def with_bad_in_part(side: Side, rows: Sequence[Row], at: Thresholds) -> Side:
    """Return the side, of one that holds with where some of its rows break all the same."""
    why = bad_in_part_of(rows, at) if side.first_bad is None else None
    if why is None:
        return side
    weight = float(why.numbers["weight"])
    return replace(side, first_bad_in_part=weight, reasons=(why, *side.reasons))


def onsets_of(rows: Sequence[Row], at: Thresholds) -> list[float]:
    """Return the weight at which each row begins to show, of those that do."""
    steps = sudden.comes_at_once(rows, at)
    if len(steps) == len(rows):
        return [weight for _, weight in steps]
    return [onset.weight for row in rows if (onset := _onset(row, at)[0]) is not None]


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
