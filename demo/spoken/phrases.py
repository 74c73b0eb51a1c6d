"""Decides what is said in a clip, and how it is written down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demo.outlines import BASE_SHAPES
from demo.pictures import COLOURS

NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_PLURALS = {"cross": "crosses"}


@dataclass(frozen=True)
class Phrase:
    """So many shapes of a colour."""

    count: int
    colour: str
    shape: str

    @property
    def words(self) -> str:
        return f"{NUMBERS[self.count - 1]} {self.colour} {self._things}"

    @property
    def numerals(self) -> str:
        return f"{self.count} {self.colour} {self._things}"

    @property
    def uncounted(self) -> str:
        return f"{self.colour} {self._things}"

    @property
    def _things(self) -> str:
        return self.shape if self.count == 1 else _PLURALS.get(self.shape, f"{self.shape}s")


ALL = tuple(
    Phrase(count, colour, shape)
    for count in range(1, 10)
    for colour in COLOURS
    for shape in BASE_SHAPES
)


def split(*, seed: int, held_out: int = 60) -> tuple[list[Phrase], list[Phrase]]:
    """Return the phrases to train on, and some that are kept from training."""
    order = np.random.default_rng(seed).permutation(len(ALL))
    shuffled = [ALL[index] for index in order]
    return shuffled[held_out:], shuffled[:held_out]
