"""What a person keeps, follows and has heard of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from registry.models import (
    Adapter,
    AdapterVersion,
    Collection,
    Favourite,
    Follow,
    Mailing,
    Notification,
    Team,
    User,
)
from registry.queries import collections, people, sight

MOST_COUNTED = 99


@dataclass(frozen=True, slots=True)
class Kept:
    """How a person stands to one adapter."""

    favourite: bool
    followed: bool
    follows_team: bool
    collections: Sequence[tuple[Collection, bool]]  # that they may change, and whether it is in


def kept(adapter: Adapter, *, by: User) -> Kept:
    follows = Follow.objects.filter(user=by)
    return Kept(
        favourite=by.favourites.filter(adapter=adapter).exists(),
        followed=follows.filter(adapter=adapter).exists(),
        follows_team=follows.filter(team=adapter.team_id).exists(),
        collections=collections.around(adapter, by=by),
    )


def follows_team(team: Team, *, by: User) -> bool:
    return Follow.objects.filter(user=by, team=team).exists()


def favourites(by: User) -> QuerySet[Favourite]:
    """Return the favourites of which anything is in the person's sight, the newest first."""
    return by.favourites.filter(sight.shown(by)).order_by("-added_at", "pk")


def follows(by: User) -> QuerySet[Follow]:
    """Return what the person follows; an adapter as long as they may know of it."""
    rows = by.follows.select_related("adapter__team", "team").order_by("-since")
    return rows if by.is_superuser else rows.filter(_known_to(by))


def _known_to(by: User) -> Q:
    public = AdapterVersion.objects.filter(
        adapter=OuterRef("adapter"), state__in=AdapterVersion.PUBLIC
    )
    return Q(adapter=None) | Q(adapter__team__in=people.teams_of(by)) | Q(Exists(public))


def notifications(by: User) -> QuerySet[Notification]:
    """Return what the person is to hear of, the newest first."""
    found = by.notifications.select_related(
        "event__by", "event__team", "event__adapter__team", "event__version__base"
    )
    return found.order_by("-event_id")


def unseen(by: User) -> int:
    """Count what is new, up to `MOST_COUNTED`."""
    return len(by.notifications.unseen().order_by()[:MOST_COUNTED].values_list("pk"))


def mailing(by: User) -> Mailing:
    return Mailing.objects.filter(user=by).first() or Mailing(user=by)
