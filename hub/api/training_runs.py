"""Training runs: their checkpoints beside each other, a vote on them, one made a version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.doors import Door
from hub.api.people import person
from hub.api.receiving import received
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from hub.api.shapes import runs as shapes
from hub.api.shapes.versions import Received
from registry.queries import checkpoints as found
from registry.queries import versions
from registry.services import checkpoints

if TYPE_CHECKING:
    from registry.models import AdapterVersion, User


class Checkpoints(Door):
    @extend_schema(
        operation_id="list_checkpoints",
        responses=answers(404, ok=shapes.CheckpointList),
        summary="List the checkpoints of a version's training run, with who is for which",
    )
    def get(self, request: Request, team: str, name: str, number: int) -> Response:
        by = person(request)
        return _shown(versions.in_sight(team, name, number, by=by), by)


class CheckpointVote(Door):
    @extend_schema(
        operation_id="vote_for_checkpoint",
        request=shapes.ChosenCheckpoint,
        responses=answers(404, ok=shapes.CheckpointList),
        summary="Be for one checkpoint of a run; it takes the place of your vote before",
    )
    def put(self, request: MemberRequest, team: str, name: str, number: int) -> Response:
        version = versions.in_sight(team, name, number, by=request.user)
        form = shapes.ChosenCheckpoint(data=request.data)
        form.is_valid(raise_exception=True)
        told = form.validated_data
        checkpoints.vote(
            version,
            told["training_step"],
            note=told["note"],
            by=request.user,
            now=timezone.now(),
        )
        return _shown(version, request.user)

    @extend_schema(
        operation_id="take_checkpoint_vote_back",
        responses=answers(404, nothing=None),
        summary="Be for no checkpoint of a run any more",
    )
    def delete(self, request: MemberRequest, team: str, name: str, number: int) -> Response:
        version = versions.in_sight(team, name, number, by=request.user)
        checkpoints.take_back(version, by=request.user, now=timezone.now())
        return Response(status=204)


class PromoteCheckpoint(Door):
    @extend_schema(
        operation_id="promote_checkpoint",
        request=shapes.PromotedStep,
        responses=answers(404, 409, 422, accepted=Received),
        summary="Make a checkpoint the next version of its adapter; nothing is sent again",
    )
    def post(self, request: MemberRequest, team: str, name: str, number: int) -> Response:
        version = versions.in_sight(team, name, number, by=request.user)
        form = shapes.PromotedStep(data=request.data)
        form.is_valid(raise_exception=True)
        step = form.validated_data["training_step"]
        made = checkpoints.promote(version, step, by=request.user, now=timezone.now())
        return received(request, made)


def _shown(version: AdapterVersion, by: User | None) -> Response:
    run = found.of_run(version, found.grid_of(version, by=by), by=by)
    context = {"in_team": found.may_vote(version, by)}
    return Response(shapes.CheckpointList({"items": run}, context=context).data)
