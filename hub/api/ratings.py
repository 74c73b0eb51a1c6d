"""How good a version is for which use, as those say who used it so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.doors import Door
from hub.api.people import person
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from hub.api.shapes import ratings as shapes
from registry.queries import ratings, versions
from registry.services import rating

if TYPE_CHECKING:
    from registry.models import AdapterVersion, User


class Ratings(Door):
    @extend_schema(
        operation_id="list_ratings",
        responses=answers(404, ok=shapes.Ratings),
        summary="Show what a version is rated, use by use",
    )
    def get(self, request: Request, team: str, name: str, number: int) -> Response:
        by = person(request)
        return Response(_shown(versions.in_sight(team, name, number, by=by), by))


class OneRating(Door):
    @extend_schema(
        operation_id="rate_version",
        request=shapes.NewRating,
        responses=answers(404, ok=shapes.Ratings),
        summary="Rate a version for a use, or rate it anew",
    )
    def put(self, request: MemberRequest, team: str, name: str, number: int, use: str) -> Response:
        version = versions.in_sight(team, name, number, by=request.user)
        form = shapes.NewRating(data=request.data)
        form.is_valid(raise_exception=True)
        told = rating.Told(**form.validated_data)
        rating.rate(version, use, told, by=request.user, now=timezone.now())
        return Response(_shown(version, request.user))

    @extend_schema(
        operation_id="take_rating_back",
        responses=answers(404, nothing=None),
        summary="Take your rating of a version for a use back",
    )
    def delete(
        self, request: MemberRequest, team: str, name: str, number: int, use: str
    ) -> Response:
        version = versions.in_sight(team, name, number, by=request.user)
        rating.take_back(version, use, by=request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _shown(version: AdapterVersion, by: User | None) -> Any:
    told = {"items": ratings.of_version(version, by=by), "uses": ratings.uses_of(version)}
    return shapes.Ratings(told).data
