"""Saved searches of a person, and the bases that they use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

from django.db.models import QuerySet

from registry.errors import Invalid, NotFound
from registry.models import SavedSearch, User
from registry.queries.facets import counting
from registry.queries.filters import table
from registry.queries.filters.table import Asked

BESIDES = ("sort",)


def of(user: User) -> QuerySet[SavedSearch]:
    """Return the person's searches, by title."""
    return user.searches.order_by("title", "pk")


def one(user: User, search_id: int) -> SavedSearch:
    """:raises NotFound: if the person has no such search"""
    found = of(user).filter(pk=search_id).first()
    if found is None:
        raise NotFound("You have no such saved search.")
    return found


def read(query: str) -> Asked:
    """
    Return what a query, as it stands in an address, asks for.

    :raises Invalid: if a name is no filter's, or a value makes no sense
    """
    return table.read(given(query), besides=BESIDES)


def given(query: str) -> Mapping[str, Sequence[str]]:
    return parse_qs(query)


def counts(found: Sequence[SavedSearch], *, by: User) -> list[int | None]:
    """Return how many adapters each search finds now; None of one that makes no sense any more."""
    asked = [_readable(search.query) for search in found]
    many = iter(counting.totals([one for one in asked if one is not None], by=by))
    return [None if one is None else next(many) for one in asked]


def _readable(query: str) -> Asked | None:
    try:
        return read(query)
    except Invalid:  # a filter of another day
        return None
