"""
Adapters: browsing, and one by name.

What is listed is the newest published version of each adapter that matches. What may be looked for
is in the table of registry/queries/filters, in which order and pages in registry/queries/orders.py.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from registry.errors import Invalid, NotAllowed, NotFound
from registry.models import Adapter, AdapterVersion, Event, Role, User
from registry.queries import orders, people
from registry.queries.filters import narrowing
from registry.queries.filters.table import Asked


def matching(asked: Asked, *, by: User | None) -> QuerySet[AdapterVersion]:
    """
    Return the versions that are looked for, in no order: of each adapter the newest one.

    :raises NotAllowed: if a state is asked for that only teams see, by a stranger
    """
    everything = AdapterVersion.objects.filter(state=asked.state)
    found = in_state(asked, by=by).filter(asked.narrowed())
    if "channel" in asked.values:
        return found  # one version of each adapter already, and perhaps not the newest
    newer = everything.filter(adapter=OuterRef("adapter"), number__gt=OuterRef("number"))
    if "base" in asked.values:
        # One for another base hides nothing.
        newer = newer.filter(narrowing.of_bases(asked.values["base"]))
    return found.filter(~Exists(newer))


def in_state(asked: Asked, *, by: User | None) -> QuerySet[AdapterVersion]:
    """
    Return all versions in the state that is asked for, and in the channel, if one is.

    :raises NotAllowed: if only teams see that state, by a stranger
    """
    found = AdapterVersion.objects.filter(state=asked.state)
    if "channel" in asked.values:
        found = found.filter(channels__name=asked.values["channel"])
    if asked.state == AdapterVersion.State.PUBLISHED:
        return found
    if by is None:
        raise NotAllowed("Sign in to list what your teams have not published: give a token.")
    return found.filter(of_own_teams(by))


def of_own_teams(by: User) -> Q:
    return Q() if by.is_superuser else Q(adapter__team__in=people.team_keys_of(by))


def write_cursor(at: datetime | None, pk: UUID) -> str:
    key = f"{at.isoformat() if at else ''}|{pk}"
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[datetime, UUID]:
    """:raises Invalid: if it is no cursor of ours"""
    try:
        key = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        at, _, pk = key.partition("|")
        return datetime.fromisoformat(at), UUID(pk)
    except (ValueError, binascii.Error) as error:
        raise Invalid(orders.NOT_OURS, code="unknown-cursor") from error


def named(team: str, name: str, *, by: User | None) -> Adapter:
    """:raises NotFound: if there is no such adapter, or nothing of it that this person may see"""
    adapter = (
        Adapter.objects.select_related("team", "created_by")
        .filter(team__slug=team, slug=name)
        .first()
    )
    if adapter is None or not _in_sight(adapter, by):
        raise NotFound(f"There is no adapter called {team}/{name}.")
    return adapter


def _in_sight(adapter: Adapter, by: User | None) -> bool:
    if people.may(by, Role.VIEWER, adapter.team):
        return True
    return adapter.versions.filter(state__in=AdapterVersion.PUBLIC).exists()


def is_public(adapter: Adapter) -> bool:
    """Say whether anything of the adapter is published, so that anyone may find it."""
    return adapter.versions.filter(state=AdapterVersion.State.PUBLISHED).exists()


def revision() -> str:
    """
    Return a word that changes whenever anything listed may have changed: for ETags.

    It is made of several events, since the newest number need not be the last one committed.
    """
    newest = Event.objects.order_by("-pk").values_list("pk", flat=True)[:32]
    return f"{zlib.crc32(','.join(map(str, newest)).encode()):08x}"
