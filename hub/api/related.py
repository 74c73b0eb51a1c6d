"""What a version is related to."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.doors import Door
from hub.api.people import person
from hub.api.schema import answers
from hub.api.shapes.related import Related as RelatedShape
from registry.queries import related, versions


class Related(Door):
    @extend_schema(
        operation_id="get_related",
        responses=answers(404, ok=RelatedShape),
        summary="Show what a version came from and what came of it, the same weights elsewhere, "
        "and similar adapters",
    )
    def get(self, request: Request, team: str, name: str, number: int) -> Response:
        by = person(request)
        version = versions.in_sight(team, name, number, by=by)
        seen = versions.of_adapter(version.adapter, by=by)
        told = {
            "bases": [base.slug for base in related.bases(version.base)],
            "ancestors": [one.number for one in related.ancestors(version, seen)],
            "descendants": [one.number for one in related.descendants(version, seen)],
            "same_weights": related.same_weights(version, by=by),
            "similar": related.similar(version),
        }
        return Response(RelatedShape(told, context={"request": request}).data)
