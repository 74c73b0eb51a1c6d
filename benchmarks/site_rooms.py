"""
What else is asked of a large library: an adapter's page and its likes, teams, collections, news.

One member has as much of everything as a busy person gathers in years; other questions are a
stranger's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from site_rows import START

from registry.models import (
    Adapter,
    Collection,
    CollectionItem,
    Event,
    Favourite,
    Follow,
    Membership,
    Notification,
    Team,
    User,
)

FAVOURITES, LARGE, HEARD_OF = 300, 1000, 2000


@dataclass(frozen=True, slots=True)
class Room:
    """A kind of page, some addresses of it, and whether the member or a stranger asks."""

    name: str
    addresses: Sequence[str]
    signed_in: bool


def furnish() -> User:
    """Give the first person of the library what a busy member has."""
    member = User.objects.get(username="person-0")
    adapters = list(Adapter.objects.order_by("-created_at")[:HEARD_OF].only("pk", "team_id"))
    first = Team.objects.get(slug="team-0")
    Membership.objects.create(user=member, team=first, role="admin", joined_at=START)
    Favourite.objects.bulk_create(
        Favourite(user=member, adapter=each, added_at=START) for each in adapters[:FAVOURITES]
    )
    for title, many in (("Some", 60), ("Very many", LARGE)):
        made = Collection.objects.create(
            by=member, team=first, title=title, sight="all", made_at=START, changed_at=START
        )
        CollectionItem.objects.bulk_create(
            CollectionItem(collection=made, adapter=each, added_by=member, added_at=START)
            for each in adapters[:many]
        )
    Follow.objects.create(user=member, team=first, since=START)
    _hear_of(member, adapters)
    return member


def _hear_of(member: User, adapters: Sequence[Adapter]) -> None:
    events = Event.objects.bulk_create(
        Event(
            verb="version.published",
            at=START + timedelta(minutes=n),
            by=member,
            adapter=each,
            version=each.versions.first(),
            team_id=each.team_id,
        )
        for n, each in enumerate(adapters)
    )
    Notification.objects.bulk_create(Notification(user=member, event=event) for event in events)


def rooms() -> Iterator[Room]:
    """Yield the rooms of the house, each asked for by whom it is meant for."""
    newest = Adapter.objects.select_related("team").order_by("-created_at")
    tagged = list(newest.filter(tags__contains=["tag-0"])[:6])
    untagged = list(newest.exclude(tags__contains=["tag-0"])[:6])
    names = [(each.team.slug, each.slug) for each in [*tagged, *untagged]]
    collections = list(Collection.objects.order_by("title").values_list("pk", flat=True))
    teams = ["team-0", "team-1", "team-30", "team-59"]
    related = [reverse("api-related", args=[*name, 1]) for name in names]
    yield Room("similar adapters, by the API", related, signed_in=False)
    pages = [reverse("adapter", args=name) for name in names]
    yield Room("adapter page", pages, signed_in=False)
    yield Room("adapter page of a member", pages, signed_in=True)
    yield Room("team page", [reverse("team", args=[team]) for team in teams], signed_in=False)
    yield Room("own team", [reverse("team", args=["team-0"])] * 3, signed_in=True)
    yield Room("own teams", [reverse("teams")] * 3, signed_in=True)
    yield Room("members", [reverse("members", args=["team-0"])] * 3, signed_in=True)
    yield Room("activity", [reverse("activity", args=["team-0"])] * 3, signed_in=True)
    yield Room("what a person made", ["/?creator=person-0", "/?creator=person-9"], signed_in=False)
    yield Room("collections", [reverse("collections")] * 3, signed_in=True)
    yield Room("collection of 60", [reverse("collection", args=[collections[0]])], signed_in=False)
    large = [reverse("collection", args=[collections[1]])]
    yield Room(f"collection of {LARGE}", large, signed_in=False)
    yield Room(f"{FAVOURITES} favourites", [reverse("favourites")], signed_in=True)
    yield Room("notifications", [reverse("notifications")] * 3, signed_in=True)
    yield Room("front page with the bell", ["/?base=", "/?base=sdxl"], signed_in=True)
