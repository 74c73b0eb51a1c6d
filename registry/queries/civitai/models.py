"""Adapters as tools that speak Civitai search them: by page or by key, in three orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum

from registry.errors import Invalid, NotFound
from registry.exports import civitai_words as words
from registry.exports.licences import permissions
from registry.formats.dialects import Dialect
from registry.models import Adapter, AdapterVersion, VersionFile
from registry.queries.civitai.bases import slugs_labelled

MOST_WORDS = 8  # of a text that is looked for
_PUBLISHED = Q(versions__state=AdapterVersion.State.PUBLISHED)
_START = datetime(1970, 1, 1, tzinfo=UTC)


class Order(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    DOWNLOADS = "downloads"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for. Empty, or None, means: does not matter."""

    text: str = ""
    ids: tuple[int, ...] = ()
    version_ids: tuple[int, ...] = ()
    tag: str = ""
    team: str = ""
    types: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    since: datetime | None = None
    is_safe: bool | None = None
    no_credit: bool | None = None
    commercial: tuple[str, ...] = ()
    derivatives: bool | None = None
    different_licence: bool | None = None
    impossible: bool = False  # asked for something that no adapter of this hub is or has

    @property
    def asks_for_permissions(self) -> bool:
        asked = (self.no_credit, self.derivatives, self.different_licence)
        return bool(self.commercial) or any(each is not None for each in asked)


@dataclass(frozen=True, slots=True)
class Page:
    """Some adapters, and the key of the last one where there are more."""

    adapters: list[Adapter]
    next: tuple[int, int] | None


def page(
    search: Search,
    order: Order,
    *,
    limit: int,
    after: tuple[int, int] | None = None,
    skip: int = 0,
) -> Page:
    """
    Return published adapters that match, after a key or without the first `skip`.

    :raises Invalid: if the key is none that this order has
    """
    found = _ordered(matching(search), order)
    if after is not None:
        found = found.filter(_beyond(order, *after))
    rows = list(found.select_related("team")[skip : skip + limit + 1])
    last = rows[limit - 1] if 0 < limit < len(rows) else None
    return Page(rows[:limit], _key(order, last) if last else None)


def by_serial(serial: int) -> Adapter:
    """:raises NotFound: if no published adapter has that number"""
    found = _published().select_related("team").filter(serial=serial).first()
    if found is None:
        raise NotFound(f"Model not found: no adapter with the id {serial} is published here.")
    return found


def matching(search: Search) -> QuerySet[Adapter]:
    """Return the published adapters that match, in no order."""
    if search.impossible:
        return Adapter.objects.none()
    versions = _versions(search)
    found = _published().filter(Exists(versions.filter(adapter=OuterRef("pk"))))
    if search.ids:
        found = found.filter(serial__in=search.ids)
    if search.tag:
        found = found.filter(tags__contains=[search.tag.lower()])
    if search.team:
        found = found.filter(team__slug__iexact=search.team)
    if search.is_safe is not None:
        levels = Q(content_level__in=words.SAFE)
        found = found.filter(levels if search.is_safe else ~levels)
    if search.types:
        found = _of_types(found, search.types)
    return found


def _published() -> QuerySet[Adapter]:
    published = AdapterVersion.objects.published().filter(adapter=OuterRef("pk"))
    return Adapter.objects.filter(Exists(published))


def _versions(search: Search) -> QuerySet[AdapterVersion]:
    found = AdapterVersion.objects.published()
    if search.version_ids:
        found = found.filter(serial__in=search.version_ids)
    if search.labels:
        found = found.filter(base__slug__in=slugs_labelled(search.labels))
    if search.since:
        found = found.filter(published_at__gte=search.since)
    if search.formats:
        found = found.filter(Exists(_weights(search.formats).filter(version=OuterRef("pk"))))
    if search.asks_for_permissions:
        found = found.filter(_allowed(search))
    for word in search.text.split()[:MOST_WORDS]:
        found = found.filter(_says(word))
    return found


