"""What a person says of a planned import: corrections, then go; and stop."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from registry.errors import Invalid, WrongState
from registry.models import Import, ImportItem, Role, Team, User
from registry.queries import bases, people
from registry.services import events
from registry.services.imports import held, judging
from registry.services.imports.judging import OPEN

State = Import.State
ItemState = ImportItem.State


@transaction.atomic
def correct(row: Import, *, by: User, team: Team | None = None, base: str | None = None) -> Import:
    """
    Say for which team, or for which base (""  for: as is found), all of it is.

    :raises NotAllowed: if `by` may not upload for the team
    :raises NotFound: if no base goes by that name
    :raises WrongState: if it is under way
    """
    row = _waiting(row, by=by)
    if team is not None and team != row.team:
        people.require(by, Role.CONTRIBUTOR, team, to="import adapters")
        if row.items.filter(state=ItemState.MADE).exists():
            raise WrongState(f"Some of it is in {row.team.slug} already: import the rest anew.")
        row.team = team
    if base is not None:
        row.base = bases.for_upload(base, by=by).slug if base else ""
    row.save(update_fields=["team", "base"])
    judging.judge_all(row)
    return row


@transaction.atomic
def choose(row: Import, position: int, said: Mapping[str, Any], *, by: User) -> ImportItem:
    """
    Say something else of one item than its source does: fields, its base, or whether to take it.
    What is None is taken back.

    :raises Invalid: if there is no such item, or its base is none
    :raises WrongState: if it is under way, or something has come of the item
    """
    row = _waiting(row, by=by)
    item = row.items.filter(position=position).first()
    if item is None:
        raise Invalid(f"There is no item {position} in this import.")
    if item.state not in OPEN:
        raise WrongState(f"Item {position} is {item.state}: it cannot be changed any more.")
    if said.get("base"):
        bases.for_upload(str(said["base"]), by=by)
    kept = {name: value for name, value in (item.said | dict(said)).items() if value is not None}
    item.said = kept
    item.save(update_fields=["said"])
    return next(one for one in judging.judge_all(row) if one.pk == item.pk)


@transaction.atomic
def choose_all(row: Import, *, take: bool, by: User) -> None:
    """
    Take everything that can be taken, or nothing: to choose a few of many.

    :raises WrongState: if it is under way
    """
    row = _waiting(row, by=by)
    items = list(row.items.filter(state__in=[ItemState.OFFERED, ItemState.LEFT]))
    for item in items:
        item.said = {**item.said, "take": take}
    ImportItem.objects.bulk_update(items, ["said"], 200)
    judging.judge_all(row)


@transaction.atomic
def start(row: Import, *, by: User, now: datetime, send: bool = True) -> Import:
    """
    Have everything brought in that can be; what failed before is tried again.

    :raises WrongState: if it is under way, or nothing is left to be done
    """
    row = _waiting(row, by=by)
    again = row.items.filter(state__in=[ItemState.FAILED, ItemState.WAITING])
    wanted = row.items.filter(state=ItemState.OFFERED).exclude(base="")
    count = wanted.count() + again.count()
    if not count:
        raise WrongState("Nothing of it is left to be imported.")
    again.update(state=ItemState.WAITING, attempts=0, reason="")
    wanted.update(state=ItemState.WAITING, attempts=0)
    row.stage, row.attempt = Import.Stage.FETCH, 0
    row.finished_at, row.queued_at, row.progress = None, now, {}
    events.record("import.started", by=by, on=row.team, now=now, source=row.source, items=count)
    if send:
        held.LEASES.requeue(row, reason="")
    else:
        row.state, row.sent_at = State.QUEUED, now
        row.save()
    return row


@transaction.atomic
def cancel(row: Import, *, by: User, now: datetime) -> None:
    """
    Stop an import, or drop its plan. What has come in already stays. Twice is once.

    :raises NotAllowed: if `by` may not import for the team
    :raises WrongState: if it has ended
    """
    row = _locked(row, by=by)
    if row.state == State.CANCELLED:
        return
    if row.state in {State.DONE, State.FAILED}:
        raise WrongState("This import has ended: there is nothing to cancel.")
    row.items.filter(state=ItemState.WAITING).update(state=ItemState.OFFERED)
    held.LEASES.end(row, State.CANCELLED, now=now)
    events.record("import.cancelled", by=by, on=row.team, now=now, source=row.source)


def _waiting(row: Import, *, by: User) -> Import:
    """Return the import, locked, if it has a plan and nobody works on it."""
    row = _locked(row, by=by)
    if row.state in {State.QUEUED, State.RUNNING}:
        raise WrongState("This import is under way: cancel it first, or wait until it has ended.")
    if not row.items.exists():
        raise WrongState("This import has no plan: begin another one.")
    return row


def _locked(row: Import, *, by: User) -> Import:
    people.require(by, Role.CONTRIBUTOR, row.team, to="import adapters")
    return held.LEASES.lock(row.pk)
