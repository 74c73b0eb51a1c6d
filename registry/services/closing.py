"""
Accounts that are closed, and opened again: by whoever runs the hub, in the administration.

What a person made stays, and so do their memberships, for the day on which the account is opened
again; the log of each team that they are in says what was done.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from registry.models import Team, User
from registry.services import events, known_secrets


@transaction.atomic
def close(user: User, *, by: User, now: datetime) -> None:
    """
    Let nobody in as this person any more. Their teams' logs say so, and of the teams' tokens whose
    secret they saw, admins hear.
    """
    _set(user, is_active=False)
    _say("team.account-closed", user, by=by, now=now)
    knows = Q(memberships__user=user) | Q(robots__tokens__shown_to=user)
    for team in Team.objects.filter(knows).distinct():
        known_secrets.tell(team, user, now=now)


@transaction.atomic
def reopen(user: User, *, by: User, now: datetime) -> None:
    _set(user, is_active=True)
    _say("team.account-reopened", user, by=by, now=now)


def _set(user: User, *, is_active: bool) -> None:
    user.is_active = is_active
    user.save(update_fields=["is_active"])


def _say(verb: str, user: User, *, by: User, now: datetime) -> None:
    for one in user.memberships.select_related("team"):
        events.record(verb, by=by, on=one.team, now=now, user=user.username, role=one.role)
