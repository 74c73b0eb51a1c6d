"""
What the rows that do not count say of a curve: whether it holds elsewhere than on plain scenes.

They are never part of the mean. A row in another shape or of an unusual prompt that shows far less,
or breaks where the range says that all is well, is a reason to doubt the curve, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from registry.sweeps.breaks import broken_from
from registry.sweeps.measure import Curve
from registry.sweeps.points import Point, Row, above
from registry.sweeps.reasons import Reason
from registry.sweeps.rows import Role
from registry.sweeps.thresholds import MEASURES, Thresholds

LITTLE = 0.4  # of what the scenes show: their own spread is seldom so wide
WEAKER: Mapping[str, str] = {Role.WIDE: "weaker-wide", Role.UNUSUAL: "weaker-unusual"}
BREAKS: Mapping[str, str] = {Role.WIDE: "breaks-wide", Role.UNUSUAL: "breaks-unusual"}


def doubted(curve: Curve, others: Mapping[str, Row]) -> Curve:
    """Return the curve with what its other rows, by their role, have to say against it."""
    at = MEASURES[curve.measure]
    doubts = [
        doubt
        for role, row in others.items()
        if role in WEAKER
        for doubt in _doubts(curve, role, above(row), at)
    ]
    if not doubts:
        return curve
    return replace(curve, certainty="unsure", reasons=(*curve.reasons, *doubts))


def _doubts(curve: Curve, role: str, row: Row, at: Thresholds) -> list[Reason]:
    if curve.best is None or curve.high is None:
        return []
    found = []
    usual, here = _at(curve.points, curve.best), _at(row, curve.best)
    if usual and here and here.from_zero < LITTLE * usual.from_zero:
        numbers = {"distance": here.from_zero, "usual": usual.from_zero}
        found.append(Reason("certainty", WEAKER[role], {"weight": curve.best} | numbers))
    broken = broken_from(row, at)
    if broken is not None and broken <= curve.high:
        numbers = {"weight": broken, "high": curve.high}
        found.append(Reason("certainty", BREAKS[role], numbers))
    return found


def _at(row: Row, weight: float) -> Point | None:
    return next((point for point in row if point.weight == weight), None)
