"""Tokens that belong to a team."""

from __future__ import annotations

from django.db.models import QuerySet

from registry.models import Membership, Role, Team, Token


def of_team(team: Team) -> QuerySet[Token]:
    """Return the team's tokens that are not revoked, the newest first."""
    found = Token.objects.filter(user__robot_of=team, revoked_at__isnull=True)
    return found.select_related("user").order_by("-created_at")


def roles_of(team: Team) -> dict[int, Role]:
    """Return the role of each of the team's robots, by their ids."""
    rows = Membership.objects.filter(team=team, user__robot_of=team)
    return {user: Role(role) for user, role in rows.values_list("user", "role")}
