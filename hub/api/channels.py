"""Channels of an adapter: which version `prod` is, and moving it."""

from __future__ import annotations

from typing import ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.doors import Door
from hub.api.people import person
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from hub.api.shapes import channels as shapes
from registry.queries import adapters, channels, versions
from registry.queries.words import Scope
from registry.services import channels as moving


class Channels(Door):
    @extend_schema(
        operation_id="list_channels",
        responses=answers(404, ok=shapes.Channels),
        summary="List an adapter's channels, and the version each points at",
    )
    def get(self, request: Request, team: str, name: str) -> Response:
        adapter = adapters.named(team, name, by=person(request))
        told = {"items": channels.of_adapter(adapter)}
        return Response(shapes.Channels(told, context={"request": request}).data)


class OneChannel(Door):
    scopes: ClassVar = {"PUT": Scope.PUBLISH, "DELETE": Scope.PUBLISH}

    @extend_schema(
        operation_id="get_channel",
        responses=answers(404, ok=shapes.Channel),
        summary="Show which version a channel points at",
    )
    def get(self, request: Request, team: str, name: str, channel: str) -> Response:
        adapter = adapters.named(team, name, by=person(request))
        found = channels.named(adapter, channel)
        return Response(shapes.Channel(found, context={"request": request}).data)

    @extend_schema(
        operation_id="move_channel",
        request=shapes.Move,
        responses=answers(404, 409, ok=shapes.Channel),
        summary="Point a channel at a published version; it is made if it is new",
    )
    def put(self, request: MemberRequest, team: str, name: str, channel: str) -> Response:
        adapter = adapters.named(team, name, by=request.user)
        form = shapes.Move(data=request.data)
        form.is_valid(raise_exception=True)
        told = form.validated_data
        moved = moving.move(
            adapter,
            channel,
            to=versions.in_sight(team, name, told["version"], by=request.user),
            reason=told["reason"],
            by=request.user,
            now=timezone.now(),
        )
        return Response(shapes.Channel(moved, context={"request": request}).data)

    @extend_schema(
        operation_id="remove_channel",
        responses=answers(404, nothing=None),
        summary="Take a channel away; versions stay as they are",
    )
    def delete(self, request: MemberRequest, team: str, name: str, channel: str) -> Response:
        adapter = adapters.named(team, name, by=request.user)
        moving.remove(adapter, channel, by=request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
