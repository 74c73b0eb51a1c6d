"""
Signs of being driven too far: cells that have come too far from weight 0, fact by fact.

A sign is told of a weight if enough of the rows show it there; what only all rows together can show
is told of their mean. Some only stand beside the curve. A weight with one that `breaks` is bad,
however smoothly it got there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from registry.sweeps.circumstances import circumstances
from registry.sweeps.points import Point, Row, zero_of
from registry.sweeps.reasons import Reason, shortened
from registry.sweeps.thresholds import LIMITS, Limit, Thresholds


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
    codes = {(sign.weight, sign.code) for sign in found} | circumstances(mean, at)
    return [_in_company(sign, codes) for sign in found]


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
