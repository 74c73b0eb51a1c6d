"""Tokens that a team keeps for hosts that it imports from. What they are is told to nobody."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from hub.api.doors import MembersDoor
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from registry.queries import import_tokens, people
from registry.queries.words import Role, Scope
from registry.services.imports import tokens


class ImportToken(serializers.Serializer[Any]):
    host = serializers.CharField()
    by = serializers.CharField(source="by.username", help_text="Who keeps it.")
    kept_at = serializers.DateTimeField()


class ImportTokenList(serializers.Serializer[Any]):
    items = ImportToken(many=True)


class NewImportToken(serializers.Serializer[Any]):
    secret = serializers.CharField(
        max_length=tokens.LONGEST, write_only=True, help_text="What the host is to be shown."
    )


class ImportTokens(MembersDoor):
    scopes: ClassVar = {"GET": Scope.ADMIN}

    @extend_schema(
        operation_id="list_import_tokens",
        responses=answers(404, ok=ImportTokenList),
        summary="List the hosts that a team keeps a token for, for its admins",
    )
    def get(self, request: MemberRequest, team: str) -> Response:
        owner = people.team(team)
        people.require(request.user, Role.ADMIN, owner, to="see for which hosts there are tokens")
        return Response(ImportTokenList({"items": import_tokens.of_team(owner)}).data)


class OneImportToken(MembersDoor):
    scopes: ClassVar = {"PUT": Scope.ADMIN, "DELETE": Scope.ADMIN}

    @extend_schema(
        operation_id="keep_import_token",
        request=NewImportToken,
        responses=answers(404, 422, ok=ImportToken),
        summary="Keep a token for a host that the team imports from; nobody reads it again",
    )
    def put(self, request: MemberRequest, team: str, host: str) -> Response:
        form = NewImportToken(data=request.data)
        form.is_valid(raise_exception=True)
        secret = form.validated_data["secret"]
        owner = people.team(team)
        row = tokens.keep(owner, host, secret, by=request.user, now=timezone.now())
        return Response(ImportToken(row).data)

    @extend_schema(
        operation_id="drop_import_token",
        responses=answers(404, nothing=None),
        summary="Forget the token for a host",
    )
    def delete(self, request: MemberRequest, team: str, host: str) -> Response:
        tokens.drop(people.team(team), host, by=request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
