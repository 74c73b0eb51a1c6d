"""
Texts that a base answers with, and how far apart two of them are.

Two distances, each 0 for the same: `kl`, the Kullback-Leibler divergence of what the other expects
next from what this one does, in nats, the mean over the places of a text that is the same for all
weights; it sees a change long before a word falls out differently. `words`, the share of words that
the two answers have not in common (0 to 1). Of two answers to different prompts only the words are
compared.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

import numpy as np

from workers.engine.shots import TEXT, fields_of

MEDIA_TYPE = "text/plain"
LEAST = -50.0  # of a logarithm: what is rarer, or no number, counts as this rare
RUN = 3  # tokens; a text repeats itself by runs as long as that
MOST_LETTERS = 8_000  # of a text that is kept

# A row a place in the text, the logarithm of how likely each choice is: choices sum up to 1.
Expected = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class TextShot:
    """
    One answer: its text and tokens, and what the model expects at each place that is looked at.

    `about` is the same for shots that look at the same places. `told` are measures of its own.
    """

    text: str
    tokens: tuple[int, ...]
    expected: Expected
    about: str
    told: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_finite(self) -> bool:
        return bool(np.isfinite(self.expected).all())

    @property
    def fields(self) -> dict[str, Any]:
        return fields_of(TEXT, media_type=MEDIA_TYPE, text=self.text[:MOST_LETTERS])

    def files(self) -> dict[str, bytes]:
        return {}

    def distances(self, other: TextShot) -> dict[str, float]:
        words = {"words": words_apart(self.text, other.text)}
        if self.about != other.about:
            return words
        return {"kl": divergence(self.expected, other.expected), **words}

    def measures(self, zero: TextShot | None) -> dict[str, float]:
        """
        Return `repetition` (the share of runs of three tokens that came before, 0 to 1), the number
        of `tokens`, `agreement` with the words of the shot without the adapter (0 to 1), and what
        the family tells: `perplexity` of the scene's passage, above all.
        """
        own = {"repetition": repetition(self.tokens), "tokens": float(len(self.tokens))}
        agreement = {"agreement": 1 - words_apart(zero.text, self.text)} if zero else {}
        return own | agreement | dict(self.told)

    def change(self, other: TextShot) -> float:
        words = words_apart(self.text, other.text)
        if self.about != other.about:
            return words
        return max(words, variation(self.expected, other.expected))


def divergence(one: Expected, other: Expected) -> float:
    """Return the mean divergence of `other` from `one` over all places, in nats."""
    first, second = _bounded(one), _bounded(other)
    if not first.size:
        return 0.0
    return max(0.0, float((np.exp(first) * (first - second)).sum(axis=-1).mean()))


def variation(one: Expected, other: Expected) -> float:
    """Return the mean share of what is expected that is another, 0 to 1."""
    first, second = np.exp(_bounded(one)), np.exp(_bounded(other))
    return float(np.abs(first - second).sum(axis=-1).mean() / 2) if first.size else 0.0


def words_apart(one: str, other: str) -> float:
    """Return the share of words that two texts have not in common, in their order; 0 to 1."""
    first, second = one.split(), other.split()
    if not first and not second:
        return 0.0
    return 1 - SequenceMatcher(None, first, second, autojunk=False).ratio()


def repetition(tokens: Sequence[int]) -> float:
    runs = [tuple(tokens[place : place + RUN]) for place in range(len(tokens) - RUN + 1)]
    return 1 - len(set(runs)) / len(runs) if runs else 0.0


def perplexity(logarithms: Sequence[float]) -> float:
    """Return how many equally likely words the model chose between, on the average."""
    bounded = [one if math.isfinite(one) else LEAST for one in logarithms]
    return math.exp(-max(LEAST, sum(bounded) / len(bounded)))


def _bounded(expected: Expected) -> np.ndarray[Any, np.dtype[np.float64]]:
    values = expected.astype(np.float64)
    return np.nan_to_num(values, nan=LEAST, posinf=0.0, neginf=LEAST).clip(LEAST, 0.0)
