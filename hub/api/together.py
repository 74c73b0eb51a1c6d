"""Several adapters at once: what is known of them side by side, and the same cells of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.doors import Door
from hub.api.people import person
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from hub.api.shapes import together as shapes
from registry.errors import Invalid
from registry.queries import layer_norms, together
from registry.services import together as asking

if TYPE_CHECKING:
    from registry.models import AdapterVersion

PLAN = ("across", "down", "same")  # versions are held against each other within one adapter


ADAPTERS = OpenApiParameter(
    "adapters",
    str,
    required=True,
    description="Up to six versions as team/name@1, with commas between them; without a number "
    "the newest published.",
    examples=[OpenApiExample("two", value="demo/neon-glow@1,demo/zebra")],
)


class CompareSeveral(Door):
    @extend_schema(
        operation_id="compare_several",
        parameters=[ADAPTERS],
        responses=answers(404, ok=shapes.Several),
        summary="Show up to six versions side by side: every fact, and whether they differ in it",
    )
    def get(self, request: Request) -> Response:
        found = _in_address(request)
        told = {"items": found, "facts": together.facts(found)}
        return Response(shapes.Several(told, context={"request": request}).data)


class CompareLayers(Door):
    @extend_schema(
        operation_id="compare_layers",
        parameters=[ADAPTERS],
        responses=answers(404, ok=shapes.LayersOfSeveral),
        summary="Show how large the changes of up to six versions are, layer by layer",
    )
    def get(self, request: Request) -> Response:
        found = _in_address(request)
        told = {"items": found, "parts": layer_norms.of_versions(found)}
        return Response(shapes.LayersOfSeveral(told, context={"request": request}).data)


class AskSeveral(Door):
    @extend_schema(
        operation_id="ask_several_for_cells",
        request=shapes.AskingSeveral,
        responses=answers(404, 409, 422, accepted=shapes.AskedOfSeveral),
        summary="Have the same cells rendered of up to six versions: all of them or none",
    )
    def post(self, request: MemberRequest) -> Response:
        told = _object(request.data)
        unknown = sorted(set(told) - {*PLAN, "adapters"})
        if unknown:
            raise Invalid(f"There is no field “{unknown[0][:60]}” here.")
        asked = asking.ask_each(
            together.named(_names(told.get("adapters")), by=request.user),
            {name: told[name] for name in PLAN if name in told},
            by=request.user,
            now=timezone.now(),
        )
        body = shapes.AskedOfSeveral({"items": asked}, context={"request": request}).data
        return Response(body, status=status.HTTP_202_ACCEPTED)


def _in_address(request: Request) -> list[AdapterVersion]:
    said = request.query_params.get("adapters", "").split(",")
    return together.named([one.strip() for one in said if one.strip()], by=person(request))


def _object(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise Invalid("A request is a JSON object with “adapters” and “across”, perhaps “down”.")
    return given


def _names(given: Any) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise Invalid("“adapters” is a list of names: team/name, or team/name@1.")
    return given
