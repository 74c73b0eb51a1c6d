"""
How a change is spread over the layers: which of them stand out, and how much rank is used.

Layers of sound adapters differ a good deal in how much they change; in those that we have, the most
changed one is 18 times as much as the middle one of its part. So a layer stands out only if it is
far beyond that, and beyond what the others vary by as well.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from registry.checks.facts import Content
from registry.formats.adapter import AdapterFile, Pair

FEWEST = 12  # layers of a kind; of fewer nobody can say what is usual
MOST_TIMES = 100.0  # the middle one's change
MOST_DEVIATIONS = 8.0  # of the logarithm
_TO_DEVIATIONS = 1.4826  # from a median of differences, were they spread as chance does


class Outlier(NamedTuple):
    """A layer that is changed out of all proportion."""

    layer: str
    times: float  # as much as the middle layer of its kind, number for number
    deviations: float


def outliers(adapter: AdapterFile, content: Content) -> tuple[Outlier, ...]:
    """Return the layers that stand out, the worst first."""
    found = [one for kind in _kinds(adapter, content) for one in _far_from_the_middle(kind)]
    return tuple(sorted(found, key=lambda one: -one.times))


def summary(adapter: AdapterFile, content: Content) -> dict[str, Any]:
    """Return in numbers how the change is spread."""
    norms = [norm for norm in content.norms.values() if norm]
    told: dict[str, Any] = {
        "dtypes": dict(content.dtypes),
        "zero_layers": len(content.zero_up),
        "norm": _short(math.sqrt(math.fsum(norm * norm for norm in norms))),
    }
    if norms:
        told["layer_norms"] = [_short(min(norms)), _short(statistics.median(norms)),
                               _short(max(norms))]  # fmt: skip
    used = rank_used(adapter, content)
    return told | ({"rank_used": used} if used else {})


def rank_used(adapter: AdapterFile, content: Content) -> str:
    """Return `effective rank 7 of 32`, "" where that is not known: of its middle layer."""
    ranks = content.effective_ranks
    if not ranks:
        return ""
    used = statistics.median_low(ranks.values())
    there = [pair.rank for pair in adapter.pairs if pair.rank and pair.layer in ranks]
    return f"effective rank {used}" + (f" of {statistics.median_low(there)}" if there else "")


def _kinds(adapter: AdapterFile, content: Content) -> Iterable[list[tuple[Pair, float]]]:
    """Return layers with the logarithm of the change in each number, by what is comparable."""
    kinds: dict[tuple[str, str, bool], list[tuple[Pair, float]]] = {}
    for pair in adapter.pairs:
        norm = content.norms.get(pair.layer)
        numbers = math.prod(size for size in pair.shape if size)
        if norm and numbers > 1:
            kind = (pair.component, pair.algorithm.value, len(pair.shape) > 1)
            kinds.setdefault(kind, []).append((pair, math.log(norm) - math.log(numbers) / 2))
    return kinds.values()


def _far_from_the_middle(kind: list[tuple[Pair, float]]) -> Iterator[Outlier]:
    if len(kind) < FEWEST:
        return
    middle = statistics.median(change for _, change in kind)
    spread = statistics.median(abs(change - middle) for _, change in kind) * _TO_DEVIATIONS
    for pair, change in kind:
        above = change - middle
        if above > math.log(MOST_TIMES) and above > MOST_DEVIATIONS * spread:
            yield Outlier(pair.layer, math.exp(above), above / max(spread, 1e-9))


def _short(number: float) -> float:
    return float(f"{number:.4g}")
