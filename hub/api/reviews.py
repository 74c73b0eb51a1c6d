"""Reviews: what waits for one's decision, and what was decided on a version."""

from __future__ import annotations

from typing import ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from hub.api.doors import MembersDoor
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from hub.api.shapes import reviews as shapes
from registry.queries import people, reviews, versions
from registry.queries.words import Role, Scope
from registry.services import reviews as deciding


class Queue(MembersDoor):
    @extend_schema(
        operation_id="list_reviews",
        responses=answers(ok=shapes.Queue),
        summary="List the versions that wait for a decision in the teams where you review",
    )
    def get(self, request: MemberRequest) -> Response:
        waiting = reviews.queue(request.user)
        standings = {version.pk: reviews.standing(version) for version in waiting}
        told = {"items": waiting, "to_decide": reviews.to_decide(request.user)}
        context = {"request": request, "standings": standings}
        return Response(shapes.Queue(told, context=context).data)


class VersionReview(MembersDoor):
    scopes: ClassVar = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="get_review",
        responses=answers(404, ok=shapes.Review),
        summary="Show what a version misses before it is published, and what was decided on it",
    )
    def get(self, request: MemberRequest, team: str, name: str, number: int) -> Response:
        version = versions.in_sight(team, name, number, by=request.user)
        people.require(request.user, Role.VIEWER, version.adapter.team, to="see its reviews")
        return Response(shapes.Review(reviews.standing(version)).data)

    @extend_schema(
        operation_id="decide",
        request=shapes.NewDecision,
        responses=answers(404, 409, ok=shapes.Review),
        summary="Approve a version, send it back, ask again, or say that it needs no words",
    )
    def post(self, request: MemberRequest, team: str, name: str, number: int) -> Response:
        version = versions.in_sight(team, name, number, by=request.user)
        form = shapes.NewDecision(data=request.data)
        form.is_valid(raise_exception=True)
        by, now, reason = request.user, timezone.now(), form.validated_data["reason"]
        match form.validated_data["decision"]:
            case "approve":
                deciding.approve(version, by=by, now=now)
            case "send-back":
                deciding.send_back(version, reason=reason, by=by, now=now)
            case "ask-again":
                deciding.ask_again(version, note=reason, by=by, now=now)
            case "no-words":
                deciding.say_it_needs_no_words(version, by=by, now=now)
        version = versions.in_sight(team, name, number, by=request.user)
        return Response(shapes.Review(reviews.standing(version)).data)
