"""What a version was made from and what was made of it, over adapters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.doors import Door
from hub.api.people import person
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from hub.api.shapes import lineage as shapes
from registry.queries import lineage, lineage_found, people, versions
from registry.queries.words import Role
from registry.services import lineage as saying

if TYPE_CHECKING:
    from registry.models import AdapterVersion, User


class Lineage(Door):
    @extend_schema(
        operation_id="get_lineage",
        responses=answers(404, ok=shapes.Lineage),
        summary="Show what a version was made from and what was made of it, over adapters",
    )
    def get(self, request: Request, team: str, name: str, number: int) -> Response:
        by = person(request)
        return _told(request, versions.in_sight(team, name, number, by=by), by)

    @extend_schema(
        operation_id="set_lineage",
        request=shapes.SaidLineage,
        responses=answers(404, 409, 422, ok=shapes.Lineage),
        summary="Say all that a version was made from",
    )
    def put(self, request: MemberRequest, team: str, name: str, number: int) -> Response:
        version = versions.in_sight(team, name, number, by=request.user)
        form = shapes.SaidLineage(data=request.data)
        form.is_valid(raise_exception=True)
        said = [saying.Said(**one) for one in form.validated_data["ancestors"]]
        saying.say(version, said, by=request.user, now=timezone.now())
        return _told(request, version, request.user)

    @extend_schema(
        operation_id="take_lineage_back",
        responses=answers(404, 409, nothing=None),
        summary="Take back what was said that a version was made from",
    )
    def delete(self, request: MemberRequest, team: str, name: str, number: int) -> Response:
        version = versions.in_sight(team, name, number, by=request.user)
        saying.take_back(version, by=request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _told(request: Request, version: AdapterVersion, by: User | None) -> Response:
    line = lineage.of_version(version, by=by)
    is_theirs = by is not None and people.may(by, Role.CONTRIBUTOR, version.adapter.team)
    told = {
        "ancestors": line.ancestors,
        "descendants": line.descendants,
        "is_cut": line.is_cut,
        "breaches": line.breaches,
        "found": lineage_found.of_version(version, by=by) if by and is_theirs else [],
    }
    return Response(shapes.Lineage(told, context={"request": request}).data)
