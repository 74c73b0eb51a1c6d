"""
What a sweep says about an adapter: where it begins to show, where it is at its best, where it goes.

Only distances and facts go in, so nothing here knows what a cell is: a picture, an answer, a sound.
The curve is the mean over the rows of a grid, with their spread. Every statement comes with its
reason, and with the reasons to doubt it: docs/adr/0014-how-a-curve-is-read.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from registry.sweeps.apart import with_what_is_left
from registry.sweeps.doubts import doubts
from registry.sweeps.points import OverSeeds, Point, Row, above, below, mean_of
from registry.sweeps.reasons import Reason
from registry.sweeps.sides import Side, read, with_bad_in_part
from registry.sweeps.signs import Sign, signs_of
from registry.sweeps.singly import with_own
from registry.sweeps.thresholds import MEASURES, USUAL, Thresholds

__all__ = ["Curve", "Point", "measure"]

OF_WEIGHT = {"weight", "before", "low", "high"}  # numbers of a reason that are weights
OF_A_SIDE = {"onset", "first_bad", "first_bad_in_part"}  # a slider has them below 0 as well


@dataclass(frozen=True, slots=True)
class Curve:
    """
    What the points say. None where they say nothing: an adapter that never shows has no range.

    `low` to `high` is the suggested range, and `best` lies in it; of a slider, `low` is below 0.
    `first_bad` is the lowest weight above 0 at which it breaks, `first_bad_below` the one nearest
    to 0 on the other side. Where it holds but for some scenes, that is None, and they break from
    `first_bad_in_part` on. `jumps` are the weights that a sudden change arrives at.
    """

    measure: str
    points: tuple[Point, ...]
    onset: float | None = None
    best: float | None = None
    low: float | None = None
    high: float | None = None
    first_bad: float | None = None
    first_bad_in_part: float | None = None
    jumps: tuple[float, ...] = ()
    onset_below: float | None = None
    first_bad_below: float | None = None
    first_bad_in_part_below: float | None = None
    certainty: str = "sure"  # or "unsure"
    reasons: tuple[Reason, ...] = ()
    signs: tuple[Sign, ...] = ()
    over_seeds: tuple[OverSeeds, ...] = ()  # the weights that were drawn by further seeds too


def measure(rows: Iterable[Sequence[Point]], *, by: str = USUAL) -> Curve:
    """
    Return the curve of a grid from its rows, each a point a weight, weights ascending.

    :raises KeyError: if no thresholds are known for the measure `by`
    """
    at = MEASURES[by]
    kept = [list(row) for row in rows if row]
    up, signs = _side([above(row) for row in kept], at)
    down, signs_below = _side([below(row) for row in kept], at)
    curve = Curve(
        measure=by,
        points=(*_mirrored(down.points[1:]), *up.points),
        onset=up.onset,
        best=up.best,
        low=up.low,
        high=up.high,
        first_bad=up.first_bad,
        first_bad_in_part=up.first_bad_in_part,
        jumps=up.jumps,
        reasons=up.reasons,
        signs=tuple(signs),
        certainty="unsure" if any(one.about == "certainty" for one in up.reasons) else "sure",
    )
    return _with_below(curve, down, signs_below) if down.points else curve


def _side(rows: Sequence[Row], at: Thresholds) -> tuple[Side, list[Sign]]:
    rows = [row for row in rows if row]
    mean = with_what_is_left(mean_of(rows), rows)
    signs = signs_of(rows, mean, at)
    rows = with_own(rows)
    side = with_bad_in_part(read(rows, mean, signs, at), rows, at)
    if side.best is not None:
        # Below what is best, a fact that is far from weight 0 is what the adapter is for.
        signs = [sign for sign in signs if sign.breaks or sign.weight > side.best]
    side = replace(side, reasons=(*side.reasons, *doubts(rows, side, at)))
    return side, signs


def _with_below(curve: Curve, down: Side, signs: Sequence[Sign]) -> Curve:
    reasons = tuple(_below(reason) for reason in down.reasons)
    doubted = any(reason.about == "certainty" for reason in reasons)
    return replace(
        curve,
        low=-down.high if down.high is not None else curve.low,
        high=curve.high if curve.high is not None else _negative(down.low),
        best=curve.best if curve.best is not None else _negative(down.best),
        onset_below=_negative(down.onset),
        first_bad_below=_negative(down.first_bad),
        first_bad_in_part_below=_negative(down.first_bad_in_part),
        jumps=(*sorted(-weight for weight in down.jumps), *curve.jumps),
        reasons=(*curve.reasons, *reasons),
        signs=(*(sign.mirrored() for sign in reversed(signs)), *curve.signs),
        certainty="unsure" if doubted else curve.certainty,
    )


def _below(reason: Reason) -> Reason:
    """Return a reason of the mirrored side in the weights that people set."""
    turned = {
        name: -value if name in OF_WEIGHT else value
        for name, value in reason.numbers.items()
        if not isinstance(value, str)
    }
    about = f"{reason.about}_below" if reason.about in OF_A_SIDE else reason.about
    about = "low" if about == "high" else about
    return Reason(about, reason.code, turned)


def _mirrored(points: Sequence[Point]) -> list[Point]:
    return [replace(point, weight=-point.weight) for point in reversed(points)]


def _negative(weight: float | None) -> float | None:
    return None if weight is None else -weight
