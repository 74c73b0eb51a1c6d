"""Decides what each shape looks like, as a signed distance in pixels (negative inside).

Distances rather than masks, because styles need more than inside and outside: a glow fades with
the distance, an outline follows it, and an edge is smooth where the distance crosses zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
Point = tuple[float, float]


def _polygon(x: Field, y: Field, corners: list[Point]) -> Field:
    """Return the exact signed distance to a closed polygon."""
    nearest = np.full_like(x, np.inf)
    inside = np.ones_like(x)
    for (ax, ay), (bx, by) in zip(corners, corners[-1:] + corners[:-1], strict=True):
        ex, ey, wx, wy = bx - ax, by - ay, x - ax, y - ay
        along = np.clip((wx * ex + wy * ey) / (ex * ex + ey * ey), 0, 1)
        nearest = np.minimum(nearest, (wx - ex * along) ** 2 + (wy - ey * along) ** 2)
        crosses = (y >= ay) != (y >= by)
        inside = np.where(crosses & ((ex * wy > ey * wx) == (ey > 0)), -inside, inside)
    return inside * np.sqrt(nearest)


def _circle(x: Field, y: Field, radius: float) -> Field:
    return np.hypot(x, y) - radius


def _square(x: Field, y: Field, radius: float) -> Field:
    # A square as wide as the circle would look larger than it.
    return np.maximum(np.abs(x), np.abs(y)) - radius * 0.88


def _triangle(x: Field, y: Field, radius: float) -> Field:
    corners = [(0.0, -1.0), (1.05, 0.85), (-1.05, 0.85)]
    return _polygon(x, y, [(radius * cx, radius * cy) for cx, cy in corners])


def _star(x: Field, y: Field, radius: float) -> Field:
    corners = []
    for number in range(10):
        reach = radius * (1.15 if number % 2 == 0 else 0.5)
        turn = math.pi * number / 5
        corners.append((reach * math.sin(turn), radius * 0.08 - reach * math.cos(turn)))
    return _polygon(x, y, corners)


def _heart(x: Field, y: Field, radius: float) -> Field:
    unit = radius * 1.75
    px, py = np.abs(x) / unit, 0.56 - y / unit
    lobe = np.hypot(px - 0.25, py - 0.75) - math.sqrt(2) / 4
    middle = 0.5 * np.maximum(px + py, 0)
    tip = np.sqrt(np.minimum(px**2 + (py - 1) ** 2, (px - middle) ** 2 + (py - middle) ** 2))
    return unit * np.where(px + py > 1, lobe, tip * np.sign(px - py))


def _cross(x: Field, y: Field, radius: float) -> Field:
    across, down = np.abs(x), np.abs(y)
    arm = radius * 0.34
    upright = np.maximum(across - arm, down - radius)
    level = np.maximum(across - radius, down - arm)
    return np.minimum(upright, level)


def _moon(x: Field, y: Field, radius: float) -> Field:
    bitten = np.hypot(x - radius * 0.5, y + radius * 0.1) - radius * 0.85
    return np.maximum(np.hypot(x, y) - radius * 1.05, -bitten)


OUTLINES: dict[str, Callable[[Field, Field, float], Field]] = {
    "circle": _circle,
    "square": _square,
    "triangle": _triangle,
    "star": _star,
    "heart": _heart,
    "cross": _cross,
    "moon": _moon,
}

# The base never sees a moon: it is what the object adapter brings.
BASE_SHAPES = ("circle", "square", "triangle", "star", "heart", "cross")
