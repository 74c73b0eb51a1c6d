"""Mended copies of a version: what can be mended, and a copy asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api import addresses
from hub.api.doors import Door
from hub.api.people import person
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from hub.api.shapes import mending as shapes
from registry.exports.mending import Mend
from registry.queries import mending as found
from registry.queries import people, versions
from registry.queries.words import Role
from registry.services import mending

if TYPE_CHECKING:
    from registry.models import AdapterVersion


class VersionMending(Door):
    @extend_schema(
        operation_id="get_mending",
        responses=answers(404, ok=shapes.VersionMending),
        summary="Show what of a version can be mended in a copy, and the copies asked for",
    )
    def get(self, request: Request, team: str, name: str, number: int) -> Response:
        by = person(request)
        version = versions.in_sight(team, name, number, by=by)
        people.require(by, Role.VIEWER, version.adapter.team, to="see how it can be mended")
        told = _told(version)
        return Response(shapes.VersionMending(told, context={"request": request}).data)

    @extend_schema(
        operation_id="mend_version",
        request=shapes.AskedMend,
        responses=answers(404, 409, 422, accepted=shapes.Mending),
        summary="Have a copy of a version mended; it becomes the next version, and is validated",
    )
    def post(self, request: MemberRequest, team: str, name: str, number: int) -> Response:
        version = versions.in_sight(team, name, number, by=request.user)
        form = shapes.AskedMend(data=request.data)
        form.is_valid(raise_exception=True)
        steps = form.validated_data["steps"]
        row = mending.ask(version, steps, by=request.user, now=timezone.now())
        return Response(
            shapes.Mending(row, context={"request": request}).data,
            status=status.HTTP_202_ACCEPTED,
            headers={"Location": addresses.of_version(request, version, "api-mending")},
        )


def _told(version: AdapterVersion) -> dict[str, Any]:
    offered = found.offer_of(version)
    steps = [
        *(_step(mend, needed=True) for mend in offered.needed),
        *(_step(mend, needed=False) for mend in offered.further),
    ]
    return {
        "possible": offered.possible,
        "reason": "" if offered.possible else offered.reason or found.NOTHING,
        "steps": steps if offered.possible else [],
        "items": found.of_version(version),
        "mended": found.that_made(version),
    }


def _step(mend: Mend, *, needed: bool) -> dict[str, Any]:
    return {
        "step": mend.step.value,
        "check": mend.check,
        "does": mend.does,
        "needed": needed,
        "by_itself": needed or mend.by_itself,
    }
