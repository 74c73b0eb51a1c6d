"""
Every facet there is, in the order that pages show them, and which filters bits can answer.

To add a facet, give `Row` and `READ` in shelf.py the property, and this table a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from registry.content_levels import LEVELS
from registry.exports.licences import permissions
from registry.models import Kind
from registry.proof_levels import PROOFS
from registry.queries.facets.shelf import Shelf
from registry.queries.filters.narrowing import PERMITS
from registry.queries.filters.table import MODALITIES

Terms = tuple[str, str]  # an adapter's own licence, and its base's


@dataclass(frozen=True, slots=True)
class Facet:
    """
    One property to choose by; its name is that of the filter that choices go into.

    Where one choice more `widens` the list, counts leave out what is chosen of the facet itself.
    """

    name: str
    column: str
    values: Callable[[Any], Iterable[str]]  # of what a row has: what can be chosen
    order: Sequence[str] = ()  # else by how many there are
    widens: bool = True


def _itself(value: str) -> Iterable[str]:
    return (value,) if value else ()


@lru_cache(maxsize=4096)
def _allowed(terms: Terms) -> Sequence[str]:
    allowed = permissions(*terms)
    return tuple(name for name, permits in PERMITS.items() if permits(allowed))


def _reached(proof: str) -> Iterable[str]:
    return PROOFS[: PROOFS.index(proof) + 1] if proof else ()


FACETS = (
    Facet("kind", "kind", _itself, order=Kind.values),
    Facet("tags", "tags", _itself, widens=False),
    Facet("team", "team", _itself),
    Facet("creator", "creator", _itself),
    Facet("algorithm", "algorithm", lambda value: filter(None, value.split(", "))),
    Facet("permits", "licence", _allowed, order=tuple(PERMITS), widens=False),
    Facet("modality", "modality", _itself, order=MODALITIES),
    Facet("proof", "proof", _reached, order=PROOFS),
    Facet("content", "content", _itself, order=LEVELS),
)


# --- Filters ------------------------------------------------------------------------------------

Answer = Callable[[Shelf, Any], int]  # what a filter asks for, to the rows that have it


def _any_of(column: str) -> Answer:
    return lambda shelf, asked: shelf.columns[column].any_of(asked)


def _none_of(column: str) -> Answer:
    return lambda shelf, asked: shelf.everything & ~shelf.columns[column].any_of(asked)


def _all_of(column: str) -> Answer:
    def answer(shelf: Shelf, asked: Sequence[str]) -> int:
        found = shelf.everything
        for one in asked:
            found &= shelf.columns[column].bits(one)
        return found

    return answer


def _where(column: str, holds: Callable[[Any, Any], bool]) -> Answer:
    return lambda shelf, asked: shelf.columns[column].where(lambda value: holds(asked, value))


BITS: Mapping[str, Answer] = {
    "kind": _any_of("kind"),
    "tag": lambda shelf, asked: shelf.columns["tags"].bits(asked),
    "tags": _all_of("tags"),
    "tags_any": _any_of("tags"),
    "tags_not": _none_of("tags"),
    "team": _any_of("team"),
    "creator": _any_of("creator"),
    "algorithm": _where("algorithm", lambda asked, value: bool({*asked} & {*value.split(", ")})),
    "permits": _where("licence", lambda asked, terms: {*asked} <= {*_allowed(terms)}),
    "licence": _where("licence", lambda asked, terms: terms[0].lower() == asked.lower()),
    "modality": lambda shelf, asked: shelf.columns["modality"].bits(asked),
    "content": _any_of("content"),
    "content_max": _where(
        "content", lambda asked, value: LEVELS.index(value) <= LEVELS.index(asked)
    ),
    "weight": _where("range", lambda asked, each: None not in each and each[0] <= asked <= each[1]),
    "rank_max": _where("rank_high", lambda asked, rank: rank is not None and rank <= asked),
    "rank_min": _where("rank_low", lambda asked, rank: rank is not None and rank >= asked),
    "proof": _where("proof", lambda asked, value: PROOFS.index(value) >= PROOFS.index(asked)),
}