def _weights(formats: tuple[str, ...]) -> QuerySet[VersionFile]:
    gguf = Q(dialect=Dialect.GGUF)
    wanted = Q(pk__in=[])
    if "GGUF" in formats:
        wanted |= gguf
    if "SafeTensor" in formats:
        wanted |= ~gguf
    return VersionFile.objects.filter(wanted, role=VersionFile.Role.WEIGHTS)


def _says(word: str) -> Q:
    return (
        Q(adapter__title__icontains=word)
        | Q(adapter__slug__icontains=word)
        | Q(adapter__description__icontains=word)
        | Q(adapter__tags__icontains=word)
        | Q(adapter__team__slug__iexact=word)
        | Q(trigger_words__icontains=word)
        | Q(sha256__startswith=word.lower())
    )


def _allowed(search: Search) -> Q:
    """Return what has one of the licences that allow what is asked for: there are few of them."""
    pairs = (
        AdapterVersion.objects.published()
        .order_by()
        .values_list("adapter__licence", "base__licence")
        .distinct()
    )
    allowed = Q(pk__in=[])
    for own, base in pairs:
        if _allows(search, own, base):
            allowed |= Q(adapter__licence=own, base__licence=base)
    return allowed


def _allows(search: Search, own: str, base: str) -> bool:
    given = permissions(own, base)
    said = (
        (given.no_credit, search.no_credit),
        (given.derivatives, search.derivatives),
        (given.different_licence, search.different_licence),
    )
    uses = given.commercial or ("None",)
    fits = not search.commercial or any(use in uses for use in search.commercial)
    return fits and all(wanted is None or is_so == wanted for is_so, wanted in said)


def _of_types(found: QuerySet[Adapter], types: tuple[str, ...]) -> QuerySet[Adapter]:
    """Narrow to types of the newest published version: that is what a model is said to be."""
    newest = VersionFile.objects.filter(
        version__adapter=OuterRef("pk"),
        version__state=AdapterVersion.State.PUBLISHED,
        role=VersionFile.Role.WEIGHTS,
    ).order_by("-version__number")
    dora, locon = Q(algorithm__regex=words.SHOWS_DORA), Q(algorithm__regex=words.SHOWS_LOCON)
    shown_by = {words.DORA: dora, words.LOCON: locon & ~dora, words.LORA: ~dora & ~locon}
    wanted = Q(pk__in=[])
    for each in types:
        wanted |= shown_by.get(each, Q(pk__in=[]))
    return found.annotate(algorithm=Subquery(newest.values("algorithm")[:1])).filter(wanted)


def _ordered(found: QuerySet[Adapter], order: Order) -> QuerySet[Adapter]:
    if order is Order.DOWNLOADS:
        counted = found.annotate(key=Sum("versions__downloads", filter=_PUBLISHED))
        return counted.order_by("-key", "-serial")
    if order is Order.OLDEST:
        dated = found.annotate(key=Min("versions__published_at", filter=_PUBLISHED))
        return dated.order_by("key", "serial")
    dated = found.annotate(key=Max("versions__published_at", filter=_PUBLISHED))
    return dated.order_by("-key", "-serial")


def _key(order: Order, adapter: Any) -> tuple[int, int]:
    key = adapter.key
    number = int(key) if order is Order.DOWNLOADS else (key - _START) // timedelta(microseconds=1)
    return number, adapter.serial


def _beyond(order: Order, number: int, serial: int) -> Q:
    try:
        moment = _START + timedelta(microseconds=number)
    except OverflowError as error:
        raise Invalid("The cursor is none of this hub's: leave it out to begin anew.") from error
    key = number if order is Order.DOWNLOADS else moment
    if order is Order.OLDEST:
        return Q(key__gt=key) | Q(key=key, serial__gt=serial)
    return Q(key__lt=key) | Q(key=key, serial__lt=serial)
