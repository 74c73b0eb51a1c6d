"""
What a version was made from, and what was made of it, as people said: over several steps.

A reader is told of what they may see. What they may not see looks as if nobody had named it, and so
does all that lies behind it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from registry.errors import Invalid
from registry.exports import licences
from registry.models import Adapter, AdapterVersion, Ancestor, User
from registry.queries import deprecations, people

MOST_DEEP = 8  # steps
MOST_SHOWN = 60  # in each direction


MADE: Mapping[str, str] = {  # in English, as all is that programs are given
    Ancestor.Kind.CONTINUED: "Trained on from",
    Ancestor.Kind.MERGED: "Merged from",
    Ancestor.Kind.EXTRACTED: "Extracted from",
    Ancestor.Kind.RESIZED: "Made smaller from",
    Ancestor.Kind.DISTILLED: "Distilled from",
    Ancestor.Kind.CONVERTED: "Converted from",
}


class Way(NamedTuple):
    """Which end of a step one stands at, and which one goes to."""

    near: str
    far: str


ABOVE, BELOW = Way("version", "ancestor"), Way("ancestor", "version")


@dataclass(frozen=True, slots=True)
class Relation:
    """One step: what somebody said, how many steps away, and the version there, if it is one."""

    said: Ancestor
    depth: int  # 1: its own
    version: AdapterVersion | None
    name: str  # as programs name it; of what is elsewhere its title

    @property
    def licence(self) -> str:
        return self.version.adapter.licence if self.version else self.said.licence


@dataclass(frozen=True, slots=True)
class Breach:
    """Something that a version's licence permits, and an ancestor's does not."""

    of: Relation
    permits: licences.Breach


@dataclass(frozen=True, slots=True)
class Lineage:
    """What a version was made from, and what of it: each step behind the one it belongs to."""

    ancestors: tuple[Relation, ...] = ()
    descendants: tuple[Relation, ...] = ()
    is_cut: bool = False  # there is more than is told
    breaches: tuple[Breach, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ancestors or self.descendants)


def of_version(version: AdapterVersion, *, by: User | None) -> Lineage:
    """Return a version's lineage, as far as the person may see it."""
    own = Q(version=version) | Q(ancestor=version)
    if not Ancestor.objects.filter(own).exists():  # as it is with most
        return Lineage()
    up, more_above = _walk(version, ABOVE, by)
    down, more_below = _walk(version, BELOW, by)
    return Lineage(up, down, more_above or more_below, breaches(version, up))


def ancestors(version: AdapterVersion, *, by: User | None) -> tuple[Relation, ...]:
    return _walk(version, ABOVE, by)[0]


def said_of(version: AdapterVersion, *, by: User | None) -> list[Relation]:
    """Return what was said of the version itself, and the person may see, in order."""
    return [_relation(row, ABOVE) for row in _steps(ABOVE, {version.pk}, by)]


def in_words(version: AdapterVersion) -> tuple[str, ...]:
    """Return what everybody may know that a version was made from, a plain sentence each."""
    told = []
    for one in said_of(version, by=None):
        there = f" ({one.said.url})" if one.said.url else ""
        weight = "" if one.said.weight is None else f" at {one.said.weight:g}"
        told.append(f"{MADE[one.said.kind]} {one.name}{there}{weight}.")
    return tuple(told)


def breaches(version: AdapterVersion, found: Sequence[Relation]) -> tuple[Breach, ...]:
    """Return what the version's licence permits and the licences of its ancestors do not."""
    return tuple(
        Breach(one, breach)
        for one in found
        for breach in licences.breaches(
            version.adapter.licence,
            one.licence,
            base=version.base.licence,
            their_base=one.version.base.licence if one.version else "",
        )
    )


def named(text: str, *, of: AdapterVersion, by: User | None) -> AdapterVersion:
    """
    Return the version that somebody names: `3` of the same adapter, or `team/name@3`.

    :raises NotFound: if there is no such version, or they may not see it
    :raises Invalid: if it names no version
    """
    found = deprecations.successor_named(text, of=of, by=by)
    if found is None or isinstance(found, Adapter):
        raise Invalid(
            f"{text[:80]!r} names no version: write team/name@3, or 3 for one of its own."
        )
    return found


def _walk(version: AdapterVersion, way: Way, by: User | None) -> tuple[tuple[Relation, ...], bool]:
    """Return what lies that way from a version, and whether there is more than is told."""
    known, frontier, left = {version.pk}, {version.pk}, MOST_SHOWN
    found: dict[object, list[Relation]] = defaultdict(list)
    for _ in range(MOST_DEEP):
        told = [_relation(row, way) for row in _steps(way, frontier, by)[: left + 1]]
        for one in told[:left]:
            found[getattr(one.said, f"{way.near}_id")].append(one)
        if len(told) > left:
            return tuple(_in_order(version.pk, found, set())), True
        left -= len(told)
        frontier = {one.version.pk for one in told if one.version} - known
        known |= frontier
        if not frontier:
            break
    is_cut = bool(frontier) and _steps(way, frontier, by).exists()
    return tuple(_in_order(version.pk, found, set())), is_cut


def _in_order(
    at: object, found: dict[object, list[Relation]], told: set[object], depth: int = 1
) -> Iterator[Relation]:
    """Yield each step behind the one that it belongs to; what is reached twice goes on once."""
    if at in told:
        return
    told.add(at)
    for one in found[at]:
        yield replace(one, depth=depth)
        if one.version is not None:
            yield from _in_order(one.version.pk, found, told, depth + 1)


def _steps(way: Way, frontier: Collection[UUID], by: User | None) -> QuerySet[Ancestor]:
    """Return the steps from some versions that lead to what the person may see, in order."""
    steps = Ancestor.objects.filter(**{f"{way.near}__in": frontier})
    if not steps.exists():  # as it is with most, and a query over so many tables takes long to plan
        return steps.none()
    rows = steps.select_related(
        f"{way.far}__adapter__team", f"{way.far}__base", f"{way.far}__uploaded_by", "by"
    ).order_by("pk")
    if by is not None and by.is_superuser:
        return rows
    seen = Q(**{f"{way.far}__state__in": AdapterVersion.PUBLIC})
    if by is not None:
        seen |= Q(**{f"{way.far}__adapter__team__in": people.team_keys_of(by)})
    return rows.filter(seen | Q(ancestor__isnull=True, was_public=True) if way is ABOVE else seen)


def _relation(said: Ancestor, way: Way) -> Relation:
    version = said.ancestor if way is ABOVE else said.version
    return Relation(said, 1, version, deprecations.name_of(version) if version else said.name)
