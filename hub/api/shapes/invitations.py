"""Invitations into a team, and the team's own tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.api.shapes.accounts import Token
from registry.queries.robots import GONE
from registry.queries.words import Role, Scope


class NewInvitation(serializers.Serializer[Any]):
    role = serializers.ChoiceField(Role.choices)
    days = serializers.IntegerField(
        min_value=1, max_value=30, default=7, help_text="It is good for."
    )
    address = serializers.EmailField(
        allow_blank=True, default="", help_text="Whom the link is mailed to, if anyone."
    )


class Invitation(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    role = serializers.ChoiceField(Role.choices)
    address = serializers.CharField()
    by = serializers.CharField(source="by.username")
    made_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class MadeInvitation(Invitation):
    link = serializers.URLField(help_text="To pass on. It is shown this once, and good once.")
    sent = serializers.BooleanField(help_text="Whether it could be mailed.")


class InvitationList(serializers.Serializer[Any]):
    items = Invitation(many=True)


class Secret(serializers.Serializer[Any]):
    secret = serializers.CharField(
        max_length=200, help_text="The last part of an invitation's link."
    )


ROBOT_ROLES = [(role.value, role.label) for role in Role if role is not Role.ADMIN]


class NewRobot(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=80)
    role = serializers.ChoiceField(ROBOT_ROLES)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(Scope.choices),
        default=list,
        max_length=4,
        help_text="At most; empty: all that its role may.",
    )
    expires_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class Robot(Token):
    """A token of the team's own."""

    name = serializers.CharField(source="user.username", help_text="As whom it acts.")
    known_to = serializers.CharField(
        source="shown_to.username",
        default=None,
        allow_null=True,
        help_text="Who made or renewed it, and saw its secret.",
    )
    gone = serializers.SerializerMethodField(
        help_text="Why they are no admin of the team any more: renew or revoke it then."
    )

    @extend_schema_field(serializers.ChoiceField([("", "Is an admin"), *GONE.items()]))
    def get_gone(self, token: Any) -> str:
        found: Mapping[UUID, str] = self.context.get("gone", {})  # of one made just now, none
        return found.get(token.pk, "")


class RobotList(serializers.Serializer[Any]):
    items = Robot(many=True)


class MadeRobot(Robot):
    secret = serializers.CharField(help_text="What to send. It is shown this once.")
