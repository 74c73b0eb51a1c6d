"""How much there is of everything that the list of adapters is narrowed by."""

from __future__ import annotations

from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.doors import Door
from hub.api.people import person
from hub.api.schema import answers
from hub.api.shapes import facets as shapes
from hub.api.shapes.filters import filters
from registry.queries.facets import counting
from registry.queries.filters import table


class Facets(Door):
    """The choices that would leave any adapter, with counts."""

    @extend_schema(
        operation_id="count_facets",
        parameters=filters(),
        responses=answers(ok=shapes.Facets),
        summary="Count adapters by everything that the list is narrowed by",
    )
    def get(self, request: Request) -> Response:
        asked = table.read(dict(request.query_params.lists()))
        counted = counting.count(asked, by=person(request))
        return Response(shapes.Facets(asdict(counted)).data)
