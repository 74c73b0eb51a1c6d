"""One filter: its name, how its values are read, and what then has to hold of a version."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from registry.errors import Invalid


@dataclass(frozen=True, slots=True)
class Filter:
    """One thing to look for. With `several`, values stand with commas between, or one by one."""

    name: str
    about: str
    example: str
    read: Callable[[str], Any]
    narrow: Callable[[Any], Q]
    several: bool = False
    words: tuple[str, ...] = ()  # what may be written, where it is one of a few
    kind: type = str

    def value_of(self, given: Sequence[str]) -> Any:
        """:raises Invalid: if that cannot be read, naming the filter and what to write"""
        if self.several:
            pieces = [one.strip() for each in given for one in each.split(",") if one.strip()]
            return [self._read(piece) for piece in pieces[:50]]
        if len(given) > 1:
            raise Invalid(f"{self.name} stands there {len(given)} times: give it once.")
        return self._read(given[0])

    def _read(self, given: str) -> Any:
        try:
            return self.read(given)
        except ValueError as error:
            raise Invalid(f"{self.name} is {given[:60]!r}: {error}.") from None
