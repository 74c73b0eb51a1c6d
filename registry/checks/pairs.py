"""Is the file whole in itself: known layout, both halves of each pair, ranks that agree?"""

from __future__ import annotations

import math

from registry.checks import configuration
from registry.checks.facts import Declared
from registry.checks.outcome import Finding
from registry.formats.adapter import Algorithm, Pair
from registry.formats.quoting import shown, told

TOLD = 20
NOTABLE = 0.1  # of a file's numbers: so much rank beyond use is worth a word
OF_PRODUCTS = {Algorithm.LORA, Algorithm.LOCON, Algorithm.DORA}  # of an up and a down matrix


def unknown_layout(declared: Declared) -> str | Finding | None:
    adapter = declared.adapter
    if adapter.pairs:
        low, high = adapter.ranks or (0, 0)
        return Finding("", {
            "dialect": adapter.dialect.value,
            "algorithms": [each.value for each in adapter.algorithms],
            "layers": dict(adapter.components),
            "rank": low if low == high else [low, high],
        })  # fmt: skip
    told = configuration.told_by_config(adapter.config)
    if told:
        return f"{told} Only adapters that change layers are taken."
    example = next(iter(adapter.leftovers), "")
    return (
        "The layout of this file is not one that we know: its tensors have names like "
        f"{shown(example)}. Nothing says how to put it on {declared.base_title or 'a base'}, so "
        "nobody could use it."
    )


def tensors_left_over(declared: Declared) -> str | Finding | None:
    names = declared.adapter.leftovers
    if not names or not declared.adapter.pairs:
        return None
    return Finding(
        f"{_count(len(names), 'tensor belongs', 'tensors belong')} to no layer and will be "
        f"ignored, the first: {told(names[0])}.",
        {"tensors": list(names[:TOLD])},
    )


def half_a_pair(declared: Declared) -> str | Finding | None:
    halves = [pair for pair in declared.adapter.pairs if pair.missing]
    if not halves:
        return None
    first = halves[0]
    return Finding(
        f"{_count(len(halves), 'layer has', 'layers have')} only a part of what makes a pair, the "
        f"first: {told(first.layer)} lacks its {' and '.join(first.missing)} matrix.",
        {"layers": [pair.layer for pair in halves[:TOLD]], "hit": len(halves)},
    )


def ranks_that_differ(declared: Declared) -> str | Finding | None:
    torn = [(pair, pair.torn) for pair in declared.adapter.pairs]
    found = [(pair, joint) for pair, joint in torn if joint]
    if not found:
        return None
    pair, joint = found[0]
    halves = [f"{role} {pair.tensors[role].shape}" for role in (joint.first, joint.second)]
    return Finding(
        f"In {_count(len(found), 'layer', 'layers')} the two halves disagree on the rank, the "
        f"first: {told(pair.layer)}, {', '.join(halves)}.",
        {"layers": [pair.layer for pair, _ in found[:TOLD]]},
    )


def ranks_beyond_use(declared: Declared) -> str | Finding | None:
    """
    Find ranks above the smaller side of their layer: a change there has no more directions.

    A network's first and last layers are small, and trainers give them the rank of all others: what
    is wasted there is nothing beside the rest, and nothing is said of it.
    """
    pairs = [pair for pair in declared.adapter.pairs if pair.algorithm in OF_PRODUCTS]
    found = [(pair, most) for pair in pairs if (most := _useful(pair)) < (pair.rank or 0)]
    if not found:
        return None
    wasted = sum(_numbers(pair) * (1 - most / (pair.rank or 1)) for pair, most in found)
    share = wasted / max(sum(_numbers(pair) for pair in declared.adapter.pairs), 1)
    if share < NOTABLE:
        return None
    pair, most = found[0]
    return Finding(
        f"In {_count(len(found), 'layer', 'layers')} the rank is higher than the layer can use, "
        f"the first: {told(pair.layer)} with {pair.rank}, where {most} would do: the file is "
        "larger than it need be.",
        {
            "layers": [pair.layer for pair, _ in found[:TOLD]],
            "hit": len(found),
            "share": round(share, 3),
        },
    )


def _numbers(pair: Pair) -> int:
    return sum(math.prod(tensor.shape) for tensor in pair.tensors.values())


def _useful(pair: Pair) -> float:
    """Return the highest rank that a layer's change can have, as far as shapes tell."""
    outputs, *others = pair.shape or (None,)
    if outputs is None or not others or None in others:
        return math.inf
    return min(outputs, math.prod(side for side in others if side is not None))


def ranks_disagree(pair: Pair) -> bool:
    """Return whether the halves of a pair cannot be multiplied, or come to nothing."""
    return pair.torn is not None


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
