"""Collections: adapters that somebody put together, under a title."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from registry.errors import Invalid, NotAllowed, QuotaReached
from registry.formats import plain
from registry.models import Adapter, Collection, CollectionItem, Role, Team, User
from registry.queries import collections, people

MOST_COLLECTIONS = 200  # of one person
MOST_ITEMS = 1000  # of one collection
MOST_NOTE = 300
MOST_DESCRIPTION = 5000
Sight = Collection.Sight


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a collection. `team` is whose contributors may change it too."""

    title: str
    description: str = ""
    sight: str = Sight.PRIVATE
    team: Team | None = None


def make(said: Said, *, by: User, now: datetime) -> Collection:
    """
    Make a collection.

    :raises Invalid: if it has no title, or a sight that is not known or lacks its team
    :raises NotAllowed: if the person is no contributor of the team
    :raises QuotaReached: if they have very many
    """
    if by.collections.count() >= MOST_COLLECTIONS:
        raise QuotaReached(f"You have {MOST_COLLECTIONS} collections: delete one first.")
    return _say(Collection(by=by, made_at=now), said, by=by, now=now)


def change(one: Collection, said: Said, *, by: User, now: datetime) -> Collection:
    """
    Change what is said of a collection.

    :raises NotAllowed: unless it is the person's, or they are a contributor of its team; who sees
        it, and whose it is, is for its maker and the team's admins to change
    :raises Invalid: as `make`
    """
    _require(one, by)
    team = said.team.pk if said.team else None
    if (said.sight, team) != (one.sight, one.team_id) and not collections.may_share(one, by):
        raise NotAllowed(f"Who sees “{one.title}” is for {one.by} or its team's admins to say.")
    return _say(one, said, by=by, now=now)


def delete(one: Collection, *, by: User) -> None:
    """:raises NotAllowed: unless it is the person's, or they administer its team"""
    if not collections.may_share(one, by):
        raise NotAllowed(f"“{one.title}” was made by {one.by}, who alone may delete it.")
    one.delete()


@transaction.atomic
def put_in(
    one: Collection,
    adapter: Adapter,
    *,
    by: User,
    now: datetime,
    note: str | None = None,
    place: int | None = None,
) -> None:
    """
    Put an adapter into a collection, or change the note beside it or its place; 1 is the first.

    What is None stays as it is; what nobody has placed stands above the rest, the newest first.

    :raises NotAllowed: unless it is the person's, or they are a contributor of its team
    :raises Invalid: if the note is too long
    :raises QuotaReached: if it is full
    """
    _require(one, by)
    if note is not None and len(note) > MOST_NOTE:
        raise Invalid(f"The note has {len(note)} letters; {MOST_NOTE} are enough.")
    if one.items.exclude(adapter=adapter).count() >= MOST_ITEMS:
        raise QuotaReached(f"“{one.title}” has {MOST_ITEMS} adapters: begin another collection.")
    said = {} if note is None else {"note": note}
    CollectionItem.objects.update_or_create(
        collection=one,
        adapter=adapter,
        defaults=said,
        create_defaults={**said, "added_by": by, "added_at": now},
    )
    if place is not None:
        _place(one, adapter, place)
    Collection.objects.filter(pk=one.pk).update(changed_at=now)


def _place(one: Collection, adapter: Adapter, place: int) -> None:
    """Give all that is in a collection its place, and this adapter the one that is wanted."""
    items = list(collections.in_order(one.items.select_for_update()))
    moved = next(item for item in items if item.adapter_id == adapter.pk)
    items.remove(moved)
    items.insert(max(place, 1) - 1, moved)
    for n, item in enumerate(items, 1):
        item.place = n
    CollectionItem.objects.bulk_update(items, ["place"])


def take_out(one: Collection, adapter: Adapter, *, by: User, now: datetime) -> None:
    """:raises NotAllowed: unless it is the person's, or they are a contributor of its team"""
    _require(one, by)
    one.items.filter(adapter=adapter).delete()
    Collection.objects.filter(pk=one.pk).update(changed_at=now)


def _require(one: Collection, by: User) -> None:
    if not collections.may_change(one, by):
        raise NotAllowed(
            f"“{one.title}” belongs to {one.by}: only they and contributors of its team change it."
        )


def _say(one: Collection, said: Said, *, by: User, now: datetime) -> Collection:
    title, description = plain.line(said.title), said.description.strip()
    if not title or len(title) > 120:
        raise Invalid("Give the collection a title of at most 120 letters.")
    if len(description) > MOST_DESCRIPTION:
        raise Invalid(f"A description has at most {MOST_DESCRIPTION:,} letters.")
    if said.sight not in Sight.values:
        raise Invalid(f"{said.sight[:40]!r} is no sight: write one of {', '.join(Sight.values)}.")
    if said.sight == Sight.TEAM and said.team is None:
        raise Invalid("Name the team whose members are to see it.")
    if said.team is not None and said.team.pk != one.team_id:
        people.require(by, Role.CONTRIBUTOR, said.team, to="make collections of it")
    one.title, one.description = title, description
    one.sight, one.team, one.changed_at = said.sight, said.team, now
    one.save()
    return one
