"""What a trap is: a way of going wrong that a runtime does not tell of, and how to see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from registry.checks.facts import Declared
from registry.formats.adapter import AdapterFile
from registry.formats.algorithms import Algorithm
from registry.formats.dialects import Dialect
from registry.formats.family_rules.rule import Family


class Trap(NamedTuple):
    """One way of going wrong: how it shows, and what comes of it."""

    slug: str
    shows: Callable[[AdapterFile], bool]
    sentence: str
    families: frozenset[Family] = frozenset()  # those that it is a trap for; if none, for all

    def catches(self, declared: Declared) -> bool:
        """Return whether this file, on its family's bases, goes wrong in this way."""
        if self.families and declared.detection.family not in self.families:
            return False
        return self.shows(declared.adapter)


def speaks(*dialects: Dialect) -> Callable[[AdapterFile], bool]:
    return lambda adapter: adapter.dialect in dialects


def has(adapter: AdapterFile, algorithms: Iterable[Algorithm]) -> bool:
    return any(each in adapter.algorithms for each in algorithms)


def begins(adapter: AdapterFile, words: tuple[str, ...]) -> bool:
    return any(pair.flat.startswith(words) for pair in adapter.pairs)
