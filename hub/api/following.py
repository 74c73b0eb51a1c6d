"""One's favourites and follows, and what one is to hear of."""

from __future__ import annotations

from typing import ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response

from hub.api.doors import MembersDoor
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from hub.api.shapes import following as shapes
from registry.queries import adapters, following, people
from registry.queries.words import Scope
from registry.services import following as services

MOST = 100  # notifications in one answer
OWN: dict[str, Scope] = dict.fromkeys(("POST", "PUT", "PATCH", "DELETE"), Scope.READ)


def _nothing() -> Response:
    return Response(status=status.HTTP_204_NO_CONTENT)


class OwnDoor(MembersDoor):
    """What concerns its person alone: a token that may read may do it."""

    scopes: ClassVar = OWN


class Favourites(OwnDoor):
    @extend_schema(
        operation_id="list_favourites",
        responses=answers(ok=shapes.Names),
        summary="List the adapters that you have as favourites",
    )
    def get(self, request: MemberRequest) -> Response:
        found = [
            one.adapter
            for one in following.favourites(request.user).select_related("adapter__team")
        ]
        return Response({"items": [f"{one.team.slug}/{one.slug}" for one in found]})


class OneFavourite(OwnDoor):
    @extend_schema(
        operation_id="keep_favourite",
        request=None,
        responses=answers(404, nothing=None),
        summary="Make an adapter a favourite of yours",
    )
    def put(self, request: MemberRequest, team: str, name: str) -> Response:
        adapter = adapters.named(team, name, by=request.user)
        services.keep_favourite(adapter, by=request.user, now=timezone.now())
        return _nothing()

    @extend_schema(
        operation_id="drop_favourite",
        responses=answers(404, nothing=None),
        summary="Drop an adapter from your favourites",
    )
    def delete(self, request: MemberRequest, team: str, name: str) -> Response:
        services.drop_favourite(adapters.named(team, name, by=request.user), by=request.user)
        return _nothing()


class Follows(OwnDoor):
    @extend_schema(
        operation_id="list_follows",
        responses=answers(ok=shapes.Follows),
        summary="List the adapters and teams that you follow",
    )
    def get(self, request: MemberRequest) -> Response:
        return Response(shapes.Follows({"items": following.follows(request.user)}).data)


class FollowAdapter(OwnDoor):
    @extend_schema(
        operation_id="follow_adapter",
        request=None,
        responses=answers(404, nothing=None),
        summary="Follow an adapter: hear of its versions and comments",
    )
    def put(self, request: MemberRequest, team: str, name: str) -> Response:
        adapter = adapters.named(team, name, by=request.user)
        services.follow(adapter, by=request.user, now=timezone.now())
        return _nothing()

    @extend_schema(
        operation_id="unfollow_adapter",
        responses=answers(404, nothing=None),
        summary="Follow an adapter no longer",
    )
    def delete(self, request: MemberRequest, team: str, name: str) -> Response:
        services.unfollow(adapters.named(team, name, by=request.user), by=request.user)
        return _nothing()


class FollowTeam(OwnDoor):
    @extend_schema(
        operation_id="follow_team",
        request=None,
        responses=answers(404, nothing=None),
        summary="Follow a team: hear of what happens to all its adapters",
    )
    def put(self, request: MemberRequest, team: str) -> Response:
        services.follow(people.team(team), by=request.user, now=timezone.now())
        return _nothing()

    @extend_schema(
        operation_id="unfollow_team",
        responses=answers(404, nothing=None),
        summary="Follow a team no longer",
    )
    def delete(self, request: MemberRequest, team: str) -> Response:
        services.unfollow(people.team(team), by=request.user)
        return _nothing()


class Notifications(OwnDoor):
    @extend_schema(
        operation_id="list_notifications",
        responses=answers(ok=shapes.Notifications),
        summary="List what you are to hear of, the newest first",
    )
    def get(self, request: MemberRequest) -> Response:
        by = request.user
        shown = {"unseen": following.unseen(by), "items": following.notifications(by)[:MOST]}
        return Response(shapes.Notifications(shown).data)


class SeeNotifications(OwnDoor):
    @extend_schema(
        operation_id="see_notifications",
        request=shapes.Seen,
        responses=answers(ok=shapes.SeenCount),
        summary="Say that you have seen what is new, or some of it",
    )
    def post(self, request: MemberRequest) -> Response:
        form = shapes.Seen(data=request.data)
        form.is_valid(raise_exception=True)
        only = form.validated_data["ids"]
        return Response({"count": services.see(request.user, now=timezone.now(), only=only)})


class Mailings(OwnDoor):
    @extend_schema(
        operation_id="set_mailing",
        request=shapes.Mailing,
        responses=answers(ok=shapes.Mailing),
        summary="Say how often you want mail of what is new",
    )
    def put(self, request: MemberRequest) -> Response:
        form = shapes.Mailing(data=request.data)
        form.is_valid(raise_exception=True)
        told = services.set_mailing(request.user, **form.validated_data)
        return Response(shapes.Mailing(told).data)
