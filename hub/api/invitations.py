"""Invitations into a team, and the tokens that belong to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response

from hub import mail
from hub.api import addresses
from hub.api.doors import MembersDoor
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from hub.api.shapes import accounts as people_shapes
from hub.api.shapes import invitations as shapes
from registry.queries import invitations, people, robots
from registry.queries.words import Role, Scope
from registry.services import invitations as inviting
from registry.services import robots as making

if TYPE_CHECKING:
    from registry.models import Team, Token

ONCE = {"Cache-Control": "no-store"}


class Invitations(MembersDoor):
    scopes: ClassVar = {"POST": Scope.ADMIN}
    is_repeatable = False  # a secret is kept nowhere

    @extend_schema(
        operation_id="list_invitations",
        responses=answers(404, ok=shapes.InvitationList),
        summary="List a team's open invitations, for its admins",
    )
    def get(self, request: MemberRequest, team: str) -> Response:
        owner = _owned(request, team)
        found = invitations.open_of(owner, now=timezone.now())
        return Response(shapes.InvitationList({"items": found}).data)

    @extend_schema(
        operation_id="invite",
        request=shapes.NewInvitation,
        responses=answers(404, created=shapes.MadeInvitation),
        summary="Make an invitation; its link is shown this once, and good once",
    )
    def post(self, request: MemberRequest, team: str) -> Response:
        form = shapes.NewInvitation(data=request.data)
        form.is_valid(raise_exception=True)
        told: dict[str, Any] = form.validated_data
        invitation, secret = inviting.invite(
            team=_owned(request, team),
            role=Role(told["role"]),
            days=told["days"],
            address=told["address"],
            by=request.user,
            now=timezone.now(),
        )
        link = addresses.whole(request, reverse("invitation", args=[secret]))
        sent = bool(invitation.address) and mail.send_invitation(invitation, link)
        invitation.sent = sent  # type: ignore[attr-defined]  # as the link
        invitation.link = link  # type: ignore[attr-defined]  # for the answer alone
        made = shapes.MadeInvitation(invitation).data
        return Response(made, status=status.HTTP_201_CREATED, headers=ONCE)


class OneInvitation(MembersDoor):
    scopes: ClassVar = {"DELETE": Scope.ADMIN}

    @extend_schema(
        operation_id="revoke_invitation",
        responses=answers(404, 409, nothing=None),
        summary="Take an invitation back that nobody has used",
    )
    def delete(self, request: MemberRequest, team: str, invitation_id: UUID) -> Response:
        owner = _owned(request, team)
        inviting.revoke(owner, invitation_id, by=request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class AcceptInvitation(MembersDoor):
    scopes: ClassVar = {"POST": Scope.ADMIN}

    @extend_schema(
        operation_id="accept_invitation",
        request=shapes.Secret,
        responses=answers(404, ok=people_shapes.Membership),
        summary="Join the team that one was invited into",
    )
    def post(self, request: MemberRequest) -> Response:
        form = shapes.Secret(data=request.data)
        form.is_valid(raise_exception=True)
        secret = form.validated_data["secret"]
        membership = inviting.accept(secret, by=request.user, now=timezone.now())
        return Response(people_shapes.Membership(membership).data)


class Robots(MembersDoor):
    scopes: ClassVar = {"POST": Scope.ADMIN}
    is_repeatable = False  # a secret is kept nowhere

    @extend_schema(
        operation_id="list_team_tokens",
        responses=answers(404, ok=shapes.RobotList),
        summary="List the tokens that belong to a team, without their secrets, for its admins",
    )
    def get(self, request: MemberRequest, team: str) -> Response:
        found = robots.told(_owned(request, team), now=timezone.now())
        context = {"gone": {one.token.pk: one.gone for one in found}}
        told = {"items": [one.token for one in found]}
        return Response(shapes.RobotList(told, context=context).data)

    @extend_schema(
        operation_id="make_team_token",
        request=shapes.NewRobot,
        responses=answers(404, created=shapes.MadeRobot),
        summary="Make a token of the team's, with a role in it; its secret is shown this once",
    )
    def post(self, request: MemberRequest, team: str) -> Response:
        form = shapes.NewRobot(data=request.data)
        form.is_valid(raise_exception=True)
        told: dict[str, Any] = form.validated_data
        wanted = making.Wanted(
            title=told["title"],
            role=Role(told["role"]),
            scopes=[Scope(value) for value in told["scopes"]],
            expires_at=told["expires_at"],
        )
        owner = _owned(request, team)
        made = making.make(owner, wanted, by=request.user, now=timezone.now())
        return Response(_made(*made), status=status.HTTP_201_CREATED, headers=ONCE)


class OneRobot(MembersDoor):
    scopes: ClassVar = {"DELETE": Scope.ADMIN}

    @extend_schema(
        operation_id="revoke_team_token",
        responses=answers(404, nothing=None),
        summary="Revoke a token of the team's: it is of no use from now on",
    )
    def delete(self, request: MemberRequest, team: str, token_id: UUID) -> Response:
        making.revoke(_owned(request, team), token_id, by=request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class RenewRobot(MembersDoor):
    scopes: ClassVar = {"POST": Scope.ADMIN}
    is_repeatable = False  # a secret is kept nowhere

    @extend_schema(
        operation_id="renew_team_token",
        request=None,
        responses=answers(404, 409, ok=shapes.MadeRobot),
        summary="Give a token of the team's a new secret, shown this once; the old one ends",
    )
    def post(self, request: MemberRequest, team: str, token_id: UUID) -> Response:
        owner = _owned(request, team)
        renewed = making.renew(owner, token_id, by=request.user, now=timezone.now())
        return Response(_made(*renewed), headers=ONCE)


def _made(token: Token, secret: str) -> Any:
    token.secret = secret  # type: ignore[attr-defined]  # for the answer alone
    return shapes.MadeRobot(token).data


def _owned(request: MemberRequest, team: str) -> Team:
    owner = people.team(team)
    people.require(request.user, Role.ADMIN, owner, to="see who may come in")
    return owner
