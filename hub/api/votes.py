"""`Works for me at 0.7`: what members say of a version's weight, and saying it."""

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
from hub.api.schema import answers, in_address
from hub.api.shapes import votes as shapes
from hub.api.shapes.fields import community_of
from registry.queries import bases, versions, votes
from registry.services import voting

if TYPE_CHECKING:
    from registry.models import BaseModel, User


class Votes(Door):
    @extend_schema(
        operation_id="list_votes",
        responses=answers(404, ok=shapes.Votes),
        summary="List at which weights a version works for members, and what that comes to",
    )
    def get(self, request: Request, team: str, name: str, number: int) -> Response:
        by = person(request)
        version = versions.in_sight(team, name, number, by=by)
        found = votes.of_version(version, by=by)
        told = {"community": community_of(version), "own": found.own, "items": found.votes}
        return Response(shapes.Votes(told).data)

    @extend_schema(
        operation_id="vote",
        request=shapes.NewWeightVote,
        responses=answers(404, ok=shapes.Vote),
        summary="Say at which weight a version works for you, or say it anew",
    )
    def put(self, request: MemberRequest, team: str, name: str, number: int) -> Response:
        version = versions.in_sight(team, name, number, by=request.user)
        form = shapes.NewWeightVote(data=request.data)
        form.is_valid(raise_exception=True)
        told = form.validated_data
        row = voting.vote(
            version,
            told["weight"],
            base=_base(told["base"], request.user),
            note=told["note"],
            by=request.user,
            now=timezone.now(),
        )
        return Response(shapes.Vote(row).data)

    @extend_schema(
        operation_id="take_vote_back",
        parameters=[in_address("base", "The base that you voted for, if not the version's own.")],
        responses=answers(404, nothing=None),
        summary="Take your vote on a version back",
    )
    def delete(self, request: MemberRequest, team: str, name: str, number: int) -> Response:
        version = versions.in_sight(team, name, number, by=request.user)
        base = _base(request.query_params.get("base", ""), request.user)
        voting.take_back(version, base=base, by=request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _base(name: str, by: User) -> BaseModel | None:
    return bases.named(name, by=by) if name else None
