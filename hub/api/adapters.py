"""Browse adapters, and one by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api import addresses, caching
from hub.api.doors import Door
from hub.api.people import person
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from hub.api.shapes.adapters import AdapterChange, AdapterDetail, AdapterPage, ListedAdapter
from hub.api.shapes.filters import PAGING, parameters
from hub.api.shapes.listing import Listing
from registry.errors import Invalid
from registry.queries import adapters, listing, orders, versions
from registry.queries.filters import table
from registry.services import describing

if TYPE_CHECKING:
    from registry.models import User

FIELDS = tuple(ListedAdapter().fields)


class AdapterList(Door):
    """What may be downloaded."""

    @extend_schema(
        operation_id="list_adapters",
        parameters=parameters(),
        responses=answers(ok=AdapterPage),
        summary="List adapters: of each the newest published version that matches",
    )
    def get(self, request: Request) -> HttpResponseBase:
        etag = caching.etag_of(request, adapters.revision())
        known = caching.unchanged(request, etag)
        if known:
            return known
        given = dict(request.query_params.lists())
        asked = table.read(given, besides=PAGING)
        window = _window(given)
        response = _page(request, asked, window, by=person(request), fields=_fields(given))
        if asked.state != "published" or window.sort == "downloads":
            return response  # no event tells of what changes there
        return caching.with_etag(response, etag)


def _page(
    request: Request,
    asked: table.Asked,
    window: orders.Window,
    *,
    by: User | None,
    fields: Sequence[str],
) -> Response:
    page = listing.page(asked, window, by=by, pictured="preview_url" in fields)
    written = Listing(request)
    rows = [written.write(row) for row in page.rows]
    if fields != FIELDS:
        rows = [{name: row[name] for name in fields} for row in rows]
    links = {
        name: _address(request, cursor) if cursor else None
        for name, cursor in (("next", page.next), ("previous", page.previous))
    }
    response = Response({"items": rows} | links)
    said = [f'<{address}>; rel="{name}"' for name, address in links.items() if address]
    if said:
        response["Link"] = ", ".join(said)
    return response


def _window(given: Mapping[str, Sequence[str]]) -> orders.Window:
    limit = _last(given, "limit") or str(orders.PAGE)
    if not (limit.isascii() and limit.isdecimal()):
        raise Invalid(f"limit is {limit[:20]!r}: write a number from 1 to {orders.MAX_PAGE}.")
    return orders.Window(
        sort=_last(given, "sort"), cursor=_last(given, "cursor"), limit=int(limit[:9])
    )


def _fields(given: Mapping[str, Sequence[str]]) -> Sequence[str]:
    wanted = [name.strip() for text in given.get("fields", ()) for name in text.split(",")]
    wanted = [name for name in wanted if name]
    for name in wanted:
        if name not in FIELDS:
            raise Invalid(
                f"Items have no field “{name[:60]}”: they have {', '.join(FIELDS)}.",
                code="unknown-field",
            )
    return tuple(wanted) or FIELDS


def _last(given: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(given.get(name, ())[-1:]), "").strip()


def _address(request: Request, cursor: str) -> str:
    query: list[tuple[str, Any]] = [
        (name, text)
        for name, texts in request.query_params.lists()
        if name != "cursor"
        for text in texts
    ]
    return f"{addresses.whole(request, request.path)}?{urlencode([*query, ('cursor', cursor)])}"


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

    @extend_schema(
        operation_id="change_adapter",
        request=AdapterChange,
        responses=answers(404, ok=AdapterDetail),
        summary="Say something else of an adapter: its title, description, kind, tags, licence",
    )
    def patch(self, request: MemberRequest, team: str, name: str) -> Response:
        adapter = adapters.named(team, name, by=request.user)
        form = AdapterChange(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        describing.change(adapter, by=request.user, now=timezone.now(), **form.validated_data)
        return self.get(request, team, name)
