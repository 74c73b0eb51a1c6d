"""What an uploader claims of the weight, held against what was measured; neither is changed."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class Verdict(StrEnum):
    NOTHING = "nothing"  # nothing was claimed, or nothing measured
    AGREES = "agrees"  # it lies in the measured range
    BREAKS = "breaks"  # measured, it is bad there
    UNSEEN = "unseen"  # measured, it does not show there yet
    BEYOND = "beyond"  # it lies past what was looked at


class Measured(Protocol):
    """A curve: the pure one, or the one that is stored."""

    onset: float | None
    low: float | None
    high: float | None
    first_bad: float | None
    onset_below: float | None
    first_bad_below: float | None


def hold(best: float | None, high: float | None, measured: Measured | None) -> Verdict:
    """Return what the curve says of the weight that an uploader names: the best, or the highest."""
    claimed = high if best is None else best
    if claimed is None or measured is None or measured.low is None or measured.high is None:
        return Verdict.NOTHING
    above = claimed >= 0
    bad = measured.first_bad if above else measured.first_bad_below
    if bad is not None and abs(claimed) >= abs(bad):
        return Verdict.BREAKS
    onset = measured.onset if above else measured.onset_below
    if onset is None or abs(claimed) < abs(onset):
        return Verdict.UNSEEN
    return Verdict.AGREES if measured.low <= claimed <= measured.high else Verdict.BEYOND
