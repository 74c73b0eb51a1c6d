"""From what stands in an address to a value. What cannot be read leaves as a `ValueError`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

WORDS_OF = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
MOST_BIGINT = 2**63 - 1


def text(most: int = 200) -> Callable[[str], str]:
    """Return a reader of texts, which are cut off at nothing and refused beyond `most`."""

    def read(given: str) -> str:
        if len(given) > most or "\0" in given:
            raise ValueError(f"write at most {most} characters")
        return given.strip()

    return read


def word(given: str) -> str:
    return text(120)(given).lower()


def one_of(words: Iterable[str]) -> Callable[[str], str]:
    """Return a reader of one of these words."""
    known = tuple(words)

    def read(given: str) -> str:
        if given.strip().lower() not in known:
            raise ValueError(f"write one of {', '.join(known)}")
        return given.strip().lower()

    return read


def whole(given: str) -> int:
    if not (given.isascii() and given.isdecimal()) or int(given[:20]) > MOST_BIGINT:
        raise ValueError("write a whole number, 0 or more")
    return int(given)


def number(given: str) -> float:
    try:
        value = float(given)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in given:
        raise ValueError("write a number, as in 0.8")
    return value


def flag(given: str) -> bool:
    if given.lower() not in WORDS_OF:
        raise ValueError("write true or false")
    return WORDS_OF[given.lower()]


def moment(given: str) -> datetime:
    """Read a day or a moment of ISO 8601; without a zone it is UTC."""
    try:
        read = datetime.fromisoformat(given)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("write a day or a moment, as in 2026-11-29T08:00:00Z") from None


def choice(words: Iterable[str]) -> dict[str, Any]:
    """Return what makes a filter one of some words."""
    known = tuple(words)
    return {"read": one_of(known), "words": known}
