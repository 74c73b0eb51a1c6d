"""
What is asked of the gallery, out of an address, and the addresses of what might be asked instead.

Filters have the names and are read as in the API (registry/queries/filters): the same words after
the `?` find the same here and there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from registry.queries import orders
from registry.queries.facets import counting
from registry.queries.filters import table
from registry.queries.filters.table import Asked

CARDS, TABLE = "cards", "table"
VIEWS = (CARDS, TABLE)
BESIDES = ("sort", "view", "cursor")
NOT_FILTERS = {"csrfmiddlewaretoken", "shown"}


@dataclass(frozen=True, slots=True)
class Question:
    """Values by the names of filters, as an address says them, and how to show what is found."""

    said: Mapping[str, Sequence[str]]
    asked: Asked
    sort: str = ""
    view: str = CARDS
    cursor: str = ""
    usual: bool = False  # whether the bare address would ask for something: the bases one uses

    @property
    def window(self) -> orders.Window:
        return orders.Window(sort=self.sort, cursor=self.cursor)

    @property
    def words(self) -> str:
        """What stands after the `?` for the filters and the order: a question to keep."""
        return _query(self.said, sort=self.sort)

    @property
    def address(self) -> str:
        return self.at()

    def at(self, *, cursor: str = "") -> str:
        view = "" if self.view == CARDS else self.view
        query = _query(self.said, sort=self.sort, view=view, cursor=cursor)
        if self.usual and not query:
            query = "base="
        return reverse("browse") + (f"?{query}" if query else "")

    def saying(self, name: str, values: Iterable[str]) -> str:
        """Return the address with these values of a filter, instead of those that are there."""
        said = {**self.said, name: list(values)}
        return replace(self, said=said).at()

    def adding(self, name: str, value: str) -> str:
        return self.saying(name, [*self.said.get(name, ()), value])

    def without(self, name: str, value: str = "") -> str:
        """Return the address without a value of a filter, or without the filter."""
        kept = [each for each in self.said.get(name, ()) if value and each != value]
        return self.saying(name, kept)

    def moving(self, name: str, other: str) -> str:
        """Return the address with the values of one filter given to another."""
        values = [*self.said.get(other, ()), *self.said.get(name, ())]
        said = {**self.said, name: [], other: values}
        return replace(self, said=said).at()

    def shown_as(self, view: str) -> str:
        return replace(self, view=view).at()

    def loosened(self, name: str) -> Asked:
        """Return what would be asked without one filter."""
        left = {each: value for each, value in self.asked.values.items() if each != name}
        return Asked(left)


def read(query: QueryDict, *, usual: bool = False) -> Question:
    """
    Return what an address asks for.

    :raises Invalid: if a name is no filter's, or a value makes no sense
    """
    given = {name: texts for name, texts in query.lists() if name not in NOT_FILTERS}
    said = {name: _values(name, texts) for name, texts in given.items() if name not in BESIDES}
    said = {name: values for name, values in said.items() if values}
    if "base" in said:
        said["base"] = counting.narrowest(said["base"])
    asked = table.read(said)
    said |= {name: value for name, value in asked.values.items() if isinstance(value, list)}
    view = query.get("view", CARDS)
    return Question(
        said=said,
        asked=asked,
        sort=_sort(query.get("sort", ""), said),
        view=view if view in VIEWS else CARDS,
        cursor=query.get("cursor", ""),
        usual=usual,
    )


def _values(name: str, texts: Sequence[str]) -> Sequence[str]:
    """Return the values of a filter one by one; empty ones do not matter."""
    several = name in table.BY_NAME and table.BY_NAME[name].several
    pieces = [piece for text in texts for piece in text.split(",")] if several else texts
    return list(dict.fromkeys(piece.strip() for piece in pieces if piece.strip()))


def _sort(sort: str, said: Mapping[str, Sequence[str]]) -> str:
    """Return the order that is asked for; "" for the usual one."""
    usual = "relevance" if "q" in said else "updated"
    return "" if sort == usual or (sort == "relevance" and "q" not in said) else sort


def _query(said: Mapping[str, Sequence[str]], **more: str) -> str:
    pairs = {name: ",".join(values) for name, values in said.items() if values}
    return urlencode(pairs | {name: text for name, text in more.items() if text}, safe=",")
