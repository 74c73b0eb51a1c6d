"""Cells that members ask for by hand: asked, followed, cancelled, and shown in the gallery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api import addresses
from hub.api.doors import Door
from hub.api.people import person
from hub.api.requests import MemberRequest
from hub.api.schema import answers, in_address
from hub.api.shapes.asking import AskedCells, AskedGrid, AskedList, Asking, GalleryChange
from registry.errors import Invalid
from registry.queries import requests as found
from registry.queries import versions
from registry.services import requests

if TYPE_CHECKING:
    from registry.models import AdapterVersion, PreviewRequest, User

PLAN = ("across", "down", "same", "against")


class Requests(Door):
    """What was asked of a version."""

    @extend_schema(
        operation_id="list_requests",
        parameters=[in_address("cursor", "Where the page before ended.")],
        responses=answers(404, ok=AskedList),
        summary="List the cells that were asked for of a version, as far as you may see them",
    )
    def get(self, request: Request, team: str, name: str, number: int) -> Response:
        by = person(request)
        version = versions.in_sight(team, name, number, by=by)
        cursor = request.query_params.get("cursor", "")
        rows, following = found.of_version(version, by=by, cursor=cursor)
        address = addresses.of_version(request, version, "api-requests", cursor=following)
        context = {"request": request, "places": found.places(rows)}
        return Response(
            {
                "items": AskedCells(rows, many=True, context=context).data,
                "next": address if following else None,
            }
        )

    @extend_schema(
        operation_id="ask_for_cells",
        request=Asking,
        responses=answers(404, 409, 422, accepted=AskedCells),
        summary="Have cells of a version rendered by a plan of two axes, behind all validation",
    )
    def post(self, request: MemberRequest, team: str, name: str, number: int) -> Response:
        version = versions.in_sight(team, name, number, by=request.user)
        told = _object(request.data)
        unknown = sorted(set(map(str, told)) - {*PLAN, "in_gallery"})
        if unknown:
            raise Invalid(f"There is no field “{unknown[0][:60]}” here.")
        asked = requests.ask(
            version,
            {name: told[name] for name in PLAN if name in told},
            by=request.user,
            now=timezone.now(),
            in_gallery=_flag(told.get("in_gallery", False)),
        )
        body = AskedCells(asked, context={"request": request}).data
        where = addresses.of_request(request, asked, "api-request")
        return Response(body, status=status.HTTP_202_ACCEPTED, headers={"Location": where})


class OneRequest(Door):
    @extend_schema(
        operation_id="get_request",
        responses=answers(404, ok=AskedGrid),
        summary="Show how a request fares, and the cells that are there already",
    )
    def get(
        self, request: Request, team: str, name: str, number: int, request_id: UUID
    ) -> Response:
        by = person(request)
        version = versions.in_sight(team, name, number, by=by)
        return _shown(request, version, request_id, by)

    @extend_schema(
        operation_id="show_request",
        request=GalleryChange,
        responses=answers(404, ok=AskedGrid),
        summary="Show a request's grid to whoever sees the version, or no longer",
    )
    def patch(
        self, request: MemberRequest, team: str, name: str, number: int, request_id: UUID
    ) -> Response:
        version = versions.in_sight(team, name, number, by=request.user)
        form = GalleryChange(data=request.data)
        form.is_valid(raise_exception=True)
        asked = found.in_sight(version, request_id, by=request.user)
        requests.show(
            asked,
            in_gallery=form.validated_data["in_gallery"],
            by=request.user,
            now=timezone.now(),
        )
        return _shown(request, version, request_id, request.user)

    @extend_schema(
        operation_id="cancel_request",
        responses=answers(404, 409, nothing=None),
        summary="Cancel a request that waits or is rendered; what is there already stays",
    )
    def delete(
        self, request: MemberRequest, team: str, name: str, number: int, request_id: UUID
    ) -> Response:
        version = versions.in_sight(team, name, number, by=request.user)
        asked: PreviewRequest = found.in_sight(version, request_id, by=request.user)
        requests.cancel(asked, by=request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _shown(
    request: Request, version: AdapterVersion, request_id: UUID, by: User | None
) -> Response:
    asked = found.in_sight(version, request_id, by=by)
    if asked.grid_id:
        asked.grid = found.whole_grids().get(pk=asked.grid_id)
    response = Response(AskedGrid(asked, context={"request": request}).data)
    if asked.state in found.LIVING:
        response["Cache-Control"] = "no-store"
    return response


def _object(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise Invalid("A request for cells is a JSON object with “across”, and perhaps “down”.")
    return given


def _flag(given: Any) -> bool:
    if not isinstance(given, bool):
        raise Invalid("“in_gallery” is true or false.")
    return given
