"""Imports: which there are, what is in them, and whence a version came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from registry.errors import NotFound
from registry.models import AdapterVersion, Import, ImportItem, Role, Source, SourcePicture, User
from registry.queries import people

LIVING = {Import.State.QUEUED, Import.State.RUNNING}
PAGE = 50
State = ImportItem.State
WANTED = (State.OFFERED, State.WAITING)  # what would be brought in


def in_sight(import_id: UUID | str, *, by: User) -> Import:
    """:raises NotFound: if there is no such import, or this person may not see it"""
    row = Import.objects.select_related("team", "by").filter(pk=import_id).first()
    if row is None or not people.may(by, Role.CONTRIBUTOR, row.team):
        raise NotFound("There is no such import.")
    return row


def listed(*, by: User) -> QuerySet[Import]:
    """Return the imports of the teams that the person uploads for, the newest first."""
    teams = people.teams_of(by, at_least=Role.CONTRIBUTOR)
    mine = Q() if by.is_superuser else Q(team__in=teams)
    return Import.objects.filter(mine).select_related("team", "by").order_by("-opened_at", "-pk")


def items_of(row: Import, *, after: int = 0, state: str = "") -> QuerySet[ImportItem]:
    """Return the items behind a position, in order, as a person is shown them."""
    found = row.items.filter(position__gt=after).order_by("position")
    found = found.select_related("version__adapter__team", "of")
    return found.filter(state=state) if state else found


def item(row: Import, position: int) -> ImportItem:
    """:raises NotFound: if the import has no such item"""
    found = items_of(row, after=position - 1).first()
    if found is None or found.position != position:
        raise NotFound(f"There is no item {position} in this import.")
    return found


@dataclass(frozen=True, slots=True)
class Tally:
    """An import in numbers."""

    counts: Mapping[str, int]  # of its items, by state; all states are there
    bytes_to_fetch: int  # as far as is known
    without_base: int  # items that wait for somebody to say for which base they are


class _Line(NamedTuple):
    """The items of one state."""

    items: int
    size: int
    without_base: int


def tally(row: Import) -> Tally:
    return tallies([row])[row.pk]


def tallies(rows: Sequence[Import]) -> Mapping[UUID, Tally]:
    """Return imports in numbers, by their keys: one query, however many there are."""
    found = (
        ImportItem.objects.filter(of__in=rows)
        .order_by()
        .values_list("of", "state")
        .annotate(many=Count("pk"), bytes=Sum("size"), bare=Count("pk", filter=Q(base="")))
    )
    lines: dict[UUID, dict[str, _Line]] = {row.pk: {} for row in rows}
    for of, state, *line in found:
        lines[of][state] = _Line(*line)
    return {pk: _tally(by_state) for pk, by_state in lines.items()}


def _tally(by_state: Mapping[str, _Line]) -> Tally:
    none = _Line(0, 0, 0)
    return Tally(
        counts={state: by_state.get(state, none).items for state in State.values},
        bytes_to_fetch=sum(by_state.get(state, none).size for state in WANTED),
        without_base=by_state.get(State.OFFERED, none).without_base,
    )


def source_of(version: AdapterVersion) -> Source | None:
    """Return whence a version was imported, with its pictures; None if it was uploaded here."""
    found = Source.objects.select_related("by", "version__adapter__team")
    return found.prefetch_related("pictures").filter(version=version).first()


def picture(version: AdapterVersion, position: int) -> SourcePicture:
    """:raises NotFound: if the version came with no such picture"""
    found = SourcePicture.objects.filter(source__version=version, position=position).first()
    if found is None:
        raise NotFound(f"Version {version.number} came with no picture {position}.")
    return found
