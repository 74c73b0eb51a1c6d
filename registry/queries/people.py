"""Who is this, and what may they do?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet

from registry.errors import NotAllowed, NotFound
from registry.models import Membership, Role, Team, Token, User

TOKEN_START = "ldx_"  # noqa: S105  so that secret scanners know our tokens when they see one


def token_of(secret: str, *, now: datetime) -> Token | None:
    """Return the living token whose secret this is, with its person, or None."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    found = Token.objects.living(now).select_related("user").filter(digest=digest).first()
    return found if found and found.user.is_active else None


def tokens_of(user: User) -> QuerySet[Token]:
    return user.tokens.filter(revoked_at__isnull=True).order_by("-created_at")


def team(slug: str) -> Team:
    """:raises NotFound: if there is no such team"""
    try:
        return Team.objects.get(slug=slug)
    except Team.DoesNotExist:
        raise NotFound(f"There is no team called {slug!r}.") from None


def teams_of(user: User, *, at_least: Role = Role.VIEWER) -> Sequence[Team]:
    """Return the teams in which the person holds the role, or more."""
    memberships = user.memberships.select_related("team__base").order_by("team__slug")
    return [one.team for one in memberships if Role(one.role).includes(at_least)]


def team_keys_of(user: User, *, at_least: Role = Role.VIEWER) -> Sequence[int]:
    """Return the keys of those teams: narrower rows, for whoever only looks what is theirs."""
    held = user.memberships.values_list("team", "role")
    return [team for team, role in held if Role(role).includes(at_least)]


def roles_of(user: User | None, teams: Sequence[Team]) -> Mapping[int, Role]:
    """Return what the person may do in these teams, by their keys, as `role_in` does of one."""
    if user is None or not user.is_authenticated:
        return {}
    if user.is_superuser:
        return {team.pk: Role.ADMIN for team in teams}
    held = Membership.objects.filter(user=user, team__in=teams)
    return {team: Role(role) for team, role in held.values_list("team", "role")}


def role_in(user: User | None, team: Team) -> Role | None:
    if user is None or not user.is_authenticated:
        return None
    if user.is_superuser:
        return Role.ADMIN
    membership = Membership.objects.filter(user=user, team=team).first()
    return Role(membership.role) if membership else None


def may(user: User | None, role: Role, team: Team) -> bool:
    held = role_in(user, team)
    return held is not None and held.includes(role)


def require(user: User | None, role: Role, team: Team, *, to: str) -> Role:
    """
    Return the role that the person holds in the team, if it is `role` or more.

    :raises NotAllowed: otherwise, saying what (`to`) it was needed for
    """
    held = role_in(user, team)
    if held is None or not held.includes(role):
        raise NotAllowed(
            f"To {to} you need to be {role.label} in the team {team.slug}: ask one of its admins."
        )
    return held


def require_person(by: User, *, to: str) -> None:
    """
    Return if `by` is a person: a team makes as many robots as it likes, and none has an opinion.

    :raises NotAllowed: if it is a robot
    """
    if by.robot_of_id is not None:
        raise NotAllowed(f"A robot cannot {to}: its token is for what needs no judgement.")


def person(user: object) -> User | None:
    """Return who a request comes from, None for a stranger."""
    return user if isinstance(user, User) and user.is_authenticated else None


def memberships_of(user: User) -> QuerySet[Membership]:
    """Return what the person is a member of, with the team at hand."""
    return user.memberships.select_related("team").order_by("team__slug")


def members_of(team: Team) -> QuerySet[Membership]:
    """Return who is in the team, with the person at hand, by name. Robots are not."""
    found = team.memberships.filter(user__robot_of=None)
    return found.select_related("user").order_by("user__username")


def by_name(username: str) -> User:
    """:raises NotFound: if nobody signs in by that name"""
    found = User.objects.filter(username=username, is_active=True, robot_of=None).first()
    if found is None:
        raise NotFound(f"Nobody here is called {username!r}.")
    return found
