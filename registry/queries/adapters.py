"""
Adapters: browsing, and one by name.

What is listed is the newest published version of each adapter that matches. What may be looked for
is in the table of registry/queries/filters, in which order and pages in registry/queries/orders.py.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from registry.errors import Invalid, NotAllowed, NotFound
from registry.models import Adapter, AdapterVersion, Event, PreviewGrid, Role, User
from registry.queries import orders, people
from registry.queries.filters.table import Asked


@dataclass(frozen=True, slots=True)
class Filters:
    """What people look for on the front page. Empty means: does not matter."""

    base: str = ""
    kind: str = ""
    tag: str = ""
    team: str = ""
    text: str = ""

    def asked(self) -> Asked:
        said = asdict(self)
        said["q"] = said.pop("text")
        said["tag"] = said["tag"].lower()
        return Asked({name: value for name, value in said.items() if value})


@dataclass(frozen=True, slots=True)
class Page:
    """Some versions, and the cursor to the next ones ("" at the end)."""

    versions: Sequence[AdapterVersion]
    next: str


def published(filters: Filters, *, cursor: str = "", limit: int = orders.PAGE) -> Page:
    """
    Return the newest published versions of the adapters that match, newest first.

    Each has its adapter, team, base, files and grids (with cells) at hand: five queries in all.

    :raises Invalid: if the cursor is none of ours, or the limit out of bounds
    """
    grids = PreviewGrid.objects.sweeps().select_related("curve").prefetch_related("cells")
    asked = filters.asked()
    found = (
        matching(asked, by=None)
        .select_related("adapter__team", "base", "uploaded_by")
        .prefetch_related("files__blob", Prefetch("grids", queryset=grids))
    )
    turned = orders.page(found, asked, orders.Window(cursor=cursor, limit=limit))
    return Page(versions=turned.rows, next=turned.next)


def matching(asked: Asked, *, by: User | None) -> QuerySet[AdapterVersion]:
    """
    Return the versions that are looked for, in no order: of each adapter the newest one.

    :raises NotAllowed: if a state is asked for that only teams see, by a stranger
    """
    everything = AdapterVersion.objects.filter(state=asked.state)
    found = everything.filter(asked.narrowed())
    if asked.state != AdapterVersion.State.PUBLISHED:
        found = found.filter(_own(by))
    if "channel" in asked.values:
        return found  # one version of each adapter already, and perhaps not the newest
    newer = everything.filter(adapter=OuterRef("adapter"), number__gt=OuterRef("number"))
    if "base" in asked.values:
        newer = newer.for_base(asked.values["base"])  # one for another base hides nothing
    return found.filter(~Exists(newer))


def _own(by: User | None) -> Q:
    if by is None:
        raise NotAllowed("Sign in to list what your teams have not published: give a token.")
    return Q() if by.is_superuser else Q(adapter__team__in=people.teams_of(by))


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
    states = [AdapterVersion.State.PUBLISHED, AdapterVersion.State.WITHDRAWN]
    return adapter.versions.filter(state__in=states).exists()


def is_public(adapter: Adapter) -> bool:
    """Say whether anything of the adapter is published, so that anyone may find it."""
    return adapter.versions.filter(state=AdapterVersion.State.PUBLISHED).exists()


def tags(limit: int = 30) -> list[str]:
    """Return the tags of published adapters, most used first."""
    counts: dict[str, int] = {}
    rows = Adapter.objects.filter(versions__state=AdapterVersion.State.PUBLISHED).distinct()
    for row in rows.values_list("tags", flat=True):
        for tag in row:
            counts[tag] = counts.get(tag, 0) + 1
    return sorted(counts, key=lambda tag: (-counts[tag], tag))[:limit]


def revision() -> str:
    """
    Return a word that changes whenever anything listed may have changed: for ETags.

    It is made of several events, since the newest number need not be the last one committed.
    """
    newest = Event.objects.order_by("-pk").values_list("pk", flat=True)[:32]
    return f"{zlib.crc32(','.join(map(str, newest)).encode()):08x}"
