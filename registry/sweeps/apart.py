"""
What tells scenes apart, and how much of it is left at a weight.

A style comes to all scenes alike, so it falls out of the difference between two of them. What stays
in that difference is what the prompts ask for: the one has a star where the other has a circle. So
the difference at a weight is held against the difference at weight 0. It is taken of where the
pictures have edges, since a style may change every tone and leave every outline.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from registry.sweeps.points import Point, Row, zero_of

ALIKE = 0.3  # two pictures closer than this at weight 0 (of 2) are one picture over two seeds

Pattern = list[float]


@dataclass(frozen=True, slots=True)
class _Scenes:
    """Two scenes at weight 0, and the row that each is of."""

    one: Row
    other: Row
    difference: Pattern


def with_what_is_left(mean: Sequence[Point], rows: Sequence[Row]) -> list[Point]:
    """
    Return the mean with two more facts, where at least two rows show different scenes.

    `kept`: the correlation of what tells the scenes apart with the same at weight 0; 1 is all of
    it, 0 nothing. `variety`: the size of what tells them apart, against that at weight 0.
    """
    pairs = _pairs(rows)
    found = [(point, _of_pairs(pairs, point.weight)) for point in mean]
    return [replace(point, facts={**point.facts, **facts}) for point, facts in found]


def are_apart(one: Pattern, other: Pattern) -> bool:
    """Tell whether two patterns show different scenes, and not one of them over two seeds."""
    return len(one) == len(other) and math.dist(one, other) >= ALIKE


def shown(point: Point | None) -> Pattern:
    """Return where a cell has edges, about their mean and at length 1; [] where it has none."""
    return _even(point.edges) if point and point.edges else []


def difference(one: Point | None, other: Point | None) -> Pattern | None:
    """Return by what two cells differ; None where they cannot be compared."""
    if one is None or other is None or not one.edges or len(one.edges) != len(other.edges):
        return None
    return [a - b for a, b in zip(shown(one), shown(other), strict=True)]


def product(one: Pattern, other: Pattern) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def at_weight(row: Row, weight: float) -> Point | None:
    return next((point for point in row if point.weight == weight), None)


def _pairs(rows: Sequence[Row]) -> list[_Scenes]:
    pairs = []
    for one, other in combinations(rows, 2):
        apart = difference(zero_of(one), zero_of(other))
        if apart and length(apart) >= ALIKE:
            pairs.append(_Scenes(one, other, apart))
    return pairs


def _of_pairs(pairs: Sequence[_Scenes], weight: float) -> dict[str, float]:
    kept, variety = [], []
    for scenes in pairs:
        apart = difference(at_weight(scenes.one, weight), at_weight(scenes.other, weight))
        if apart is None:
            continue
        size, size_at_zero = length(apart), length(scenes.difference)
        variety.append(size / size_at_zero)
        alike = product(apart, scenes.difference)
        kept.append(alike / (size * size_at_zero) if size else 0.0)
    if not kept:
        return {}
    return {"kept": statistics.fmean(kept), "variety": statistics.fmean(variety)}


def _even(values: bytes) -> Pattern:
    """Return the values about their mean, at length 1; nothing but zeros stays so."""
    mean = statistics.fmean(values)
    about = [value - mean for value in values]
    size = length(about)
    return [value / size for value in about] if size else about


def length(pattern: Pattern) -> float:
    """Return the size of a difference: 0 for one picture, 2 for one and its opposite."""
    return math.sqrt(sum(value * value for value in pattern))
