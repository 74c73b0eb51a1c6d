"""
Adapters: browsing, and one by name.

What is listed is the newest published version of each adapter that matches. Pages follow a key
(when it was published, and its id), so the thousandth costs what the first does.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from registry.errors import Invalid, NotFound
from registry.models import Adapter, AdapterVersion, BaseModel, Event, PreviewGrid, Role, User
from registry.queries import people

PAGE = 24
MAX_PAGE = 100


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for. Empty means: does not matter."""

    base: str = ""
    kind: str = ""
    tag: str = ""
    team: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some versions, and the cursor to the next ones ("" at the end)."""

    versions: Sequence[AdapterVersion]
    next: str


def published(filters: Filters, *, cursor: str = "", limit: int = PAGE) -> Page:
    """
    Return the newest published versions of the adapters that match, newest first.

    Each has its adapter, team, base, files and grids (with cells) at hand: five queries in all.

    :raises Invalid: if the cursor is none of ours, or the limit out of bounds
    """
    found = matching(filters, cursor=cursor, limit=limit)
    grids = PreviewGrid.objects.sweeps().select_related("curve").prefetch_related("cells")
    rows = list(
        found.select_related("adapter__team", "base", "uploaded_by").prefetch_related(
            "files__blob", Prefetch("grids", queryset=grids)
        )
    )
    last = rows[limit - 1] if len(rows) > limit else None
    following = write_cursor(last.published_at, last.pk) if last else ""
    return Page(versions=rows[:limit], next=following)


def matching(filters: Filters, *, cursor: str, limit: int) -> QuerySet[AdapterVersion]:
    """
    Return the versions of a page in their order, and one more if there is another page.

    :raises Invalid: if the cursor is none of ours, or the limit out of bounds
    """
    if not 1 <= limit <= MAX_PAGE:
        raise Invalid(f"A page has 1 to {MAX_PAGE} adapters, not {limit}.")
    found = _narrow(AdapterVersion.objects.published(), filters)
    newer = AdapterVersion.objects.published().filter(
        adapter=OuterRef("adapter"), number__gt=OuterRef("number")
    )
    if filters.base:
        newer = newer.for_base(filters.base)  # a newer one for another base hides nothing
    found = found.filter(~Exists(newer))
    if cursor:
        at, pk = read_cursor(cursor)
        found = found.filter(Q(published_at__lt=at) | Q(published_at=at, pk__lt=pk))
    return found.order_by("-published_at", "-pk")[: limit + 1]


def _narrow(found: QuerySet[AdapterVersion], filters: Filters) -> QuerySet[AdapterVersion]:
    if filters.base:
        found = found.filter(base__in=BaseModel.objects.called(filters.base))
    if filters.kind:
        found = found.filter(adapter__kind=filters.kind)
    if filters.tag:
        found = found.filter(adapter__tags__contains=[filters.tag.lower()])
    if filters.team:
        found = found.filter(adapter__team__slug=filters.team)
    for word in filters.text.split()[:8]:
        found = found.filter(
            Q(adapter__title__icontains=word)
            | Q(adapter__slug__icontains=word)
            | Q(adapter__description__icontains=word)
            | Q(adapter__tags__icontains=word)
            | Q(trigger_words__icontains=word)
            | Q(sha256__startswith=word.lower())
        )
    return found


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
        raise Invalid(
            "That cursor is not one that this hub gave out: start from the first page."
        ) from error


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
