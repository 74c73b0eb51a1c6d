"""
How far a picture's outlines have moved from those at weight 0, by what was kept of both.

It says less than the distance of a curve: a style may change every tone and leave every outline.
But it needs no pictures, and is there for cells whose distance was never measured.
"""

from __future__ import annotations

import math
import statistics
from typing import Any


def moved(edges: Any, zero: Any) -> float | None:
    """
    Return how far outlines are from those at weight 0, 0 to 1; both as workers keep them, in
    hexadecimal. None where they cannot be held against each other.
    """
    one, other = _read(edges), _read(zero)
    if not one or len(one) != len(other):
        return None
    apart = math.dist(_even(one), _even(other))
    return apart / 2  # opposites are twice their length apart


def _read(edges: Any) -> bytes:
    try:
        return bytes.fromhex(edges) if isinstance(edges, str) else b""
    except ValueError:
        return b""


def _even(values: bytes) -> list[float]:
    """Return the values about their mean, at length 1; nothing but zeros stays so."""
    mean = statistics.fmean(values)
    about = [value - mean for value in values]
    length = math.hypot(*about)
    return [value / length for value in about] if length else about
