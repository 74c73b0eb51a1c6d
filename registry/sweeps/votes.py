"""Where a version works for those who use it, out of what each of them said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

ENOUGH = 3  # votes, before a range is made of them


@dataclass(frozen=True, slots=True)
class VotedRange:
    """Half of the voters are within `low` and `high`; as many use less as use more than `best`."""

    low: float
    high: float
    best: float


def range_of(weights: Sequence[float]) -> VotedRange | None:
    """
    Return the range that members use, None where too few have said.

    It is the middle half, so that one who uses ten times as much does not move it.
    """
    if len(weights) < ENOUGH:
        return None
    low, _, high = quantiles(weights, n=4, method="inclusive")
    return VotedRange(round(low, 2), round(high, 2), round(median(weights), 2))
