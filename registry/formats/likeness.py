"""
Whether two files hold the same change in another form: another number type, another dialect.

Names, order, number types and scales differ between forms; what stays is how large the change of
each layer is. Rounding moves such a norm by parts in a thousand, so a few dozen norms that agree to
that are the same weights; a second training, even of the same pictures with the same settings,
differs in many of them by parts in a hundred.

Some dialects join layers (queries, keys and values in one matrix). The layers of two files then
pair off only in part, but the sum of squares of what is left over agrees: it is the same change.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TypedDict

from registry.formats.adapter import AdapterFile

CLOSE = 4e-3  # Of a layer's share. Clipped numbers are all rounded alike, which moves norms most.
CLOSE_IN_ALL = 1e-2  # Of the whole norm, which shrinks where numbers were cut off, not rounded.
# Where a part has other layers in the two files, chance pairs off many; so nothing is allowed for.
CLOSE_JOINED, CLOSE_LEFT = 2e-4, 1e-3
FEWEST = 4  # Fewer layers than this agree by chance.
LEAST_PAIRED = 0.25  # of the layers of the file that has fewer, where the other has them joined
MOST_KEPT = 4_000  # layers of a component
LONGEST_NAME = 200  # letters of a layer; no base has one as long
_MAIN = {"unet", "transformer", "prior", "model"}  # The same part under its names in dialects.


class Part(TypedDict):
    """How large a change of one part of the base is, in all and by layer, the largest first."""

    norm: float
    layers: list[float]


Signature = Mapping[str, Part]


def signature(adapter: AdapterFile, norms: Mapping[str, float]) -> dict[str, Part]:
    """Return what stays of an adapter in every form, {} where not every layer's norm is known."""
    found: dict[str, list[float]] = {}
    for pair in adapter.pairs:
        norm = norms.get(pair.layer)
        if norm is None or not math.isfinite(norm):
            return {}
        if norm:  # Some dialects leave out what changes nothing.
            part = "main" if pair.component in _MAIN else pair.component
            found.setdefault(part, []).append(norm)
    if any(len(layers) > MOST_KEPT for layers in found.values()):
        return {}
    return {
        part: {"norm": _rounded(_sum(layers)), "layers": [_rounded(n) for n in _largest(layers)]}
        for part, layers in sorted(found.items())
    }


def by_layer(adapter: AdapterFile, norms: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """Return the norm of each layer by its part and its flat name; {} if there are too many."""
    found: dict[str, dict[str, float]] = {}
    for pair in adapter.pairs:
        norm = norms.get(pair.layer)
        if norm is not None and math.isfinite(norm):
            found.setdefault(pair.component, {})[pair.flat[:LONGEST_NAME]] = _rounded(norm)
    return found if sum(map(len, found.values())) <= MOST_KEPT else {}


def norm_of(of: Signature) -> float | None:
    """Return the norm of the whole change, None if the signature is empty."""
    return _sum(part["norm"] for part in of.values()) if of else None


def alike(one: Signature, other: Signature) -> bool:
    """Return whether two signatures are of the same weights."""
    if not one or set(one) != set(other):
        return False
    if sum(len(part["layers"]) for part in one.values()) < FEWEST:
        return False
    whole, other_whole = norm_of(one) or 0.0, norm_of(other) or 0.0
    if not _close(whole, other_whole, CLOSE_IN_ALL):
        return False
    scale = whole / other_whole if all(_as_many(one[part], other[part]) for part in one) else 1.0
    return all(_parts_alike(one[part], other[part], scale) for part in one)


def _as_many(one: Part, other: Part) -> bool:
    return len(one["layers"]) == len(other["layers"])


def _parts_alike(one: Part, other: Part, scale: float) -> bool:
    few, many = sorted((one["layers"], [norm * scale for norm in other["layers"]]), key=len)
    if len(few) == len(many):
        return all(_close(a, b, CLOSE) for a, b in zip(few, many, strict=True))
    if not _close(one["norm"], other["norm"], CLOSE_JOINED):
        return False
    paired, left_few, left_many = _pair_off(few, many)
    if paired < max(2, LEAST_PAIRED * len(few)) or not left_few or not left_many:
        return False
    # A joined layer is at least as large as each of its parts, and there are fewer of them.
    return left_few[0] >= left_many[0] and _close(_sum(left_few), _sum(left_many), CLOSE_LEFT)


def _pair_off(few: list[float], many: list[float]) -> tuple[int, list[float], list[float]]:
    """Return how many layers have one as large in the other file, and those that have none."""
    paired, left_few, left_many = 0, [], []
    here, there = list(reversed(few)), list(reversed(many))  # the largest at the end
    while here and there:
        if _close(here[-1], there[-1], CLOSE_LEFT):
            paired += 1
            here.pop()
            there.pop()
        elif here[-1] > there[-1]:
            left_few.append(here.pop())
        else:
            left_many.append(there.pop())
    return paired, left_few + here[::-1], left_many + there[::-1]


def _close(one: float, other: float, share: float) -> bool:
    return abs(one - other) <= share * max(one, other)


def _sum(norms: Iterable[float]) -> float:
    return math.sqrt(math.fsum(norm * norm for norm in norms))


def _largest(norms: Iterable[float]) -> list[float]:
    return sorted(norms, reverse=True)


def _rounded(norm: float) -> float:
    return float(f"{norm:.6g}")
