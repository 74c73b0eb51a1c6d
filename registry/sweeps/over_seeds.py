"""
What further seeds say of a curve: how far its scenes are apart by chance, and what chance is left.

They are never part of the mean, which is drawn at every weight and they are not. Each weight that
they were drawn at gets its spread over seeds, beside that over scenes. A base that draws something
else by each seed, and the same picture by all of them with the adapter, has learned a picture by
heart: a sign of being driven too far. What a further seed shows far less of, or breaks at where the
range says that all is well, is a reason to doubt the curve.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from registry.sweeps.apart import difference, length
from registry.sweeps.measure import Curve
from registry.sweeps.points import OverSeeds, Point, Row, zero_of
from registry.sweeps.reasons import Reason
from registry.sweeps.signs import Sign
from registry.sweeps.thresholds import MEASURES, Thresholds

DIFFER = 0.5  # of 2, at weight 0: seeds that show other things come to 0.65 to 1.3 on the demo
# base, and one thing a bit aside to 0.1 to 0.4. Of what hardly differs, nothing can be lost.
COLLAPSED = 0.2  # what learned one picture by heart leaves 0.11 to 0.14, a frame over all 0.29
FURTHER = 0.1  # of `broken`; seeds that show the same are apart by less than 0.05
LITTLE = 0.4  # of what the sweep's own seeds show, as rows beside the scenes: see others

Seeds = Sequence[Row]  # the rows of one scene, its own seed first


def with_seeds(curve: Curve, scenes: Sequence[Seeds]) -> Curve:
    """Return the curve with what its scenes by further seeds say, and say against it."""
    scenes = [seeds for seeds in scenes if len(seeds) > 1]
    if not scenes:
        return curve
    at = MEASURES[curve.measure]
    weights = sorted({point.weight for seeds in scenes for row in seeds for point in row})
    found = tuple(_at_weight(scenes, weight) for weight in weights)
    doubts = [*_weaker(curve, scenes), *_broken(curve, scenes, at), *_collapsed(curve, found)]
    return replace(
        curve,
        over_seeds=found,
        certainty="unsure" if doubts else curve.certainty,
        reasons=(*curve.reasons, *doubts),
        signs=(*curve.signs, *_signs(found)),
    )


def _at_weight(scenes: Sequence[Seeds], weight: float) -> OverSeeds:
    points = [_points(seeds, weight) for seeds in scenes]
    drawn = [of_scene for of_scene in points if len(of_scene) > 1]
    variances = [statistics.pvariance([one.from_zero for one in of_scene]) for of_scene in drawn]
    return OverSeeds(
        weight=weight,
        scenes=len(drawn),
        seeds=min(map(len, drawn), default=1),
        spread=math.sqrt(statistics.fmean(variances)) if variances else 0.0,
        variety=_variety(scenes, weight),
    )


def _points(seeds: Seeds, weight: float) -> list[Point]:
    return [point for row in seeds for point in row if point.weight == weight]


def _variety(scenes: Sequence[Seeds], weight: float) -> float | None:
    """Return how much is left of what seeds differ by, over all pairs that differ at weight 0."""
    shares = [share for seeds in scenes for share in _shares(seeds, weight)]
    return statistics.fmean(shares) if shares else None


def _shares(seeds: Seeds, weight: float) -> list[float]:
    shares = []
    for one, other in combinations(seeds, 2):
        without = difference(zero_of(one), zero_of(other))
        with_it = difference(_at(one, weight), _at(other, weight))
        if without is None or with_it is None or length(without) < DIFFER:
            continue
        shares.append(length(with_it) / length(without))
    return shares


def _at(row: Row, weight: float) -> Point | None:
    return next((point for point in row if point.weight == weight), None)


def _signs(found: Sequence[OverSeeds]) -> list[Sign]:
    """Return a sign at each weight where different seeds come out alike. None breaks anything."""
    return [
        Sign(one.weight, "seeds-alike", one.variety, at_zero=1.0, share=1.0, breaks=False)
        for one in found
        if one.variety is not None and one.variety <= COLLAPSED
    ]


# --- What speaks against the curve ----------------------------------------------------------------


def _weaker(curve: Curve, scenes: Sequence[Seeds]) -> list[Reason]:
    """Doubt an effect that further seeds show far less of, where it is best."""
    if curve.best is None:
        return []
    own = [point.from_zero for seeds in scenes for point in _points(seeds[:1], curve.best)]
    others = [point.from_zero for seeds in scenes for point in _points(seeds[1:], curve.best)]
    if not own or not others or statistics.fmean(others) >= LITTLE * statistics.fmean(own):
        return []
    numbers = {"distance": statistics.fmean(others), "usual": statistics.fmean(own)}
    return [_doubt("weaker-seed", weight=curve.best, **numbers)]


def _broken(curve: Curve, scenes: Sequence[Seeds], at: Thresholds) -> list[Reason]:
    """Doubt a range in which a further seed leaves hardly anything of a scene, and its own some."""
    broken = [
        point.weight
        for own, *further in scenes
        for row in further
        for point in row
        if _within(curve, point.weight) and _breaks(point, _at(own, point.weight), at)
    ]
    if not broken:
        return []
    return [_doubt("breaks-seed", weight=min(broken, key=abs), **_range(curve))]


def _breaks(point: Point, own: Point | None, at: Thresholds) -> bool:
    """
    Say whether a further seed breaks where the scene's own does not.

    What turns a whole picture over takes every seed as far, and the curve has judged that already.
    """
    if point.saw_nan:
        return own is None or not own.saw_nan
    usual = own.from_zero if own else 0.0
    return point.from_zero >= at.broken and point.from_zero - usual >= FURTHER * at.broken


def _collapsed(curve: Curve, found: Sequence[OverSeeds]) -> list[Reason]:
    alike = [one for one in found if _within(curve, one.weight) and _is_alike(one)]
    if not alike:
        return []
    first = min(alike, key=lambda one: abs(one.weight))
    return [_doubt("alike-within", weight=first.weight, **_range(curve))]


def _is_alike(one: OverSeeds) -> bool:
    return one.variety is not None and one.variety <= COLLAPSED


def _within(curve: Curve, weight: float) -> bool:
    if curve.low is None or curve.high is None:
        return False
    return bool(weight) and curve.low <= weight <= curve.high


def _range(curve: Curve) -> Mapping[str, float]:
    return {"low": curve.low or 0.0, "high": curve.high or 0.0}


def _doubt(code: str, **numbers: float) -> Reason:
    return Reason("certainty", code, numbers)
