"""Tokens that belong to a team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from registry.models import Membership, Role, Team, Token, User


@dataclass(frozen=True, slots=True)
class Robot:
    """A token of a team's, as its admins see it."""

    token: Token
    role: Role | None
    known_to: User | None  # who made it or renewed it; None: nobody wrote that down then
    gone: str  # why they are no admin of the team any more, of `GONE`; "": they are, or it is over


GONE = {
    "left": "Left the team",
    "role": "Is no admin any more",
    "closed": "Account closed",
}


def of_team(team: Team) -> QuerySet[Token]:
    """Return the team's tokens that are not revoked, the newest first."""
    found = Token.objects.filter(user__robot_of=team, revoked_at__isnull=True)
    return found.select_related("user", "shown_to").order_by("-created_at")


def told(team: Team, *, now: datetime) -> list[Robot]:
    """Return the team's tokens, each with who knows its secret: two queries."""
    tokens = list(of_team(team))
    roles = _roles(team, tokens) if tokens else {}
    return [_robot(token, roles, now) for token in tokens]


def at_large(team: Team, *, now: datetime) -> list[Robot]:
    """Return those that work, and whose secret somebody knows who is no admin of the team now."""
    return [one for one in told(team, now=now) if one.gone]


def _robot(token: Token, roles: Mapping[int, Role], now: datetime) -> Robot:
    is_over = token.expires_at is not None and token.expires_at <= now
    gone = "" if is_over else _gone(token.shown_to, roles)
    return Robot(token, roles.get(token.user_id), token.shown_to, gone)


def _roles(team: Team, tokens: Sequence[Token]) -> dict[int, Role]:
    """Return the roles of the robots, and of those who know their secrets, by their keys."""
    people = {key for token in tokens for key in (token.user_id, token.shown_to_id) if key}
    rows = Membership.objects.filter(team=team, user__in=people)
    return {user: Role(role) for user, role in rows.values_list("user", "role")}


def _gone(person: User | None, roles: Mapping[int, Role]) -> str:
    if person is None:
        return ""
    if not person.is_active:
        return "closed"
    if person.is_superuser or roles.get(person.pk) is Role.ADMIN:
        return ""
    return "role" if person.pk in roles else "left"
