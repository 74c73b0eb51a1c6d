"""How an adapter is used, in the words that the hub itself writes, or in anybody's."""

from __future__ import annotations

import re

from registry.formats.training.reading import Reading
from registry.formats.training.weights import read_weight
from registry.imports import saying

# As registry/exports/headers.py writes it: the one number alone would be taken for all.
_OURS = re.compile(r"\bWeight (-?[\d.]+), from (-?[\d.]+) to (-?[\d.]+)(?=[.\s])")


def weights_in(text: str) -> dict[str, float]:
    """Return the weights that a text clearly names."""
    ours = _OURS.search(text)
    if ours:
        return saying.weights(ours[1], ours[2], ours[3].rstrip("."))
    found = read_weight(Reading({"usage_hint": text}, {}))
    if found is None:
        return {}
    return (
        saying.weights(None, found.low, found.high)
        if found.low < found.high
        else saying.weights(found.low)
    )
