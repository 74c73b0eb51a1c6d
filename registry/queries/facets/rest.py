"""
What bits do not know of a question: the database is asked, and what it says is kept as bits.

Words are asked for beside whatever else, so they are looked up, and remembered, by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import and_
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast

from registry.models import AdapterVersion
from registry.queries.facets.shelf import Shelf
from registry.queries.facets.table import BITS
from registry.queries.filters import narrowing
from registry.queries.filters.table import Asked

KNOWN = {*BITS, "base", "family", "state", "channel"}


def rows(shelf: Shelf, asked: Asked) -> int:
    """Return the rows of a shelf that match what bits do not know of a question."""
    return reduce(and_, look_up(shelf, [asked]).values(), shelf.everything)


def look_up(shelf: Shelf, questions: Sequence[Asked]) -> Mapping[str, int]:
    """
    Return the rows that match each part of these questions, and have the shelf remember them.

    What it does not know yet is looked up in one query.
    """
    parts = {_mark(part): part for asked in questions for part in _parts(asked)}
    known = {mark: shelf.remembered(mark) for mark in parts}
    bits = {mark: each for mark, each in known.items() if each is not None}
    ways = [(mark, way) for mark in parts if mark not in bits for way in _ways(parts[mark])]
    found: dict[str, Sequence[int]] = {}
    for (mark, _), serials in zip(ways, _serials([way for _, way in ways]), strict=True):
        found[mark] = found.get(mark) or serials  # of several ways, the first that finds anything
    return bits | {mark: shelf.remember(mark, serials) for mark, serials in found.items()}


def _parts(asked: Asked) -> Iterator[Asked]:
    rest = {name: each for name, each in asked.values.items() if name not in KNOWN}
    words = {"q": rest.pop("q")} if "q" in rest else {}
    yield from (Asked({"state": asked.state, **part}) for part in (words, rest) if part)


def _mark(part: Asked) -> str:
    return repr(part.said())


def _ways(part: Asked) -> Sequence[QuerySet[Any]]:
    """Return where to look for what matches, and is on the shelf: the first that has any tells."""
    if part.text:
        return narrowing.found_by(part.text)
    return [AdapterVersion.objects.filter(part.narrowed())]


def _serials(ways: Sequence[QuerySet[Any]]) -> Sequence[Sequence[int]]:
    """Return the serials of each of these: all in one query."""
    if not ways:
        return []
    # One text of many numbers is read ten times faster than as many rows.
    written = StringAgg(Cast("serial", TextField()), ",")
    first, *others = (
        way.order_by()
        .values(at=Value(at, IntegerField()))
        .annotate(all=written)
        .values_list("at", "all")
        for at, way in enumerate(ways)
    )
    found = dict(first.union(*others, all=True))
    return [[*map(int, found[at].split(","))] if found.get(at) else [] for at in range(len(ways))]
