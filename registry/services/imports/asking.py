"""Imports asked for: a plan is made first, and nothing is brought in by that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from registry import jobs
from registry.errors import QuotaReached, SourceRefused
from registry.formats.quoting import shown
from registry.imports.sources.table import BY_KIND, SourceKind, kind_of
from registry.models import Import, Role, Team, User
from registry.queries import bases, people
from registry.services import events
from registry.services.imports import opening

LONGEST = 1000
MOST_LIVING = 5  # of one person


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be imported."""

    source: str  # a folder, or an address
    kind: str = ""  # of source; empty: as the address looks
    base: str = ""  # that all of it is for; empty: as is found of each
    only_new: bool = False  # what changed there since the team's last import of the same


@transaction.atomic
def begin(wanted: Wanted, *, team: Team, by: User, now: datetime, send: bool = True) -> Import:
    """
    Have a plan made of what would be imported for the team. Without `send` the caller makes it.

    :raises NotAllowed: if `by` may not upload for the team
    :raises SourceRefused: if this hub may not import from there
    :raises NotFound: if no base goes by that name
    :raises QuotaReached: if the person has as many imports under way as anyone may
    """
    people.require(by, Role.CONTRIBUTOR, team, to="import adapters")
    source = wanted.source.strip()
    found = _kind(source, wanted.kind)
    opening.opened(found.kind, source, team=team)
    base = bases.for_upload(wanted.base, by=by).slug if wanted.base else ""
    User.objects.select_for_update().get(pk=by.pk)  # two requests at once count one by one
    if by.imports.living().count() >= MOST_LIVING:
        raise QuotaReached(f"{MOST_LIVING} imports of yours are under way: wait for one to end.")
    row = Import.objects.create(
        by=by,
        team=team,
        kind=found.kind,
        is_guess=not wanted.kind,
        since=_since(source, team) if wanted.only_new else "",
        source=source,
        base=base,
        opened_at=now,
        queued_at=now,
        sent_at=None if send else now,
    )
    events.record("import.planned", by=by, on=team, now=now, source=row.source)
    if send:
        jobs.send_import(row)
    return row


def _kind(source: str, kind: str) -> SourceKind:
    if not source or len(source) > LONGEST or not source.isprintable():
        raise SourceRefused(
            f"{shown(source[:80])} is nothing that can be imported from: write a folder or an "
            "address."
        )
    if not kind:
        return kind_of(source)
    if kind not in BY_KIND:
        raise SourceRefused(f"{shown(kind)} is no kind of source: use one of {', '.join(BY_KIND)}.")
    return BY_KIND[kind]


def _since(source: str, team: Team) -> str:
    """Return how far the source had come when the team last imported from it, "" if never."""
    done = Import.objects.filter(team=team, source=source, state=Import.State.DONE)
    cursors = done.exclude(cursor="").order_by("-opened_at").values_list("cursor", flat=True)
    return cursors.first() or ""
