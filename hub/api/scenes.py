"""The scenes that a team adds to bases, so that its adapters are shown on them too."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.response import Response

from hub.api.doors import MembersDoor
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from hub.api.shapes.scenes import NewScene, SceneChange, TeamScene, TeamSceneList
from registry.queries import bases, people
from registry.queries.words import Role
from registry.services import scenes


class TeamScenes(MembersDoor):
    """All scenes of a team."""

    @extend_schema(
        operation_id="list_scenes",
        parameters=[OpenApiParameter("base", str, description="A base, by any of its names.")],
        responses=answers(404, ok=TeamSceneList),
        summary="List the scenes that a team has added to bases",
    )
    def get(self, request: MemberRequest, team: str) -> Response:
        owner = people.team(team)
        people.require(request.user, Role.VIEWER, owner, to="see its scenes")
        name = request.query_params.get("base", "")
        base = bases.named(name, by=request.user) if name else None
        return Response({"items": TeamScene(scenes.of_team(owner, base), many=True).data})

    @extend_schema(
        operation_id="add_scene",
        request=NewScene,
        responses=answers(404, 409, 422, created=TeamScene),
        summary="Add a scene that the team's adapters for a base are shown on",
    )
    def post(self, request: MemberRequest, team: str) -> Response:
        form = NewScene(data=request.data)
        form.is_valid(raise_exception=True)
        said = dict(form.validated_data)
        base = bases.named(said.pop("base"), by=request.user)
        scene = scenes.add(
            base, team=people.team(team), by=request.user, now=timezone.now(), **said
        )
        return Response(TeamScene(scene).data, status=status.HTTP_201_CREATED)


class OneTeamScene(MembersDoor):
    @extend_schema(
        operation_id="change_scene",
        request=SceneChange,
        responses=answers(404, 409, ok=TeamScene),
        summary="Change a scene of the team's, or switch it off",
    )
    def patch(self, request: MemberRequest, team: str, scene_id: int) -> Response:
        form = SceneChange(data=request.data)
        form.is_valid(raise_exception=True)
        scene = scenes.of_team_by_id(people.team(team), scene_id, by=request.user)
        changed = scenes.change(scene, by=request.user, now=timezone.now(), **form.validated_data)
        return Response(TeamScene(changed).data)
