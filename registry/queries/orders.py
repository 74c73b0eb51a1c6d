"""
In which order adapters are listed, and the pages of a list in both directions.

Pages follow a key: what a list is ordered by, and an id. So the thousandth costs what the first
does, and nothing is shown twice or left out because something was published meanwhile. A cursor
holds the key, the direction, and a mark of the question it belongs to: it is of no use to another.

In the two usual orders, what is deprecated comes after all the rest (ADR 35). Its keys say so.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Collate

from registry.errors import Invalid
from registry.models.sorting import BY_CODE_POINT, is_behind
from registry.queries import ranking
from registry.queries.filters.table import Asked

PAGE = 24
MAX_PAGE = 100
NOT_OURS = "That cursor is not one that this hub gave out: start from the first page."
OF_ANOTHER = (
    "That cursor belongs to another question: follow `next` and `previous` as they stand, or start "
    "from the first page."
)

Key = tuple[str, Callable[[Any], Any]]
_ID: Key = ("pk", UUID)
_RANKED: Key = ("ranked_at", datetime.fromisoformat)
_WHEN: Key = ("when", datetime.fromisoformat)


@dataclass(frozen=True, slots=True)
class Order:
    """An order by keys, all of them falling or all of them rising."""

    name: str
    about: str
    keys: tuple[Key, ...]
    falling: bool = True


ORDERS = (
    Order("updated", "what was published last, then what is deprecated", (_RANKED, _ID)),
    Order(
        "created",
        "the newest adapters",
        (("adapter__created_at", datetime.fromisoformat), _ID),
    ),
    Order("downloads", "what was downloaded most", (("downloads", int), _ID)),
    Order(
        "title",
        "by title, whatever its case, accents and width; 2 comes before 10",
        (("adapter__title_key", str), _ID),
        falling=False,
    ),
    Order("name", "by name, whichever the team", (("name_key", str), _ID), falling=False),
    Order(
        "relevance",
        "where `q` is found in names, then in trigger words, then what is deprecated",
        (),
    ),
)
BY_NAME = {order.name: order for order in ORDERS}


@dataclass(frozen=True, slots=True)
class Window:
    """Which page of a list: its order ("" for the usual one), where it begins, how long it is."""

    sort: str = ""
    cursor: str = ""
    limit: int = PAGE


@dataclass(frozen=True, slots=True)
class Turned:
    """
    The rows of one page, and the cursors to its neighbours ("" where there is none).

    `behind` is the place of the first row that stands behind all others because it is deprecated,
    where the list turns from one to the other on this page. `upwards`: the cursor led back.
    """

    rows: Sequence[dict[str, Any]]
    next: str
    previous: str
    behind: int | None = None
    upwards: bool = False


def page(found: QuerySet[Any], asked: Asked, window: Window) -> Turned:
    """
    Return one page of what was found: of each version its `pk`, and what it is ordered by.

    Nothing else is read here, so that what is sorted is narrow; whoever wants more asks for the
    rows of one page by their keys.

    :raises Invalid: if the order is not known, the limit out of bounds, or the cursor none of ours
        or another question's
    """
    if not 1 <= window.limit <= MAX_PAGE:
        raise Invalid(f"A page has 1 to {MAX_PAGE} adapters, not {window.limit}.")
    order = _order(asked, window.sort)
    mark = _mark(asked, order)
    back, key = _read(window.cursor, order, mark) if window.cursor else (False, ())
    rows = _turned(found, asked, order, key, falling=order.falling != back, most=window.limit + 1)
    beyond, rows = rows[window.limit :], rows[: window.limit]
    rows = rows[::-1] if back else rows
    more = bool(beyond)
    is_next, is_previous = (bool(rows), more) if back else (more, bool(key and rows))
    first = order.keys[0][0]
    before = [row[first] for row in beyond] if back else key[:1]
    return Turned(
        rows,
        next=_write(order, mark, rows[-1], back=False) if is_next else "",
        previous=_write(order, mark, rows[0], back=True) if is_previous else "",
        behind=_behind([*before, *(row[first] for row in rows)], skipped=len(before)),
        upwards=back,
    )


def in_order(rows: Iterable[dict[str, Any]], keys: Sequence[UUID]) -> list[dict[str, Any]]:
    """Return rows in the order of these keys, without those that are gone meanwhile."""
    by_key = {row["pk"]: row for row in rows}
    return [by_key[key] for key in keys if key in by_key]


def _behind(keys: Sequence[Any], *, skipped: int) -> int | None:
    """Return at which row keys begin to be those of deprecated versions, after some that are not"""
    turns = (
        place
        for place, (one, other) in enumerate(pairwise(keys), 1)
        if is_behind(other) and not is_behind(one)
    )
    return next((place - skipped for place in turns), None)


def _order(asked: Asked, sort: str) -> Order:
    if not sort:
        sort = "relevance" if asked.text else "updated"
    if sort not in BY_NAME:
        raise Invalid(f"sort is {sort[:40]!r}: write one of {', '.join(BY_NAME)}.")
    order = BY_NAME[sort]
    if sort == "relevance":
        if not asked.text:
            raise Invalid("sort is relevance, and nothing says to what: give q as well.")
        order = replace(order, keys=(("rank", int), _RANKED, _ID))
    if asked.state == "published":
        return order
    # What was never published stands where it was uploaded.
    return replace(order, keys=tuple(_WHEN if key is _RANKED else key for key in order.keys))


def _turned(
    found: QuerySet[Any],
    asked: Asked,
    order: Order,
    key: Sequence[Any],
    *,
    falling: bool,
    most: int,
) -> list[dict[str, Any]]:
    """Return so many rows beyond the key, if there is one."""
    names = [name for name, _ in order.keys]
    signs = [f"-{name}" if falling else name for name in names]
    keys = dict.fromkeys(["pk", *names])

    def read(rows: QuerySet[Any], most: int) -> list[dict[str, Any]]:
        if key:
            rows = rows.filter(_beyond(order, key, falling=falling))
        return list(rows.order_by(*signs).values(*keys)[:most])

    rows = ranking.likeliest(found, asked, read, most=most) if order.name == "relevance" else None
    return read(_with_keys(found, asked, order), most) if rows is None else rows


def _with_keys(found: QuerySet[Any], asked: Asked, order: Order) -> QuerySet[Any]:
    if order.name == "name":
        found = found.annotate(name_key=Collate("adapter__slug", BY_CODE_POINT))
    if asked.state != "published":
        found = found.annotate(when=Coalesce("published_at", "uploaded_at"))
    if order.name == "relevance":
        stands = Q(deprecated_at__isnull=True)
        found = found.annotate(rank=ranking.rank("search_entry__words", asked, stands))
    return found


def _beyond(order: Order, key: Sequence[Any], *, falling: bool) -> Q:
    """Return that a row comes after the key; the first part of it is for the index."""
    than = "lt" if falling else "gt"
    names = [name for name, _ in order.keys]
    beyond, same = Q(), Q()
    for name, value in zip(names, key, strict=True):
        beyond |= same & Q(**{f"{name}__{than}": value})
        same &= Q(**{name: value})
    return Q(**{f"{names[0]}__{than}e": key[0]}) & beyond


def _mark(asked: Asked, order: Order) -> str:
    said = json.dumps([asked.said(), order.name])
    return hashlib.sha256(said.encode()).hexdigest()[:10]


def _write(order: Order, mark: str, row: Any, *, back: bool) -> str:
    key = [_plain(row[name]) for name, _ in order.keys]
    told = json.dumps([mark, int(back), *key], separators=(",", ":"))
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def _read(cursor: str, order: Order, mark: str) -> tuple[bool, tuple[Any, ...]]:
    try:
        told = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        of, back, *key = told
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise Invalid(NOT_OURS, code="unknown-cursor") from None
    if of != mark:
        raise Invalid(OF_ANOTHER, code="cursor-of-another-query")
    try:
        values = zip(order.keys, key, strict=True)
        return bool(back), tuple(read(value) for (_, read), value in values)
    except (ValueError, TypeError, AttributeError):
        raise Invalid(NOT_OURS, code="unknown-cursor") from None


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
