"""What changed since somebody last asked: for whoever keeps a copy."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api import addresses, caching
from hub.api.doors import Door
from hub.api.people import person
from hub.api.schema import answers
from hub.api.shapes.changes import ChangeFilters, Feed
from registry.queries import changes
from registry.services import changes as order


class Changes(Door):
    """The feed."""

    @extend_schema(
        operation_id="list_changes",
        parameters=[ChangeFilters],
        responses=answers(ok=Feed),
        summary="List what changed since a cursor; without one, say where the feed is now",
    )
    def get(self, request: Request) -> HttpResponseBase:
        form = ChangeFilters(data=request.query_params)
        form.is_valid(raise_exception=True)
        order.settle_after_a_move()
        found = _found(form.validated_data, request)
        etag = caching.etag_of(request, found.cursor, found.more)
        known = caching.unchanged(request, etag)
        if known:
            return known
        told = {
            "items": found.events,
            "cursor": found.cursor,
            "more": found.more,
            "full_listing": None
            if form.validated_data["since"]
            else _listing(request, form.validated_data),
        }
        response = Response(Feed(told, context={"request": request}).data)
        return caching.with_etag(response, etag)


def _found(asked: dict[str, Any], request: Request) -> changes.Changes:
    if not asked["since"]:
        return changes.now()
    filters = changes.Filters(base=asked["base"], team=asked["team"], channel=asked["channel"])
    return changes.since(asked["since"], filters, by=person(request), limit=asked["limit"])


def _listing(request: Request, asked: dict[str, Any]) -> str:
    """Return the address that lists what these changes are changes of."""
    narrowed = {name: asked[name] for name in ("base", "team", "channel") if asked[name]}
    return addresses.at(request, "api-adapters", **narrowed)
