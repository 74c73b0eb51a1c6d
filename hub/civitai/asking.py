"""
What was asked for, read parameter by parameter.

What Civitai does not know, it passes over, and so do we; what it knows and cannot be read is
refused with the values that there are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from django.http import QueryDict
from rest_framework.request import Request

from hub.civitai.errors import PageTooFar, WrongParameter

MOST_IDS = 1000
FARTHEST = 1000  # rows that pages by number reach
INT32 = 2**31 - 1
_FLAGS: Mapping[str, bool] = {"true": True, "1": True, "false": False, "0": False}
_WHERE = {"cursor", "page", "limit", "token"}  # these say where in the answer, not what is asked


class Asked:
    """The parameters of one request."""

    def __init__(self, request: Request) -> None:
        self._values: QueryDict = request.query_params
        for name in self._values:
            if any("\0" in value for value in self._values.getlist(name)):
                raise WrongParameter(name, f"{name} has a character in it that no text has.")

    def word(self, name: str) -> str:
        return str(self._values.get(name, "")).strip()

    def number(self, name: str, *, low: int = 1, high: int = INT32) -> int | None:
        text = self.word(name)
        return self._number(name, text, low, high) if text else None

    def numbers(self, name: str) -> tuple[int, ...]:
        """Return numbers that are repeated, or have commas between them."""
        found = tuple(self._number(name, text, 1, INT32) for text in self._texts(name))
        if len(found) > MOST_IDS:
            raise WrongParameter(name, f"{name} has {len(found)} numbers: {MOST_IDS} at most.")
        return found

    def flag(self, name: str) -> bool | None:
        text = self.word(name).lower()
        if not text:
            return None
        if text not in _FLAGS:
            raise WrongParameter(name, f"{name} is {text[:40]!r}: write true or false.")
        return _FLAGS[text]

    def choice(self, name: str, options: Sequence[str]) -> str:
        """Return one of some words, "" where none is named."""
        text = self.word(name)
        return self._one_of(name, text, options) if text else ""

    def choices(self, name: str, options: Sequence[str]) -> tuple[str, ...]:
        """Return several, repeated or with commas between them."""
        return tuple(self._one_of(name, text, options) for text in self._texts(name))

    def digest(self) -> str:
        """Return a few letters that stand for what is asked, wherever in the answer."""
        asked = sorted(
            (name, tuple(self._values.getlist(name))) for name in self._values if name not in _WHERE
        )
        return hashlib.sha256(repr(asked).encode()).hexdigest()[:8]

    def _texts(self, name: str) -> list[str]:
        written = [*self._values.getlist(name), *self._values.getlist(f"{name}[]")]
        return [text.strip() for one in written for text in one.split(",") if text.strip()]

    def _number(self, name: str, text: str, low: int, high: int) -> int:
        readable = text.isascii() and text.isdigit() and len(text) <= 12
        if not (readable and low <= int(text) <= high):
            raise WrongParameter(
                name, f"{name} is {text[:40]!r}: write a whole number from {low} to {high}."
            )
        return int(text)

    def _one_of(self, name: str, text: str, options: Sequence[str]) -> str:
        for option in options:
            if option.lower() == text.lower():
                return option
        known = ", ".join(options)
        raise WrongParameter(name, f"{name} is {text[:40]!r}: choose among {known}.", options)


class Place:
    """Where in an answer somebody wants to go on: by cursor, or by the number of a page."""

    def __init__(self, asked: Asked, *, most: int, usual: int) -> None:
        limit = asked.number("limit", low=0, high=most)
        self.limit = usual if limit is None else limit
        self.cursor = asked.word("cursor")
        self.page = None if self.cursor else asked.number("page")
        self._digest = asked.digest()
        if self.page and asked.word("query"):
            raise WrongParameter("page", "Pages have no numbers with query: go on by cursor.")
        if self.page and (self.page - 1) * self.limit + self.limit > max(FARTHEST, self.limit):
            raise PageTooFar

    @property
    def skip(self) -> int:
        return (self.page - 1) * self.limit if self.page else 0

    def key(self, length: int) -> tuple[int, ...] | None:
        """
        Return the numbers in the cursor, None where there is none.

        :raises WrongParameter: if it is not one of this very question's
        """
        if not self.cursor:
            return None
        *numbers, digest = self.cursor.split("|")
        readable = all(each.isascii() and each.isdigit() and len(each) < 20 for each in numbers)
        if not readable or len(numbers) != length:
            raise WrongParameter("cursor", "The cursor is none of this hub's: begin without one.")
        if digest != self._digest:
            raise WrongParameter(
                "cursor", "The cursor belongs to another question: begin without one."
            )
        return tuple(int(each) for each in numbers)

    def cursor_after(self, *numbers: int) -> str:
        return "|".join([*map(str, numbers), self._digest])
