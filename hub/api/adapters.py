"""Browse adapters, and one by its name."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api import addresses, caching
from hub.api.doors import Door
from hub.api.people import person
from hub.api.schema import answers
from hub.api.shapes.adapters import AdapterDetail, AdapterFilters, AdapterPage
from hub.api.shapes.listing import Listing
from registry.queries import adapters, listing, versions


class AdapterList(Door):
    """What may be downloaded."""

    @extend_schema(
        operation_id="list_adapters",
        parameters=[AdapterFilters],
        responses=answers(ok=AdapterPage),
        summary="List adapters: the newest published version of each, newest first",
    )
    def get(self, request: Request) -> HttpResponseBase:
        etag = caching.etag_of(request, adapters.revision())
        known = caching.unchanged(request, etag)
        if known:
            return known
        asked = AdapterFilters(data=request.query_params)
        asked.is_valid(raise_exception=True)
        wanted = dict(asked.validated_data)
        cursor, limit = wanted.pop("cursor"), wanted.pop("limit")
        filters = adapters.Filters(text=wanted.pop("q"), **wanted)
        page = listing.published(filters, cursor=cursor, limit=limit)
        written = Listing(request)
        rows = [written.write(row) for row in page.rows]
        following = _following(request, page.next) if page.next else None
        response = Response({"items": rows, "next": following})
        if following:
            response["Link"] = f'<{following}>; rel="next"'
        return caching.with_etag(response, etag)


def _following(request: Request, cursor: str) -> str:
    query = request.query_params.dict() | {"cursor": cursor}
    return f"{addresses.whole(request, request.path)}?{urlencode(query)}"


class AdapterByName(Door):
    """One adapter and its versions."""

    @extend_schema(
        operation_id="get_adapter",
        responses=answers(404, ok=AdapterDetail),
        summary="Show one adapter and its versions",
    )
    def get(self, request: Request, team: str, name: str) -> Response:
        by = person(request)
        adapter = adapters.named(team, name, by=by)
        line = versions.of_adapter(adapter, by=by)
        context = {"request": request, "versions": line}
        return Response(AdapterDetail(adapter, context=context).data)
