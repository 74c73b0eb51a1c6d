"""Collections: seen, made, changed and deleted, and what is put into them."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.doors import Door
from hub.api.people import person
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from hub.api.shapes import collections as shapes
from registry.queries import adapters, collections, people
from registry.services import collections as services


class Collections(Door):
    @extend_schema(
        operation_id="list_collections",
        responses=answers(ok=shapes.Collections),
        summary="List the collections that you may see",
    )
    def get(self, request: Request) -> Response:
        found = collections.listed(person(request))[:500]
        return Response(shapes.Collections({"items": found}).data)

    @extend_schema(
        operation_id="make_collection",
        request=shapes.NewCollection,
        responses=answers(404, 429, created=shapes.Collection),
        summary="Make a collection",
    )
    def post(self, request: MemberRequest) -> Response:
        form = shapes.NewCollection(data=request.data)
        form.is_valid(raise_exception=True)
        said = _said(form.validated_data)
        made = services.make(said, by=request.user, now=timezone.now())
        found = collections.in_sight(made.pk, by=request.user)
        return Response(shapes.Collection(found).data, status=status.HTTP_201_CREATED)


class OneCollection(Door):
    @extend_schema(
        operation_id="get_collection",
        responses=answers(404, ok=shapes.CollectionWithItems),
        summary="Show a collection and what is in it",
    )
    def get(self, request: Request, pk: UUID) -> Response:
        by = person(request)
        one = collections.in_sight(pk, by=by)
        items = collections.with_newest(collections.items_of(one, by=by), by=by)
        return Response(shapes.CollectionWithItems((one, items)).data)

    @extend_schema(
        operation_id="change_collection",
        request=shapes.NewCollection,
        responses=answers(404, ok=shapes.Collection),
        summary="Change what is said of a collection",
    )
    def put(self, request: MemberRequest, pk: UUID) -> Response:
        one = collections.in_sight(pk, by=request.user)
        form = shapes.NewCollection(data=request.data)
        form.is_valid(raise_exception=True)
        services.change(one, _said(form.validated_data), by=request.user, now=timezone.now())
        return Response(shapes.Collection(collections.in_sight(pk, by=request.user)).data)

    @extend_schema(
        operation_id="delete_collection",
        responses=answers(404, nothing=None),
        summary="Delete a collection; the adapters in it stay",
    )
    def delete(self, request: MemberRequest, pk: UUID) -> Response:
        services.delete(collections.in_sight(pk, by=request.user), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class OneItem(Door):
    @extend_schema(
        operation_id="put_into_collection",
        request=shapes.Note,
        responses=answers(404, 429, nothing=None),
        summary="Put an adapter into a collection, with a note and at a place if you like",
    )
    def put(self, request: MemberRequest, pk: UUID, team: str, name: str) -> Response:
        form = shapes.Note(data=request.data)
        form.is_valid(raise_exception=True)
        one = collections.in_sight(pk, by=request.user)
        adapter = adapters.named(team, name, by=request.user)
        now = timezone.now()
        services.put_in(one, adapter, by=request.user, now=now, **form.validated_data)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        operation_id="take_out_of_collection",
        responses=answers(404, nothing=None),
        summary="Take an adapter out of a collection",
    )
    def delete(self, request: MemberRequest, pk: UUID, team: str, name: str) -> Response:
        one = collections.in_sight(pk, by=request.user)
        adapter = adapters.named(team, name, by=request.user)
        services.take_out(one, adapter, by=request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _said(told: dict[str, object]) -> services.Said:
    team = told.get("team")
    return services.Said(**(told | {"team": people.team(str(team)) if team else None}))  # type: ignore[arg-type]
