"""One's own account and tokens, and who is in a team."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response

from hub.api.doors import MembersDoor
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from hub.api.shapes import accounts as shapes
from registry.queries import people
from registry.queries.words import Role, Scope
from registry.services import accounts, profiles, teams

if TYPE_CHECKING:
    from registry.models import User


class Account(MembersDoor):
    scopes: ClassVar = {"PATCH": Scope.ADMIN}

    @extend_schema(
        operation_id="get_account",
        responses=answers(ok=shapes.Account),
        summary="Show who you are, and your roles in your teams",
    )
    def get(self, request: MemberRequest) -> Response:
        return _account(request.user)

    @extend_schema(
        operation_id="change_account",
        request=shapes.AccountChange(partial=True),
        responses=answers(ok=shapes.Account),
        summary="Say something else of yourself",
    )
    def patch(self, request: MemberRequest) -> Response:
        form = shapes.AccountChange(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        profiles.change(request.user, profiles.About(**form.validated_data))
        return _account(request.user)


class Tokens(MembersDoor):
    scopes: ClassVar = {"POST": Scope.ADMIN}
    is_repeatable = False  # a secret is kept nowhere

    @extend_schema(
        operation_id="list_tokens",
        responses=answers(ok=shapes.TokenList),
        summary="List your tokens, without their secrets",
    )
    def get(self, request: MemberRequest) -> Response:
        return Response(shapes.TokenList({"items": people.tokens_of(request.user)}).data)

    @extend_schema(
        operation_id="make_token",
        request=shapes.NewToken,
        responses=answers(created=shapes.MadeToken),
        summary="Make a token; its secret is shown this once",
    )
    def post(self, request: MemberRequest) -> Response:
        form = shapes.NewToken(data=request.data)
        form.is_valid(raise_exception=True)
        told: dict[str, Any] = form.validated_data
        token, secret = accounts.issue_token(
            user=request.user,
            title=told["title"],
            scopes=[Scope(value) for value in told["scopes"]],
            expires_at=told["expires_at"],
            now=timezone.now(),
        )
        token.secret = secret  # type: ignore[attr-defined]  # for the answer alone
        return Response(
            shapes.MadeToken(token).data,
            status=status.HTTP_201_CREATED,
            headers={"Cache-Control": "no-store"},
        )


class OneToken(MembersDoor):
    scopes: ClassVar = {"DELETE": Scope.ADMIN}

    @extend_schema(
        operation_id="revoke_token",
        responses=answers(404, nothing=None),
        summary="Revoke one of your tokens: it is of no use from now on",
    )
    def delete(self, request: MemberRequest, token_id: UUID) -> Response:
        accounts.revoke_token(token_id=token_id, by=request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class Members(MembersDoor):
    @extend_schema(
        operation_id="list_members",
        responses=answers(404, ok=shapes.MemberList),
        summary="List who is in a team, for its members",
    )
    def get(self, request: MemberRequest, team: str) -> Response:
        return _members(team, request.user)


class OneMember(MembersDoor):
    scopes: ClassVar = {"PUT": Scope.ADMIN, "DELETE": Scope.ADMIN}

    @extend_schema(
        operation_id="set_role",
        request=shapes.NewRole,
        responses=answers(404, ok=shapes.MemberList),
        summary="Take somebody into a team, or change what they may do there",
    )
    def put(self, request: MemberRequest, team: str, username: str) -> Response:
        form = shapes.NewRole(data=request.data)
        form.is_valid(raise_exception=True)
        owner = people.team(team)
        people.require(request.user, Role.ADMIN, owner, to="change who is in the team")
        accounts.set_role(
            team=owner,
            user=people.by_name(username),
            role=Role(form.validated_data["role"]),
            by=request.user,
            now=timezone.now(),
        )
        return _members(team, request.user)

    @extend_schema(
        operation_id="remove_member",
        responses=answers(404, nothing=None),
        summary="Take somebody out of a team, or leave it; its last admin cannot",
    )
    def delete(self, request: MemberRequest, team: str, username: str) -> Response:
        owner = people.team(team)
        people.require(request.user, Role.VIEWER, owner, to="see who is in it")
        user = people.by_name(username)
        teams.remove_member(team=owner, user=user, by=request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _account(person: User) -> Response:
    said = ("username", "display_name", "email", "language")
    told: dict[str, Any] = {name: getattr(person, name) for name in said}
    return Response(shapes.Account(told | {"in_teams": people.memberships_of(person)}).data)


def _members(team: str, by: User) -> Response:
    owner = people.team(team)
    people.require(by, Role.VIEWER, owner, to="see who is in it")
    return Response(shapes.MemberList({"items": people.members_of(owner)}).data)
