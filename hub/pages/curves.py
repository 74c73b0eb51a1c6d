"""A response curve as a drawing: numbers in, places in a 720 × 200 picture out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hub.pages.scales import Scale

if TYPE_CHECKING:
    from registry.models import AdapterVersion, Curve

LEFT, RIGHT = 30.0, 690.0  # the slider over it is inset by as much
TOP, BOTTOM = 28.0, 158.0
APART = 44.0  # two weights nearer than this would be written over one another
LEAST_TOP = 0.05  # a curve that hardly rises is not drawn as if it did


@dataclass(frozen=True, slots=True)
class Dot:
    weight: float
    from_zero: float
    from_previous: float
    spread: float
    x: float
    y: float
    named: bool = False  # whether its weight is written under it
    by_seed: float | None = None  # spread over seeds; None where it was drawn by one alone
    vgg: float | None = None  # how far from weight 0 by VGG features, if a worker has them
    fidelity: float | None = None  # how well its pictures fit their prompts, -1 to 1
    whisker: tuple[float, float] | None = None  # y of both ends of that spread


@dataclass(frozen=True, slots=True)
class Drawing:
    """Where each thing stands; None for what was not found."""

    dots: tuple[Dot, ...]
    line: str
    area: str
    spread: str  # what lies within the rows' spread; empty if they do not differ
    band: tuple[float, float] | None  # x and width of the suggested range
    claim: tuple[float, float] | None  # x of both ends of what the uploader claims
    best: float | None
    bad: tuple[float, ...]  # where it breaks, on one side of 0 or on both
    jumps: tuple[tuple[float, float], ...]
    curve: Curve
    over_seeds: bool  # whether any weight was drawn by further seeds
    by_vgg: bool  # whether all pictures were compared by VGG features too
    fidelity: str  # the line of how well pictures fit their prompts; empty if nobody scored them
    left: float = LEFT
    right: float = RIGHT
    top: float = TOP
    bottom: float = BOTTOM
    under: float = BOTTOM + 9  # the claim
    below: float = BOTTOM + 30  # the weights

    @property
    def middle(self) -> float:
        """Where the suggested range has its middle."""
        return self.band[0] + self.band[1] / 2 if self.band else self.left


def draw(curve: Curve | None, version: AdapterVersion, *, apart: float = APART) -> Drawing | None:
    """
    Return the drawing of a curve; None where there is no curve, or too little of one.

    Weights that are written under it are `apart` at least: more, where it is shown small.
    """
    points = curve.points if curve else []
    if curve is None or len(points) < 2:
        return None
    weights = [float(point["weight"]) for point in points]
    chance = {float(one["weight"]): float(one["spread"]) for one in curve.over_seeds}
    across = Scale(min(weights), max(weights), LEFT, RIGHT)
    highest = max(LEAST_TOP, *(_highest(point, chance) for point in points))
    up = Scale(0.0, highest, BOTTOM, TOP)
    drawn = (_dot(point, across, up, chance) for point in points)
    dots = _named(tuple(drawn), curve, apart)
    line = _smooth([(dot.x, dot.y) for dot in dots])
    suggested = _ends(curve.low, curve.high, across)
    return Drawing(
        dots=dots,
        line=line,
        area=f"{line} L{dots[-1].x:.1f} {BOTTOM:.1f} L{dots[0].x:.1f} {BOTTOM:.1f} Z",
        spread=_around(dots, up),
        band=(suggested[0], suggested[1] - suggested[0]) if suggested else None,
        claim=_ends(version.weight_low, version.weight_high, across),
        best=None if curve.best is None else across(curve.best),
        bad=tuple(
            across(weight)
            for weight in (curve.first_bad_below, curve.first_bad)
            if weight is not None
        ),
        jumps=tuple((dot.x, dot.y) for dot in dots if dot.weight in curve.jumps),
        curve=curve,
        over_seeds=bool(chance),
        by_vgg=all(dot.vgg is not None for dot in dots),
        fidelity=_of_fidelity(dots),
    )


def _dot(point: Mapping[str, Any], across: Scale, up: Scale, chance: Mapping[float, float]) -> Dot:
    weight, from_zero = float(point["weight"]), float(point["from_zero"])
    by_seed, facts = chance.get(weight), point.get("facts") or {}
    return Dot(
        weight=weight,
        from_zero=from_zero,
        from_previous=float(point.get("from_previous") or 0.0),
        spread=_spread(point),
        x=across(weight),
        y=up(from_zero),
        by_seed=by_seed,
        vgg=facts.get("vgg"),
        fidelity=facts.get("fidelity"),
        whisker=(up(from_zero - by_seed), up(from_zero + by_seed)) if by_seed else None,
    )


def _named(dots: tuple[Dot, ...], curve: Curve, apart: float) -> tuple[Dot, ...]:
    """Return the dots, named where there is room: those that matter first, then from the left."""
    matters = (curve.best, 0.0, curve.first_bad, curve.first_bad_below, curve.low, curve.high)
    first = [dot for weight in matters for dot in dots if dot.weight == weight]
    taken: list[float] = []
    for dot in (*first, dots[0], dots[-1], *dots):
        if all(abs(dot.x - x) >= apart for x in taken):
            taken.append(dot.x)
    return tuple(replace(dot, named=dot.x in taken) for dot in dots)


def _spread(point: Mapping[str, Any]) -> float:
    """Return the spread over the rows; curves from before it was kept have none."""
    return float(point.get("spread") or 0.0)


def _highest(point: Mapping[str, Any], chance: Mapping[float, float]) -> float:
    spread = max(_spread(point), chance.get(float(point["weight"]), 0.0))
    return float(point["from_zero"]) + spread


def _ends(low: float | None, high: float | None, across: Scale) -> tuple[float, float] | None:
    if low is None or high is None:
        return None
    return across(low), across(high)


def _around(dots: Sequence[Dot], up: Scale) -> str:
    if not any(dot.spread for dot in dots):
        return ""
    over = _smooth([(dot.x, up(dot.from_zero + dot.spread)) for dot in dots])
    under = _smooth([(dot.x, up(dot.from_zero - dot.spread)) for dot in reversed(dots)])
    return f"{over} L{under[1:]} Z"


def _of_fidelity(dots: Sequence[Dot]) -> str:
    """Return the line of fidelity, on a scale of its own: from nothing to the most there is."""
    scores = [dot.fidelity for dot in dots if dot.fidelity is not None]
    if len(scores) < len(dots):
        return ""
    up = Scale(min(0.0, *scores), max(LEAST_TOP, *scores), BOTTOM, TOP)
    return _smooth([(dot.x, up(score)) for dot, score in zip(dots, scores, strict=True)])


def _smooth(points: Sequence[tuple[float, float]]) -> str:
    """Return an SVG path through the points that bends, but never above or below them."""
    path = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = (x0 + x1) / 2
        path.append(f"C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}")
    return " ".join(path)
