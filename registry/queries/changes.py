"""
What changed in the library since somebody last asked, out of the log of events.

Nothing may be missed, and ids alone cannot promise that: they are given out when a row is written
and seen when its transaction commits, so id 7 may come into sight after a reader has passed id 8.
So events are read in the order of (transaction, id), and only up to a horizon: the oldest
transaction that is still going on (`pg_snapshot_xmin`). All before it have ended, whatever they
wrote is in sight, and whoever writes later has a larger number. The price is that a long writing
transaction holds the feed up for as long as it lasts.

A cursor is the place of the last event that was looked at, signed with the hub's key: one of
another hub, or one made up, is refused. It is refused as well once that event is no longer where it
was (a restored backup): whoever followed has to begin anew, with a full listing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db.models import BigIntegerField, Exists, Func, OuterRef, Q, QuerySet

from registry.errors import Invalid
from registry.models import AdapterVersion, BaseModel, Event, User
from registry.queries import people

PAGE = 100
MAX_PAGE = 500
CHANGE_OF = {  # what the log calls it, and what the feed does
    "version.published": "published",
    "version.withdrawn": "withdrawn",
    "version.deprecated": "deprecated",
    "version.reinstated": "reinstated",
    "channel.moved": "channel-moved",
    "channel.removed": "channel-removed",
    "adapter.described": "changed",
    "adapter.changed": "changed",
    "version.changed": "changed",
    "version.ancestors": "changed",
    "version.labelled": "changed",
    "adapter.deleted": "deleted",  # it never had a version, so only its team knew of it
}
ABOUT_CHANNELS = ("channel.moved", "channel.removed")
_NO_CURSOR = (
    "That `since` is not one that this hub gave out, or it is from before a backup was restored: "
    "list the adapters anew, and begin with the cursor that /api/changes gives without since."
)


class Horizon(Func):
    """The oldest transaction that may still write: all before it have ended."""

    template = "(pg_snapshot_xmin(pg_current_snapshot())::text::bigint)"
    output_field = BigIntegerField()


@dataclass(frozen=True, slots=True)
class Filters:
    """Of which changes to hear. Empty means: of all."""

    base: str = ""
    team: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the order of events. The feed begins before the first."""

    transaction: int = 0
    id: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """Some events in their order, the cursor to go on with, and whether there are more now."""

    events: Sequence[Event]
    cursor: str
    more: bool = False


def now() -> Changes:
    """Return no changes, and the cursor that all later ones come after."""
    return Changes((), write_cursor(newest()))


def since(cursor: str, filters: Filters, *, by: User | None, limit: int = PAGE) -> Changes:
    """
    Return the changes after a cursor that this person may know of, the oldest first.

    :raises Invalid: if the cursor is none of this hub's, or the limit out of bounds
    """
    if not 1 <= limit <= MAX_PAGE:
        raise Invalid(f"A page has 1 to {MAX_PAGE} changes, not {limit}.")
    place = read_cursor(cursor)
    last = newest()  # before the rows, so that none can come between
    found = _after(_narrow(_in_sight(by), filters), place).filter(
        Q(transaction__lt=last.transaction) | Q(transaction=last.transaction, id__lte=last.id)
    )
    rows = list(
        found.select_related("adapter__team", "version__adapter__team", "team", "by").order_by(
            "transaction", "id"
        )[: limit + 1]
    )
    more = len(rows) > limit
    reached = Place(rows[limit - 1].transaction, rows[limit - 1].pk) if more else last
    return Changes(rows[:limit], write_cursor(reached), more=more)


def write_cursor(place: Place) -> str:
    return _signer().sign_object([place.transaction, place.id])


def read_cursor(cursor: str) -> Place:
    """:raises Invalid: if it is not of this hub, or its event is no longer where it was"""
    try:
        transaction, pk = _signer().unsign_object(cursor)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Invalid(_NO_CURSOR, code="unknown-cursor") from error
    place = Place(transaction, pk)
    if place != Place() and not Event.objects.filter(transaction=transaction, pk=pk).exists():
        raise Invalid(_NO_CURSOR, code="unknown-cursor")
    return place


def _signer() -> signing.Signer:
    return signing.Signer(salt="registry.changes")


def newest() -> Place:
    """Return the place of the last event that no later one can come before."""
    settled = Event.objects.filter(transaction__lt=Horizon())
    last = settled.order_by("-transaction", "-id").values_list("transaction", "id").first()
    return Place(*last) if last else Place()


def settled_after(place: Place) -> QuerySet[Event]:
    """Return the events after a place that no later one can come before, whatever they are of."""
    return _after(Event.objects.filter(transaction__lt=Horizon()), place)


def _after(found: QuerySet[Event], place: Place) -> QuerySet[Event]:
    later = Q(transaction__gt=place.transaction) | Q(transaction=place.transaction, id__gt=place.id)
    return found.filter(later, transaction__gte=place.transaction)  # the second is for the index


def _in_sight(by: User | None) -> QuerySet[Event]:
    """Narrow to changes of what is public; and of all that the person's teams have."""
    found = Event.objects.filter(verb__in=CHANGE_OF)
    if by is not None and by.is_superuser:
        return found
    shown = AdapterVersion.PUBLIC
    public = AdapterVersion.objects.filter(adapter=OuterRef("adapter"), state__in=shown)
    about_it_as_a_whole = Q(Exists(public), version=None, verb="adapter.described")
    seen = Q(version__state__in=shown) | about_it_as_a_whole
    if by is not None:
        seen |= Q(team__in=people.team_keys_of(by))
    return found.filter(seen)


def _narrow(found: QuerySet[Event], filters: Filters) -> QuerySet[Event]:
    if filters.team:
        found = found.filter(team__slug=filters.team)
    if filters.channel:
        found = found.filter(verb__in=ABOUT_CHANNELS, detail__channel=filters.channel)
    if filters.base:
        bases: Any = BaseModel.objects.called(filters.base)
        of_it = AdapterVersion.objects.filter(adapter=OuterRef("adapter"), base__in=bases)
        # Of an adapter as a whole, whoever follows the base of one of its versions has to hear.
        found = found.filter(Q(version__base__in=bases) | (Q(version=None) & Exists(of_it)))
    return found
