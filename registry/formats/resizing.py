"""
Whether one file looks like another one made smaller: the same layers at a lower rank.

Cutting off the least singular values takes a little from the change of each layer and adds nothing,
so a file that is smaller in every layer, by a little, may come of it. Norms alone do not prove it:
another training may look so by chance. It is something to ask a person.
"""

from __future__ import annotations

from registry.formats.likeness import FEWEST, Signature

ADDED = 4e-3  # of a layer's norm, by rounding
LEAST_KEPT = 0.7  # of each layer's norm; at 0.5, trainings of their own begin to look like others


def may_be_cut(original: Signature, smaller: Signature) -> bool:
    """Return whether the one may have been cut down to the other."""
    if not smaller or set(original) != set(smaller):
        return False
    pairs = [
        (whole, cut)
        for part in smaller
        for whole, cut in zip(original[part]["layers"], smaller[part]["layers"], strict=False)
    ]
    as_many = all(len(original[part]["layers"]) == len(smaller[part]["layers"]) for part in smaller)
    return (
        as_many
        and len(pairs) >= FEWEST
        and all(LEAST_KEPT * whole <= cut <= (1 + ADDED) * whole for whole, cut in pairs)
    )
