"""Teams: who is in them, and what is said of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from registry.content_levels import LEVELS
from registry.errors import Invalid, NotFound
from registry.formats import plain
from registry.models import BaseModel, Membership, Role, Team, User
from registry.queries import people
from registry.services import accounts, events, following, known_secrets

MOST_DESCRIPTION = 20_000


@dataclass(frozen=True, slots=True)
class About:
    """What is said of a team; None: leave it as it is. `base` False: no base any more."""

    title: str | None = None
    description: str | None = None
    licence: str | None = None
    content_level: str | None = None
    base: BaseModel | bool | None = None


@transaction.atomic
def change(team: Team, about: About, *, by: User, now: datetime) -> bool:
    """
    Say something else of a team, and return whether anything changed by it.

    :raises NotAllowed: if `by` is no admin of the team
    :raises Invalid: if it has no title, too long a description, or a content level that is none
    """
    people.require(by, Role.ADMIN, team, to="change its settings")
    wanted = _fields(about)
    changed = [name for name, value in wanted.items() if getattr(team, name) != value]
    if not changed:
        return False
    for name in changed:
        setattr(team, name, wanted[name])
    team.save(update_fields=changed)
    events.record("team.changed", by=by, on=team, now=now, fields=changed)
    return True


def _fields(about: About) -> dict[str, object]:
    """:raises Invalid: if something of it makes no sense"""
    if about.title is not None and not 0 < len(about.title.strip()) <= 120:
        raise Invalid("A team has a title of up to 120 letters.")
    if about.description is not None and len(about.description) > MOST_DESCRIPTION:
        raise Invalid(f"The description has more than {MOST_DESCRIPTION:,} letters.")
    if about.licence is not None and len(about.licence) > 120:
        raise Invalid("A licence has up to 120 letters: give its name or address.")
    if about.content_level is not None and about.content_level not in LEVELS:
        raise Invalid(f"{about.content_level[:20]!r} is no content level: {', '.join(LEVELS)}.")
    said = {
        "title": plain.line(about.title) if about.title else None,
        "description": about.description,
        "licence": about.licence,
        "content_level": about.content_level,
    }
    fields: dict[str, object] = {name: one for name, one in said.items() if one is not None}
    if about.base is not None:
        fields["base"] = about.base if isinstance(about.base, BaseModel) else None
    return fields


@transaction.atomic
def remove_member(*, team: Team, user: User, by: User, now: datetime) -> None:
    """
    Take somebody out of a team, or leave it. What they made stays; what they were to hear of it
    that strangers may not know, they hear no more, on the site or by mail. Of the team's tokens
    whose secret they saw its admins hear.

    :raises NotAllowed: if `by` is no admin of the team and means somebody else
    :raises NotFound: if the person is not in the team
    :raises Invalid: if this would leave the team without an admin
    """
    if user.pk != by.pk:
        people.require(by, Role.ADMIN, team, to="change who is in the team")
    membership = Membership.objects.filter(team=team, user=user, user__robot_of=None).first()
    if membership is None:
        raise NotFound(f"{user} is not in the team {team.slug}.")
    accounts.keep_an_admin(team, without=user)
    membership.delete()
    following.forget_what_only_members_hear(team, user)
    verb = "team.left" if user.pk == by.pk else "team.removed"
    events.record(verb, by=by, on=team, now=now, user=user.username)
    known_secrets.tell(team, user, now=now)
