"""
Hold what was written against what was read, layer by layer, before anybody is offered it.

What was written is read from its bytes again by the readers that every upload goes through.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import torch

from workers.engine.converting.algebra import distance, norm
from workers.engine.converting.changes import Change
from workers.engine.converting.contract import ConversionRefused

Places = Mapping[tuple[str, str], Change]


def by_place(changes: Iterable[Change]) -> dict[tuple[str, str], Change]:
    """Return changes by their layers."""
    return {change.place: change for change in changes}


def worst_error(read: Iterable[Change], written: Places, *, bound: float) -> tuple[int, float]:
    """
    Return how many layers there are, and the largest error of any.

    :raises ConversionRefused: if a layer was lost or added, or is further off than `bound`
    """
    worst, count, left = 0.0, 0, set(written)
    for change in read:
        size = norm(change)
        count += 1
        other = written.get(change.place)
        left.discard(change.place)
        if other is None:
            if size == 0:
                continue  # A change of nothing has no rows in a joined matrix.
            raise ConversionRefused(f"{change.layer} did not come out of the conversion.")
        if not math.isfinite(size):
            raise ConversionRefused(f"{change.layer} holds values that are not finite numbers.")
        error = _error(change, other, size)
        if not error <= bound:
            raise ConversionRefused(
                f"{change.layer} came out {error:.2%} off, and {bound:.2%} is the most that its "
                "number type and rank explain: choose fp32, or more rank."
            )
        worst = max(worst, error)
    if left:
        raise ConversionRefused(f"The conversion made up the layer {min(left)[1]}.")
    return count, worst


def _error(change: Change, other: Change, size: float) -> float:
    error = distance(change, other) / size if size else norm(other)
    return max(error, _magnitude_error(change.magnitude, other.magnitude))


def _magnitude_error(one: torch.Tensor | None, other: torch.Tensor | None) -> float:
    if one is None or other is None:
        return 0.0 if one is other else float("inf")
    return float((one.double() - other.double()).norm() / one.double().norm().clamp(min=1e-30))
