"""Rows of points as tests write them: distances over weights, walked in a straight line."""

from __future__ import annotations

from itertools import pairwise

from registry.sweeps.points import Point

USUAL = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2)


def row(*from_zero, weights=USUAL, facts=None, edges=None):
    """Return points that move away from weight 0 as far as said; facts and edges point by point."""
    steps = [0.0, *(after - before for before, after in pairwise(from_zero))]
    return [
        Point(
            weight,
            distance,
            abs(step),
            facts=facts[place] if facts else {},
            edges=edges[place] if edges else b"",
        )
        for place, (weight, distance, step) in enumerate(
            zip(weights, from_zero, steps, strict=True)
        )
    ]
