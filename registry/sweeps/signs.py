"""
Signs of being driven too far: cells that have come too far from weight 0, fact by fact.

A sign is told of a weight if enough of the rows show it there; what only all rows together can show
is told of their mean. Some only stand beside the curve. A weight with one that `breaks` is bad,
however smoothly it got there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from registry.sweeps.points import ZERO, Point, Row, pace, zero_of
from registry.sweeps.reasons import Reason, shortened
from registry.sweeps.thresholds import (
    FAR_OFF,
    LATER,
    LIMITS,
    RESTLESS,
    USUAL_STEP,
    Limit,
    Thresholds,
)

HAD_COME = 0.75  # of the way from weight 0: the rest is what goes on behind it
LONG = 2 * USUAL_STEP  # of weight; what is nearer may still be coming
STILL_APART = 0.37  # of what tells scenes apart: twice what is called lost
FEWER = 0.85  # of the detail without it, at most; redrawn things differ by a tenth
FURTHER = 1.2  # times a plain change: what is larger, smaller or elsewhere comes to less


@dataclass(frozen=True, slots=True)
class Sign:
    """A fact that is past its limit at one weight, in `share` of the rows."""

    weight: float
    code: str
    value: float
    at_zero: float
    share: float
    breaks: bool

    def mirrored(self) -> Sign:
        return replace(self, weight=-self.weight)

    @property
    def numbers(self) -> dict[str, float]:
        times = self.value / self.at_zero if self.at_zero else 0.0
        told = {"value": self.value, "at_zero": self.at_zero, "times": times}
        return {"weight": self.weight} | told

    def why_bad(self) -> Reason:
        """Return the reason that this makes its weight bad."""
        return Reason("first_bad", self.code, self.numbers)

    def as_stored(self) -> dict[str, Any]:
        told = {"code": self.code, "share": self.share, "breaks": self.breaks}
        return shortened(self.numbers | told)


def signs_of(rows: Sequence[Row], mean: Sequence[Point], at: Thresholds) -> list[Sign]:
    """Return the signs of one side, weights ascending."""
    found = [
        sign
        for point in mean
        if not point.is_zero
        for limit in LIMITS
        if (sign := _sign(limit, rows, mean, point, at)) is not None
    ]
    codes = {(sign.weight, sign.code) for sign in found} | _circumstances(mean, at)
    return [_in_company(sign, codes) for sign in found]


def _circumstances(mean: Sequence[Point], at: Thresholds) -> set[tuple[float, str]]:
    """
    Return the weights at which what happens is more than a change of size or place.

    There it is far from weight 0, or what already showed goes on changing much; no jump does that.
    Or it goes where it had come and scenes were told apart.
    """
    far = {
        (point.weight, FAR_OFF) for point in mean if point.from_zero >= _far_off(point, mean, at)
    }
    much = at.plain / 2
    restless = {
        (after.weight, RESTLESS)
        for before, after in pairwise(mean)
        if before.from_zero >= much and pace(after) >= much
    }
    return far | restless | {(weight, LATER) for weight in _lost_later(mean)}


def _far_off(point: Point, mean: Sequence[Point], at: Thresholds) -> float:
    """Return what no change of size or place comes to: of fewer edges, less can have become."""
    return at.plain if _fewer_edges(point, mean[0]) else FURTHER * at.plain


def _lost_later(mean: Sequence[Point]) -> list[float]:
    """
    Return the weights long behind where most of the way had been gone and scenes were told apart.

    What makes things larger, or moves them, loses them as it comes. What loses them only when it
    had come is no effect but a ruin; and edges go with them.
    """
    return [
        point.weight
        for place, point in enumerate(mean)
        if _had_come(mean[: place + 1]) and _fewer_edges(point, mean[0])
    ]


def _had_come(walk: Sequence[Point]) -> bool:
    """Tell whether scenes were told apart where most of the way was gone, long before its end."""
    wanted = HAD_COME * walk[-1].from_zero
    for before, after in pairwise(walk):
        if after.from_zero >= wanted > before.from_zero:
            share = (wanted - before.from_zero) / (after.from_zero - before.from_zero)
            weight = _between(before.weight, after.weight, share)
            kept = _between(before.facts.get("kept", 0.0), after.facts.get("kept", 0.0), share)
            return kept >= STILL_APART and walk[-1].weight - weight >= LONG - ZERO
    return False


def _between(one: float, other: float, share: float) -> float:
    return one + share * (other - one)


def _fewer_edges(point: Point, zero: Point) -> bool:
    return point.facts.get("detail", 0.0) <= FEWER * zero.facts.get("detail", 0.0)


def _in_company(sign: Sign, codes: set[tuple[float, str]]) -> Sign:
    """Return the sign as one that breaks nothing if it stands alone and needs company."""
    company = next(limit.company for limit in LIMITS if limit.code == sign.code)
    stands_alone = not any((sign.weight, code) in codes for code in company)
    return replace(sign, breaks=False) if company and stands_alone else sign


def _sign(
    limit: Limit, rows: Sequence[Row], mean: Sequence[Point], together: Point, at: Thresholds
) -> Sign | None:
    zero = zero_of(mean)
    if zero is None or limit.fact not in together.facts or limit.fact not in zero.facts:
        return None
    told = [
        limit.is_past(point.facts[limit.fact], own_zero.facts[limit.fact])
        for row in rows
        if (own_zero := zero_of(row)) and limit.fact in own_zero.facts
        for point in row
        if point.weight == together.weight and limit.fact in point.facts
    ] or [limit.is_past(together.facts[limit.fact], zero.facts[limit.fact])]
    if not any(told) or sum(told) < at.agreed * len(told):
        return None
    return Sign(
        weight=together.weight,
        code=limit.code,
        value=together.facts[limit.fact],
        at_zero=zero.facts[limit.fact],
        share=sum(told) / len(told),
        breaks=limit.breaks,
    )
