"""
Several records of one adapter made into one, each value with the record that said it.

The first that says something is believed. A record that names other bytes than those it lies beside
is of another file, and not heard at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from registry.imports.saying import FIELDS, Statement


@dataclass(frozen=True, slots=True)
class Said:
    """A value, who said it, and who said otherwise."""

    value: Any
    source: str
    others: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Merged:
    """What is said of an adapter; `unheard` are records of other files."""

    fields: dict[str, Said]
    unheard: tuple[str, ...] = ()

    def value(self, name: str, otherwise: Any = "") -> Any:
        found = self.fields.get(name)
        return found.value if found else otherwise


def merge(statements: Sequence[Statement], *, sha256: str = "") -> Merged:
    """Return what the statements say together of the file with this digest, where it is known."""
    heard = [each for each in statements if not _is_of_another(each, sha256)]
    fields = {name: found for name in FIELDS if (found := _first(name, heard))}
    _keep_one_range(fields)
    return Merged(fields, tuple(each.source for each in statements if each not in heard))


def _is_of_another(statement: Statement, sha256: str) -> bool:
    named = statement.says.get("sha256")
    return bool(sha256 and named and named != sha256)


def _first(name: str, statements: Sequence[Statement]) -> Said | None:
    found = [(each.source, each.says[name]) for each in statements if name in each.says]
    if not found:
        return None
    (source, value), *more = found
    return Said(value, source, tuple(one for one in more if one[1] != value))


def _keep_one_range(fields: dict[str, Said]) -> None:
    """Both ends of a range are of one record, and its middle is within it, or there is none."""
    low, high, middle = (fields.get(f"weight_{end}") for end in ("low", "high", "default"))
    if low and high and low.source != high.source:
        high = None
    if not (low and high):
        fields.pop("weight_low", None)
        fields.pop("weight_high", None)
    elif middle and not low.value <= middle.value <= high.value:
        del fields["weight_default"]
