"""The envelope of lists: items, and how to go on."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from rest_framework.request import Request

from hub.api import addresses
from hub.civitai.asking import Place


def by_key(
    request: Request, place: Place, items: list[Any], after: tuple[int, ...] | None
) -> dict[str, Any]:
    """Return a page whose rows follow a key; where there are more, `after` is the last one's."""
    metadata: dict[str, Any] = {}
    if after is not None:
        cursor = place.cursor_after(*after)
        metadata["nextCursor"] = cursor
        turn = {"page": str(place.page + 1)} if place.page else {"cursor": cursor}
        metadata["nextPage"] = address(request, **turn)
    if place.page:
        metadata |= {"currentPage": place.page, "pageSize": place.limit}
    return {"items": items, "metadata": metadata}


def by_number(request: Request, place: Place, items: list[Any], total: int) -> dict[str, Any]:
    """Return a page of a list whose length is known."""
    page = place.page or 1
    pages = -(-total // place.limit) if place.limit else 0
    metadata: dict[str, Any] = {
        "totalItems": total,
        "currentPage": page,
        "pageSize": place.limit,
        "totalPages": pages,
    }
    if page < pages:
        metadata["nextPage"] = address(request, page=str(page + 1))
    if 1 < page <= pages:
        metadata["prevPage"] = address(request, page=str(page - 1))
    return {"items": items, "metadata": metadata}


def link(at: str, **query: str) -> str:
    return f"{at}?{urlencode(query)}"


def address(request: Request, **turn: str) -> str:
    """Return the same question's address at another place; a token is never written into it."""
    query = request.query_params.copy()
    for name in ("page", "cursor", "token"):
        query.pop(name, None)
    for name, value in turn.items():
        query[name] = value
    return f"{addresses.whole(request, request.path)}?{query.urlencode()}"
