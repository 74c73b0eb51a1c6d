"""A response curve as a drawing: numbers in, places in a 720 × 190 picture out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from registry.models import Curve

LEFT, RIGHT = 30.0, 690.0  # the slider over it is inset by as much
TOP, BOTTOM = 28.0, 158.0
LEAST_TOP = 0.05  # a curve that hardly rises is not drawn as if it did


@dataclass(frozen=True, slots=True)
class Dot:
    weight: float
    from_zero: float
    from_previous: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Where each thing stands; None for what was not found."""

    dots: tuple[Dot, ...]
    line: str
    area: str
    band: tuple[float, float] | None  # x and width of the suggested range
    best: float | None
    first_bad: float | None
    jumps: tuple[float, ...]
    curve: Curve
    left: float = LEFT
    right: float = RIGHT
    top: float = TOP
    bottom: float = BOTTOM
    below: float = BOTTOM + 22

    @property
    def middle(self) -> float:
        """Where the suggested range has its middle."""
        return self.band[0] + self.band[1] / 2 if self.band else self.left


def draw(curve: Curve | None) -> Drawing | None:
    """Return the drawing of a curve; None where there is no curve, or too little of one."""
    points = curve.points if curve else []
    if curve is None or len(points) < 2:
        return None
    weights = [float(point["weight"]) for point in points]
    across = _Scale(min(weights), max(weights), LEFT, RIGHT)
    highest = max(LEAST_TOP, *(float(point["from_zero"]) for point in points))
    up = _Scale(0.0, highest, BOTTOM, TOP)
    dots = tuple(
        Dot(
            weight=float(point["weight"]),
            from_zero=float(point["from_zero"]),
            from_previous=float(point.get("from_previous") or 0.0),
            x=across(float(point["weight"])),
            y=up(float(point["from_zero"])),
        )
        for point in points
    )
    line = _smooth([(dot.x, dot.y) for dot in dots])
    band = None
    if curve.low is not None and curve.high is not None:
        band = (across(curve.low), across(curve.high) - across(curve.low))
    return Drawing(
        dots=dots,
        line=line,
        area=f"{line} L{dots[-1].x:.1f} {BOTTOM:.1f} L{dots[0].x:.1f} {BOTTOM:.1f} Z",
        band=band,
        best=None if curve.best is None else across(curve.best),
        first_bad=None if curve.first_bad is None else across(curve.first_bad),
        jumps=tuple(across(float(weight)) for weight in curve.jumps),
        curve=curve,
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        span = self.high - self.low or 1.0
        share = min(1.0, max(0.0, (value - self.low) / span))
        return round(self.start + share * (self.end - self.start), 1)


def _smooth(points: Sequence[tuple[float, float]]) -> str:
    """Return an SVG path through the points that bends, but never above or below them."""
    path = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = (x0 + x1) / 2
        path.append(f"C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}")
    return " ".join(path)
