"""Teams: those one is in, one as a whole, and what it asks for before it publishes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.doors import Door, MembersDoor
from hub.api.people import person
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from hub.api.shapes import teams as shapes
from registry.errors import NotAllowed
from registry.queries import bases, people, reviews
from registry.queries import teams as reading
from registry.queries.words import Role, Scope
from registry.services import accounts, policies, teams

if TYPE_CHECKING:
    from registry.models import Team, User


class Teams(MembersDoor):
    scopes: ClassVar = {"POST": Scope.ADMIN}

    @extend_schema(
        operation_id="list_teams",
        responses=answers(ok=shapes.TeamList),
        summary="List the teams that you are in",
    )
    def get(self, request: MemberRequest) -> Response:
        own = people.teams_of(request.user)
        seen = reading.overviews(own, by=request.user)
        told = [_told(team, seen[team.pk]) for team in own]
        return Response(shapes.TeamList({"items": told}).data)

    @extend_schema(
        operation_id="found_team",
        request=shapes.NewTeam,
        responses=answers(created=shapes.Team),
        summary="Make a team, where the hub lets you; you are its admin",
    )
    def post(self, request: MemberRequest) -> Response:
        form = shapes.NewTeam(data=request.data)
        form.is_valid(raise_exception=True)
        if not reading.may_found(request.user):
            raise NotAllowed("Only those who administer this hub make teams: ask one of them.")
        team = accounts.found_team(**form.validated_data, by=request.user, now=timezone.now())
        told = shapes.Team(_told(team, reading.overview(team, by=request.user))).data
        return Response(told, status=status.HTTP_201_CREATED)


class OneTeam(Door):
    scopes: ClassVar = {"PATCH": Scope.ADMIN}

    @extend_schema(
        operation_id="get_team",
        responses=answers(404, ok=shapes.Team),
        summary="Show a team: to anyone its title and what it has published, to members more",
    )
    def get(self, request: Request, team: str) -> Response:
        return _shown(people.team(team), person(request))

    @extend_schema(
        operation_id="change_team",
        request=shapes.TeamChange(partial=True),
        responses=answers(404, ok=shapes.Team),
        summary="Say something else of a team, and what its uploads begin with",
    )
    def patch(self, request: MemberRequest, team: str) -> Response:
        form = shapes.TeamChange(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        owner = people.team(team)
        people.require(request.user, Role.ADMIN, owner, to="change its settings")
        about = _about(form.validated_data, by=request.user)
        teams.change(owner, about, by=request.user, now=timezone.now())
        return _shown(people.team(team), request.user)


class TeamPolicy(MembersDoor):
    scopes: ClassVar = {"PUT": Scope.ADMIN}

    @extend_schema(
        operation_id="get_policy",
        responses=answers(404, ok=shapes.Policy),
        summary="Show what a team asks of a version before it is published",
    )
    def get(self, request: MemberRequest, team: str) -> Response:
        owner = people.team(team)
        people.require(request.user, Role.VIEWER, owner, to="see what it asks for")
        return Response(shapes.Policy(reviews.policy_of(owner) or policies.Asked()).data)

    @extend_schema(
        operation_id="set_policy",
        request=shapes.Policy,
        responses=answers(404, ok=shapes.Policy),
        summary="Say what a team asks of a version before it is published",
    )
    def put(self, request: MemberRequest, team: str) -> Response:
        form = shapes.Policy(data=request.data)
        form.is_valid(raise_exception=True)
        told: dict[str, Any] = form.validated_data
        asked = policies.Asked(**told | {"approvers": Role(told["approvers"])})
        owner = people.team(team)
        policy = policies.set_policy(owner, asked, by=request.user, now=timezone.now())
        return Response(shapes.Policy(policy).data)


def _shown(team: Team, by: User | None) -> Response:
    return Response(shapes.Team(_told(team, reading.overview(team, by=by))).data)


def _told(team: Team, seen: reading.Overview) -> dict[str, Any]:
    said = ("slug", "title", "description", "licence", "content_level", "base")
    return {name: getattr(team, name) for name in said} | {
        "role": seen.role.value if seen.role else None,
        "members": seen.members,
        "adapters": seen.published,
        "versions": seen.states,
    }


def _about(told: dict[str, Any], *, by: User) -> teams.About:
    said = {name: value for name, value in told.items() if name != "base"}
    about = teams.About(**said)
    if "base" not in told:
        return about
    return replace(about, base=bases.named(told["base"], by=by) if told["base"] else False)
