"""
The weight at which an adapter's maker would use it, where the header clearly says so.

People write it as they like, so only statements that leave no doubt are taken: a number of its own
under a key that means it, or one beside the word weight or strength in the usage hint. Two
statements that differ say nothing.
"""

from __future__ import annotations

import re
from typing import Any

from registry.formats.training.facts import RecommendedWeight
from registry.formats.training.reading import Reading, long, number

HIGHEST = 3.0
_ONE = ("preferred weight", "preferred_weight", "recommended_weight", "lora_weight", "weight")
_RANGES = (("weight_min", "weight_max"), ("strength_min", "strength_max"))
_HINTS = ("modelspec.usage_hint", "usage_hint", "modelspec.description", "ss_training_comment")

_NUMBER = r"(\d(?:\.\d{1,3})?)(?![\d.]*\d|\s*%)"
_TO = r"\s*(?:-|–|—|~|to|and|\.\.+|…)\s*"
_RANGE = rf"{_NUMBER}(?:{_TO}{_NUMBER})?"
_WORD = r"(?:weights?|strengths?)"
_BETWEEN = r"(?:\s*(?:of|is|at|from|between|around|about|range|[:=~(≈])){0,3}\s*"
_STATEMENTS = (
    re.compile(rf"\b{_WORD}\b{_BETWEEN}{_RANGE}", re.IGNORECASE),
    re.compile(rf"(?<![\d.:])\b{_NUMBER}{_TO}{_NUMBER}\s+{_WORD}\b", re.IGNORECASE),
    # One number before the word may be a version of something: SD 1.5 weights.
    re.compile(rf"\b(?:at|use|using|around|about)\s+{_NUMBER}()\s+{_WORD}\b", re.IGNORECASE),
    re.compile(rf"<lora:[^:<>]{{1,120}}:{_NUMBER}(?:-{_NUMBER})?>", re.IGNORECASE),
)


def read_weight(reading: Reading) -> RecommendedWeight | None:
    """Return the weight or range that the header recommends, None if it clearly says none."""
    for low, high in _RANGES:
        found = _range(number(reading.at(low)), number(reading.at(high)), f"{low}, {high}")
        if found:
            return found
    for key in _ONE:
        found = _range(number(reading.at(key)), None, key)
        if found:
            return found
    return next(filter(None, (_stated(reading.at(key), key) for key in _HINTS)), None)


def _stated(text: Any, source: str) -> RecommendedWeight | None:
    said = {
        (found.low, found.high)
        for statement in _STATEMENTS
        for match in statement.finditer(long(text))
        if (found := _range(number(match[1]), number(match[2]), source))
    }
    if len(said) != 1:
        return None
    [(low, high)] = said
    return RecommendedWeight(low, high, source)


def _range(low: float | None, high: float | None, source: str) -> RecommendedWeight | None:
    if low is None:
        return None
    high = low if high is None else high
    # No weight is recommended at which nothing happens.
    return RecommendedWeight(low, high, source) if 0 < high <= HIGHEST and low <= high else None
