"""Imports: which there are, what is in them, and whence a version came."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from registry.errors import NotFound
from registry.models import AdapterVersion, Import, ImportItem, Role, Source, SourcePicture, User
from registry.queries import people

LIVING = {Import.State.QUEUED, Import.State.RUNNING}
PAGE = 50
State = ImportItem.State


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


def counts(row: Import) -> dict[str, int]:
    """Return how many items are in each state; all states are there."""
    found = dict(row.items.order_by().values_list("state").annotate(Count("pk")))
    return {state: found.get(state, 0) for state in State.values}


def to_fetch(row: Import) -> int:
    """Return how many bytes would be brought in, as far as is known."""
    wanted = row.items.filter(state__in=[State.OFFERED, State.WAITING])
    return sum(wanted.values_list("size", flat=True))


def without_base(row: Import) -> int:
    """Return how many items cannot be brought in until somebody says for which base they are."""
    return row.items.filter(state=State.OFFERED, base="").count()


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
