"""
Invitations: a link that takes one person into a team, with a role, until it expires.

Only its digest is kept, as of a token. Who has no account makes one by it: that is the only way to
register, so that strangers cannot.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from registry.errors import Invalid, NameTaken, NotFound, QuotaReached, WrongState
from registry.models import Invitation, Membership, Role, Team, User
from registry.queries import invitations, people
from registry.services import accounts, events
from registry.services.quotas import Quota, stay_within

SECRET_BYTES = 24
MOST_DAYS = 30
USUAL_DAYS = 7
MOST_OPEN = 100  # of one team
QUOTA = Quota(  # or the hub's mail server would write to anyone, as often as somebody likes
    verbs=("team.invited",),
    most=60,
    window=timedelta(days=1),
    says="Invitations are limited to {most} a day: make the next one in {wait}.",
)


@transaction.atomic
def invite(
    *, team: Team, role: Role, address: str = "", days: int = USUAL_DAYS, by: User, now: datetime
) -> tuple[Invitation, str]:
    """
    Return a new invitation and its secret, which is shown this once and never again.

    `address` is who it is meant for, if it is sent by mail; whoever has the link may use it.

    :raises NotAllowed: if `by` is no admin of the team
    :raises Invalid: if the address is none, or it would be open for too long
    :raises QuotaReached: if the team has too many open ones, or `by` made very many today
    """
    people.require(by, Role.ADMIN, team, to="invite people")
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(f"An invitation is good for 1 to {MOST_DAYS} days, not {days}.")
    _refuse_address(address)
    if Invitation.objects.open(now).filter(team=team).count() >= MOST_OPEN:
        raise QuotaReached(f"{MOST_OPEN} invitations are open: take some back first.")
    stay_within(QUOTA, by=by, now=now)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    invitation = Invitation.objects.create(
        team=team,
        role=role,
        digest=hashlib.sha256(secret.encode()).hexdigest(),
        address=address,
        by=by,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    events.record("team.invited", by=by, on=team, now=now, role=role.value, address=address)
    return invitation, secret


@transaction.atomic
def revoke(team: Team, invitation_id: UUID, *, by: User, now: datetime) -> Invitation:
    """
    Take an invitation back. Doing it twice is doing it once.

    :raises NotAllowed: if `by` is no admin of the team
    :raises NotFound: if the team has no such invitation
    :raises WrongState: if somebody has used it
    """
    people.require(by, Role.ADMIN, team, to="take invitations back")
    found = Invitation.objects.select_for_update().filter(team=team, pk=invitation_id).first()
    if found is None:
        raise NotFound("The team has no such invitation.")
    if found.used_at is not None:
        raise WrongState("Somebody has used this invitation: take them out of the team instead.")
    if found.revoked_at is None:
        found.revoked_at = now
        found.save(update_fields=["revoked_at"])
        events.record("team.uninvited", by=by, on=team, now=now, role=found.role)
    return found


@transaction.atomic
def accept(secret: str, *, by: User, now: datetime) -> Membership:
    """
    Take the person into the team. A role that they have already is only ever raised by it.

    :raises NotFound: if there is no such invitation, or it is used, taken back or expired, or
        whoever made it administers the team no longer
    :raises Invalid: if a robot asks
    """
    invitation = _locked(secret, now=now)
    if by.robot_of_id is not None:
        raise Invalid("A robot belongs to its team and joins no other.")
    role = Role(invitation.role)
    membership, new = Membership.objects.get_or_create(
        team=invitation.team, user=by, defaults={"role": role, "joined_at": now}
    )
    if not new and not Role(membership.role).includes(role):
        membership.role = role
        membership.save(update_fields=["role"])
    invitation.used_by, invitation.used_at = by, now
    invitation.save(update_fields=["used_by", "used_at"])
    events.record("team.joined", by=by, on=invitation.team, now=now, role=membership.role)
    return membership


@transaction.atomic
def register(secret: str, *, username: str, password: str, now: datetime) -> Membership:
    """
    Make an account for somebody who was invited, and take them into the team.

    :raises NotFound: if there is no such invitation, or it is used, taken back or expired
    :raises NameTaken: if somebody is called so, however it is spelled in letters large and small
    :raises Invalid: if that can be no user name, or the password is too easily guessed
    """
    invitation = _locked(secret, now=now)
    person = User(username=username, email=invitation.address)
    _refuse_name(person)
    accounts.refuse_password(password, of=person)
    person.set_password(password)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise NameTaken(f"Somebody is called {username} already: choose another name.") from error
    return accept(secret, by=person, now=now)


def _locked(secret: str, *, now: datetime) -> Invitation:
    found = invitations.by_secret(secret, now=now, lock=True)
    if found is None:
        raise NotFound(
            "This invitation is used, taken back or expired: ask whoever sent it for a new one."
        )
    return found


def _refuse_name(person: User) -> None:
    try:
        UnicodeUsernameValidator()(person.username)
    except ValidationError as error:
        raise Invalid("A user name has letters, digits and @ . + - _ only.") from error
    if not 1 <= len(person.username) <= 150:
        raise Invalid("A user name has up to 150 letters.")
    if User.objects.filter(username__iexact=person.username).exists():
        raise NameTaken(f"Somebody is called {person.username} already: choose another name.")


def _refuse_address(address: str) -> None:
    if not address:
        return
    try:
        validate_email(address)
    except ValidationError as error:
        raise Invalid(f"{address[:80]!r} is no mail address.") from error
