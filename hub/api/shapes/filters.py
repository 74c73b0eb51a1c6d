"""What may stand in the address of a list, as the API's description says it: from the tables."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from registry.queries import orders
from registry.queries.filters.filter import Filter
from registry.queries.filters.table import FILTERS

PAGING = ("sort", "cursor", "limit", "fields")
_TYPES: dict[type, Any] = {str: str, int: int, float: float, bool: bool}


def parameters() -> list[OpenApiParameter]:
    return [*filters(), _sort(), _cursor(), _limit(), _fields()]


def filters() -> list[OpenApiParameter]:
    return [_of_filter(one) for one in FILTERS]


def _of_filter(one: Filter) -> OpenApiParameter:
    about = f"{one.about} Several may be given, with commas between." if one.several else one.about
    return _parameter(
        one.name,
        _TYPES.get(one.kind, OpenApiTypes.DATETIME),
        about,
        one.example.split(",") if one.several else one.example,
        enum=one.words or None,
        many=one.several,
        explode=False if one.several else None,
    )


def _sort() -> OpenApiParameter:
    said = "; ".join(f"`{order.name}`: {order.about}" for order in orders.ORDERS)
    about = f"The order: {said}. Else by relevance where there is a `q`, or as last updated."
    return _parameter("sort", str, about, "downloads", enum=list(orders.BY_NAME))


def _cursor() -> OpenApiParameter:
    about = "From `next` or `previous` of another page of the same question."
    return OpenApiParameter("cursor", str, OpenApiParameter.QUERY, description=about)


def _limit() -> OpenApiParameter:
    shape = {"type": "integer", "minimum": 1, "maximum": orders.MAX_PAGE, "default": orders.PAGE}
    return _parameter("limit", shape, "How many a page has at most.", 24)


def _fields() -> OpenApiParameter:
    about = "Only these fields of each item, with commas between."
    return _parameter("fields", str, about, ["name", "sha256"], many=True, explode=False)


def _parameter(name: str, kind: Any, about: str, example: Any, **options: Any) -> OpenApiParameter:
    return OpenApiParameter(
        name,
        kind,
        OpenApiParameter.QUERY,
        description=about,
        examples=[OpenApiExample(name, value=example)],
        **options,
    )
