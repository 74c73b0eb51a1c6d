"""Favourites and follows, and what people hear of: each act may be done twice, and is done once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from registry.errors import Invalid
from registry.models import (
    Adapter,
    AdapterVersion,
    Favourite,
    Follow,
    Mailing,
    Notification,
    Team,
    User,
)


def keep_favourite(adapter: Adapter, *, by: User, now: datetime) -> None:
    Favourite.objects.get_or_create(user=by, adapter=adapter, defaults={"added_at": now})


def drop_favourite(adapter: Adapter, *, by: User) -> None:
    Favourite.objects.filter(user=by, adapter=adapter).delete()


def follow(what: Adapter | Team, *, by: User, now: datetime) -> None:
    Follow.objects.get_or_create(user=by, **_named(what), defaults={"since": now})


def unfollow(what: Adapter | Team, *, by: User) -> None:
    Follow.objects.filter(user=by, **_named(what)).delete()


def _named(what: Adapter | Team) -> dict[str, Adapter | Team]:
    return {"team": what} if isinstance(what, Team) else {"adapter": what}


def see(by: User, *, now: datetime, only: Sequence[int] = ()) -> int:
    """Note that the person has seen what is new (or some of it); return how many."""
    rows = Notification.objects.filter(user=by).unseen()
    return (rows.filter(pk__in=only) if only else rows).update(seen_at=now, mailed=True)


def forget_what_only_members_hear(team: Team, user: User) -> None:
    """Drop notifications of what a team has not published, of somebody who is in it no longer."""
    public = AdapterVersion.PUBLIC
    rows = Notification.objects.filter(user=user, event__team=team)
    any_of = AdapterVersion.objects.filter(adapter=OuterRef("event__adapter"), state__in=public)
    shown = Q(event__version__state__in=public) | Q(Exists(any_of), event__version=None)
    rows.exclude(shown & ~Q(event__verb="complaint.made")).delete()


def set_mailing(by: User, *, pace: str, language: str) -> Mailing:
    """:raises Invalid: if there is no such pace, or no address to write to"""
    if pace not in Mailing.Pace.values:
        raise Invalid(f"{pace[:40]!r} is no pace: write one of {', '.join(Mailing.Pace.values)}.")
    if pace != Mailing.Pace.NEVER and not by.email:
        raise Invalid("Your account has no mail address: write one first.")
    told, _ = Mailing.objects.update_or_create(
        user=by, defaults={"pace": pace, "language": language}
    )
    return told
