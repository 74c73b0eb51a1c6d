"""Teams, their members, and the tokens of people's programs."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import transaction

from registry.errors import Invalid, NotFound
from registry.formats import plain
from registry.models import Membership, Role, Scope, Team, Token, User
from registry.queries import people
from registry.services import events, known_secrets

SECRET_BYTES = 32
SLUG = re.compile(r"(?=.{1,60}$)[a-z0-9]+(?:-[a-z0-9]+)*")
# First parts of the hub's own addresses: a team of that name could not be reached.
RESERVED = frozenset(
    {
        "account",
        "admin",
        "api",
        "bases",
        "client",
        "collections",
        "compare",
        "complaints",
        "datasets",
        "favourites",
        "fits",
        "health",
        "import",
        "invitations",
        "language",
        "levels",
        "models",
        "notifications",
        "operations",
        "review",
        "searches",
        "sign-in",
        "sign-out",
        "spaces",
        "static",
        "teams",
        "upload",
        "uploads",
        "v2",
        "workers",
    }
)


@transaction.atomic
def found_first(*, username: str, now: datetime) -> str | None:
    """
    Make the first person of a hub, who may do everything, and their team; return the password.

    Where there is anybody already, nothing is made and None returned.
    """
    if User.objects.exists():
        return None
    password = secrets.token_urlsafe(9)
    person = User.objects.create_superuser(username=username, password=password)
    found_team(slug="team", title="Our team", by=person, now=now)
    return password


@transaction.atomic
def found_team(*, slug: str, title: str, by: User, now: datetime) -> Team:
    """
    Make a team, with its founder as admin.

    :raises Invalid: if that cannot be a team's name, or the name is taken
    """
    if not SLUG.fullmatch(slug):
        raise Invalid(
            f"{slug[:60]!r} cannot be a team's name in addresses: use up to 60 small Latin "
            "letters, digits and single hyphens, a letter or digit first and last."
        )
    if slug in RESERVED:
        raise Invalid(f"{slug} is an address of the hub's own: choose another name.")
    if Team.objects.filter(slug=slug).exists():
        raise Invalid(f"There is a team called {slug} already: choose another name.")
    team = Team.objects.create(slug=slug, title=plain.line(title), created_at=now)
    Membership.objects.create(team=team, user=by, role=Role.ADMIN, joined_at=now)
    events.record("team.founded", by=by, on=team, now=now)
    return team


@transaction.atomic
def set_role(*, team: Team, user: User, role: Role, by: User, now: datetime) -> Membership:
    """
    Make `user` a member, or change what they may do.

    :raises NotAllowed: if `by` is no admin of the team
    :raises Invalid: if this would leave the team without an admin
    """
    people.require(by, Role.ADMIN, team, to="change who is in the team")
    if user.robot_of_id is not None:
        raise Invalid(f"{user} is a robot: what it may do was said when it was made.")
    if role is not Role.ADMIN:
        keep_an_admin(team, without=user)
    was_admin = people.role_in(user, team) is Role.ADMIN
    membership, _ = Membership.objects.update_or_create(
        team=team,
        user=user,
        defaults={"role": role},
        create_defaults={"role": role, "joined_at": now},
    )
    events.record("team.role", by=by, on=team, now=now, user=user.username, role=role.value)
    if was_admin:
        known_secrets.tell(team, user, now=now)
    return membership


def keep_an_admin(team: Team, *, without: User) -> None:
    """
    Lock the team's admins, so that two who go at once do not leave none.

    :raises Invalid: if it has no other
    """
    admins = Membership.objects.select_for_update().filter(team=team, role=Role.ADMIN)
    if {one.user_id for one in admins} == {without.pk}:
        raise Invalid(f"{without} is the last admin of {team.slug}: make someone else admin first.")


def refuse_password(password: str, *, of: User) -> None:
    """:raises Invalid: if the password is too easily guessed"""
    try:
        password_validation.validate_password(password, of)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages)) from error


def issue_token(
    *,
    user: User,
    title: str,
    scopes: Sequence[Scope],
    expires_at: datetime | None,
    now: datetime,
    shown_to: User | None = None,
) -> tuple[Token, str]:
    """
    Return a new token and its secret, which is shown this once and never again.

    `shown_to` is of a token that is a robot's: who sees the secret instead of it.

    :raises Invalid: if it has no scope, or expires in the past
    """
    if not scopes:
        raise Invalid("A token needs at least one scope: choose what it may do.")
    if expires_at is not None and expires_at <= now:
        raise Invalid("That token would have expired already: choose a later day.")
    token = Token(
        user=user,
        title=title,
        scopes=[scope.value for scope in scopes],
        created_at=now,
        expires_at=expires_at,
    )
    return token, give_secret(token, shown_to=shown_to)


def give_secret(token: Token, *, shown_to: User | None) -> str:
    """Give a token a new secret, by which the one before is useless, and return it: this once."""
    secret = people.TOKEN_START + secrets.token_urlsafe(SECRET_BYTES)
    token.start = secret[:10]
    token.digest = hashlib.sha256(secret.encode()).hexdigest()
    token.shown_to = shown_to
    token.save()
    return secret


def revoke_token(*, token_id: UUID, by: User, now: datetime) -> Token:
    """:raises NotFound: if the person has no such token"""
    token = by.tokens.filter(pk=token_id, revoked_at__isnull=True).first()
    if token is None:
        raise NotFound("You have no such token.")
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
    return token


def note_use(token: Token, *, now: datetime) -> None:
    """Remember that a token was used, to the minute, so that reads stay reads."""
    if token.used_at is None or (now - token.used_at).total_seconds() > 60:
        Token.objects.filter(pk=token.pk).update(used_at=now)
