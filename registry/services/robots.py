"""
Robots: tokens that belong to a team and not to a person.

Each is a person of its own who never signs in, so that whatever is done by it bears its name, and
every rule about roles holds for it as it does for people. It goes with its token.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify

from registry.errors import Invalid, NotFound, QuotaReached, WrongState
from registry.formats import plain
from registry.models import Membership, Role, Scope, Team, Token, User
from registry.queries import people, robots
from registry.services import accounts, events

ROLES = (Role.VIEWER, Role.CONTRIBUTOR, Role.REVIEWER)  # who is in a team, people decide
SCOPES = {
    Role.VIEWER: (Scope.READ,),
    Role.CONTRIBUTOR: (Scope.READ, Scope.UPLOAD, Scope.PUBLISH),
    Role.REVIEWER: (Scope.READ, Scope.UPLOAD, Scope.PUBLISH),
}
MOST = 50  # of one team


@dataclass(frozen=True, slots=True)
class Wanted:
    """A token to be made. It may do what its role may, or less where `scopes` says so."""

    title: str
    role: Role
    scopes: Sequence[Scope] = ()
    expires_at: datetime | None = None


@transaction.atomic
def make(team: Team, wanted: Wanted, *, by: User, now: datetime) -> tuple[Token, str]:
    """
    Return a new token of the team's and its secret, which is shown this once and never again.

    :raises NotAllowed: if `by` is no admin of the team
    :raises Invalid: if it has no title, a role or scopes that robots do not have, or has expired
    :raises QuotaReached: if the team has as many as any may
    """
    people.require(by, Role.ADMIN, team, to="make tokens of the team")
    title, role = plain.line(wanted.title), wanted.role
    scopes = _scopes(role, wanted.scopes)
    if not 0 < len(title) <= 80:
        raise Invalid("Say in up to 80 letters what the token is for.")
    if robots.of_team(team).count() >= MOST:
        raise QuotaReached(f"{team.slug} has {MOST} tokens: revoke those that nobody uses.")
    robot = User(username=_name(team, title), display_name=title, robot_of=team)
    robot.set_unusable_password()
    robot.save()
    Membership.objects.create(team=team, user=robot, role=role, joined_at=now)
    token, secret = accounts.issue_token(
        user=robot,
        title=title,
        scopes=scopes,
        expires_at=wanted.expires_at,
        now=now,
        shown_to=by,
    )
    events.record("team.robot-made", by=by, on=team, now=now, robot=robot.username, role=role.value)
    return token, secret


@transaction.atomic
def renew(team: Team, token_id: UUID, *, by: User, now: datetime) -> tuple[Token, str]:
    """
    Give a token of the team's a new secret, shown this once; the one before is useless at once.

    It acts under the same name, with the same role and until the same day.

    :raises NotAllowed: if `by` is no admin of the team
    :raises NotFound: if the team has no such token
    :raises WrongState: if it has expired
    """
    people.require(by, Role.ADMIN, team, to="renew tokens of the team")
    token = _locked(team, token_id)
    if token.expires_at is not None and token.expires_at <= now:
        raise WrongState(f"“{token.title}” has expired: make another token, and revoke this one.")
    token.used_at = None  # so that one sees when the program has the new one
    secret = accounts.give_secret(token, shown_to=by)
    events.record("team.robot-renewed", by=by, on=team, now=now, robot=token.user.username)
    return token, secret


@transaction.atomic
def revoke(team: Team, token_id: UUID, *, by: User, now: datetime) -> Token:
    """
    Make a token of the team's useless from now on. What was done by it keeps its name.

    :raises NotAllowed: if `by` is no admin of the team
    :raises NotFound: if the team has no such token
    """
    people.require(by, Role.ADMIN, team, to="revoke tokens of the team")
    token = _locked(team, token_id)
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
    User.objects.filter(pk=token.user_id).update(is_active=False)
    Membership.objects.filter(user=token.user_id).delete()
    events.record("team.robot-revoked", by=by, on=team, now=now, robot=token.user.username)
    return token


def _locked(team: Team, token_id: UUID) -> Token:
    """:raises NotFound: if the team has no such token"""
    token = robots.of_team(team).select_for_update(of=("self",)).filter(pk=token_id).first()
    if token is None:
        raise NotFound("The team has no such token.")
    return token


def _scopes(role: Role, scopes: Sequence[Scope]) -> list[Scope]:
    if role not in ROLES:
        raise Invalid(f"A robot is {', '.join(ROLES[:-1])} or {ROLES[-1]}: admins are people.")
    beyond = [scope for scope in scopes if scope not in SCOPES[role]]
    if beyond:
        raise Invalid(f"A {role.label.lower()} may not {beyond[0].label.lower()}: leave that out.")
    return list(scopes) or list(SCOPES[role])


def _name(team: Team, title: str) -> str:
    """Return a user name that says whose it is and what for, and that nobody else has."""
    words = slugify(title)[:40] or "robot"
    return f"{team.slug}.{words}.{secrets.token_hex(3)}"
