"""
The library as bits: for each value of each property, which rows have it.

A hundred thousand rows are a number of a hundred thousand bits. What two choices have in common is
one `&` of such numbers, how much that is one `bit_count`: microseconds, where a database that looks
at each row takes a tenth of a second. A row is the newest version of an adapter for one base.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import QuerySet

from registry.models import AdapterVersion, VersionFile

DENSE = 300  # values of a column whose bits are kept, the most frequent ones
FEW = 2000  # rows that are looked at one by one
REMEMBERED = 128  # answers of the database: more than all saved searches of a person ask for


class Row(NamedTuple):
    """One version, as far as facets tell versions apart."""

    serial: int
    adapter: int
    number: int
    base: int
    kind: str
    tags: Sequence[str]
    team: str
    creator: str
    content: str
    modality: str
    licence: str
    base_licence: str
    proof: str
    low: float | None
    high: float | None
    algorithm: str = ""
    rank_low: int | None = None
    rank_high: int | None = None


READ: Mapping[str, Callable[[Row], Iterable[Any]]] = {
    "base": lambda row: (row.base,),
    "kind": lambda row: (row.kind,),
    "tags": lambda row: row.tags,
    "team": lambda row: (row.team,),
    "creator": lambda row: (row.creator,),
    "content": lambda row: (row.content,),
    "modality": lambda row: (row.modality,),
    "proof": lambda row: (row.proof,),
    "licence": lambda row: ((row.licence, row.base_licence),),
    "range": lambda row: ((row.low, row.high),),
    "algorithm": lambda row: (row.algorithm,),
    "rank_low": lambda row: (row.rank_low,),
    "rank_high": lambda row: (row.rank_high,),
}


class Column:
    """A property of all rows: which have which of its values, and what each row has."""

    def __init__(self, rows: Sequence[Row], read: Callable[[Row], Iterable[Any]]) -> None:
        at: dict[Any, array[int]] = {}
        self._of_row = [tuple(read(row)) for row in rows]
        for place, values in enumerate(self._of_row):
            for value in values:
                at.setdefault(value, array("I")).append(place)
        self._at = at
        common = sorted(at, key=lambda value: -len(at[value]))[:DENSE]
        self._bits = {value: as_bits(at[value], len(rows)) for value in common}
        self._size = len(rows)

    def values(self) -> Iterable[Any]:
        return self._at

    def bits(self, value: Any) -> int:
        """Return the rows that have the value."""
        if value in self._bits:
            return self._bits[value]
        return as_bits(self._at.get(value, ()), self._size)

    def any_of(self, values: Iterable[Any]) -> int:
        found = 0
        for value in values:
            found |= self.bits(value)
        return found

    def where(self, holds: Callable[[Any], bool]) -> int:
        """Return the rows that have a value of which something holds."""
        return self.any_of(value for value in self._at if holds(value))

    def count(self, among: int) -> Counter[Any]:
        """
        Return how many of the rows have each value.

        Of more than `FEW` rows, the values that are rare in the whole library are left out.
        """
        if among.bit_count() <= FEW:
            return Counter(value for place in places(among) for value in self._of_row[place])
        counted = {value: (bits & among).bit_count() for value, bits in self._bits.items()}
        return Counter({value: count for value, count in counted.items() if count})


@dataclass(frozen=True)
class Shelf:
    """Some versions of adapters. `newest`: of each adapter the one that is listed."""

    columns: Mapping[str, Column]
    newest: int
    _place: Mapping[int, int]  # by serial
    _older: Mapping[int, Sequence[int]]  # place → places of newer rows, for other bases
    _for_bases: dict[frozenset[int], int] = field(default_factory=dict)
    _found: dict[str, int] = field(default_factory=dict)

    def remembered(self, question: str) -> int | None:
        """Return the rows that the database found, if that is still known."""
        return self._found.get(question)

    def remember(self, question: str, serials: Iterable[int]) -> int:
        """Return the rows with these serials, and keep them for a question till there are many."""
        if len(self._found) >= REMEMBERED:
            self._found.clear()
        known = self._place
        bits = as_bits((known[serial] for serial in serials if serial in known), self.size)
        self._found[question] = bits
        return bits

    def for_bases(self, bases: frozenset[int]) -> int:
        """Return of each adapter the newest row for any of these bases. It is remembered."""
        if bases not in self._for_bases:
            self._for_bases[bases] = self._newest_for(bases)
        return self._for_bases[bases]

    def _newest_for(self, bases: frozenset[int]) -> int:
        rows = self.columns["base"].any_of(bases)
        has = Lookup(rows, self.size)
        extra = (
            place
            for place, newer in self._older.items()
            if has[place] and not any(has[each] for each in newer)
        )
        return rows & self.newest | as_bits(extra, self.size)

    @property
    def size(self) -> int:
        return len(self._place)

    @property
    def everything(self) -> int:
        return (1 << self.size) - 1


class Lookup:
    """Whether a row is among these: for many questions about the same rows."""

    def __init__(self, bits: int, size: int) -> None:
        self._bytes = bits.to_bytes(size // 8 + 1, "little")

    def __getitem__(self, place: int) -> int:
        return self._bytes[place >> 3] >> (place & 7) & 1


def fill(versions: QuerySet[AdapterVersion]) -> Shelf:
    """Return a shelf of the newest of these versions, for each adapter and base: two queries."""
    found = (
        versions.order_by("adapter__serial", "base", "-number")
        .distinct("adapter__serial", "base")
        .values_list(
            "serial",
            "adapter__serial",
            "number",
            "base",
            "adapter__kind",
            "adapter__tags",
            "adapter__team__slug",
            "adapter__created_by__username",
            "adapter__content_level",
            "adapter__modality",
            "adapter__licence",
            "base__licence",
            "proof",
            "measured_low",
            "measured_high",
        )
    )
    weights = VersionFile.objects.filter(role=VersionFile.Role.WEIGHTS, version__in=versions)
    files = {
        serial: rest
        for serial, *rest in weights.values_list(
            "version__serial", "algorithm", "rank_low", "rank_high"
        )
    }
    return of_rows(Row(*each, *files.get(each[0], ())) for each in found)


def of_rows(found: Iterable[Row]) -> Shelf:
    rows = sorted(found, key=attrgetter("adapter", "number"), reverse=True)
    newest: list[int] = []
    older: dict[int, Sequence[int]] = {}
    for _, group in groupby(range(len(rows)), key=lambda place: rows[place].adapter):
        first, *others = group
        newest.append(first)
        older |= {place: range(first, place) for place in others}
    return Shelf(
        columns={name: Column(rows, read) for name, read in READ.items()},
        newest=as_bits(newest, len(rows)),
        _place={row.serial: place for place, row in enumerate(rows)},
        _older=older,
    )


def as_bits(found: Iterable[int], size: int) -> int:
    """Return the places as a number, in which the bit of each is set."""
    bits = bytearray(size // 8 + 1)
    for place in found:
        bits[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(bits, "little")


def places(bits: int) -> Iterator[int]:
    """Yield the places whose bits are set, the first one first."""
    for at, byte in enumerate(bits.to_bytes(bits.bit_length() // 8 + 1, "little")):
        for place in _SET[byte]:
            yield at * 8 + place


_SET = tuple(tuple(place for place in range(8) if byte >> place & 1) for byte in range(256))
