"""Versions that are not to be used any more, though they are there."""

from __future__ import annotations

from typing import ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from hub.api.doors import Door
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from hub.api.shapes.versions import NewDeprecation, Reinstatement, VersionDetail
from registry.queries import deprecations, versions
from registry.queries.words import Scope
from registry.services import deprecating


class DeprecateVersion(Door):
    scopes: ClassVar = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="deprecate_version",
        request=NewDeprecation,
        responses=answers(404, 409, ok=VersionDetail),
        summary="Say that a version is not to be used any more, why, and what to use instead",
    )
    def post(self, request: MemberRequest, team: str, name: str, number: int) -> Response:
        version = versions.in_sight(team, name, number, by=request.user)
        form = NewDeprecation(data=request.data)
        form.is_valid(raise_exception=True)
        told, by, now = form.validated_data, request.user, timezone.now()
        instead = deprecations.successor_named(told["successor"], of=version, by=by)
        said = {"reason": told["reason"], "instead": instead}
        if told["all_versions"]:
            deprecating.deprecate_all(version.adapter, **said, by=by, now=now)
        else:
            deprecating.deprecate(version, **said, by=by, now=now)
        version = versions.in_sight(team, name, number, by=request.user)
        return Response(VersionDetail(version, context={"request": request}).data)


class ReinstateVersion(Door):
    scopes: ClassVar = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="reinstate_version",
        request=Reinstatement,
        responses=answers(404, 409, ok=VersionDetail),
        summary="Say that a deprecated version may be used again, or all of its adapter",
    )
    def post(self, request: MemberRequest, team: str, name: str, number: int) -> Response:
        version = versions.in_sight(team, name, number, by=request.user)
        form = Reinstatement(data=request.data)
        form.is_valid(raise_exception=True)
        by, now = request.user, timezone.now()
        if form.validated_data["all_versions"]:
            deprecating.reinstate_all(version.adapter, by=by, now=now)
        else:
            deprecating.reinstate(version, by=by, now=now)
        version = versions.in_sight(team, name, number, by=request.user)
        return Response(VersionDetail(version, context={"request": request}).data)
