"""
A copy of a version, mended and checked again: asked for, made by a worker, and received as the next
version of its adapter. The version it is made from never changes.

The bytes are made as those of a download are (registry/services/preparing.py). Once they are there,
whoever asked is the uploader of the new version, and its validation begins like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from registry.errors import NotConvertible, RegistryError, WrongState
from registry.exports import mending as rules
from registry.models import (
    AdapterVersion,
    Mending,
    Preparation,
    PreparedFile,
    Role,
    Upload,
    User,
    VersionFile,
)
from registry.queries import files, people, prepared
from registry.queries import mending as found
from registry.services import events, preparing, redeclaring, uploads, versions
from registry.services.unpacking import Incoming

State = Mending.State
FileRole = VersionFile.Role
LONGEST_STEM = 160  # letters of a file's name


def ask(
    version: AdapterVersion, steps: Sequence[str] | None = None, *, by: User, now: datetime
) -> Mending:
    """
    Have a copy of the version mended: by the usual steps, unless some are chosen.

    Asking twice is asking once.

    :raises NotAllowed: if `by` may not upload for the team
    :raises NotConvertible: if it cannot be mended, with the reason
    :raises WrongState: if it is being mended in another way, or its bytes are not kept
    :raises Invalid: if a step is not offered, or one that is needed is left out
    :raises QuotaReached: if the person has asked for as much as anyone may
    """
    people.require(by, Role.CONTRIBUTOR, version.adapter.team, to="mend a copy of it")
    offered = found.offer_of(version)
    if not offered.possible:
        raise NotConvertible(offered.reason or found.NOTHING)
    taken = [step.value for step in rules.chosen(offered, steps)]
    return _asked_before(version, taken) or _begin(version, taken, by=by, now=now)


def _asked_before(version: AdapterVersion, steps: Sequence[str]) -> Mending | None:
    """
    Return the mend that is going on, or that has been done.

    :raises WrongState: if it is being mended in another way
    """
    going_on = version.mendings.filter(state=State.WAITING).first()
    if going_on is not None and going_on.steps != list(steps):
        raise WrongState(f"Version {version.number} is being mended already: wait for the copy.")
    return going_on or version.mendings.filter(state=State.DONE, steps=list(steps)).first()


def _begin(version: AdapterVersion, steps: Sequence[str], *, by: User, now: datetime) -> Mending:
    source, file = prepared.source_of(version), files.weights_of(version)
    chosen = [rules.Step(step) for step in steps]
    wanted = rules.wanted(chosen, source, dtype=file.dtype)
    try:
        with transaction.atomic():
            begun = Mending.objects.create(
                version=version,
                steps=list(steps),
                preparation=preparing.ask(version, wanted, by=by, now=now),
                by=by,
                asked_at=now,
            )
            events.record("version.mend-asked", by=by, on=version, now=now, steps=list(steps))
    except IntegrityError:  # the button was pressed twice
        before = _asked_before(version, steps)
        if before is None:
            raise
        return before
    return settle(begun.pk, now=now)  # somebody had the same made before


@transaction.atomic
def settle(mending_id: UUID, *, now: datetime) -> Mending:
    """Receive the copy if it is made, or write down why it cannot be. Doing it twice is once."""
    row = (
        Mending.objects.select_for_update(of=("self",))
        .select_related("version__adapter__team", "version__base", "preparation", "by")
        .get(pk=mending_id)
    )
    made = row.preparation
    if row.state != State.WAITING or (made and made.state in found.LIVING):
        return row
    if made is None:
        return _refuse(row, "The copy was dropped before it was received: ask again.", now=now)
    if made.state != Preparation.State.DONE:
        return _refuse(row, made.reason, now=now)
    try:
        with transaction.atomic():
            version = _received(row, made, now=now)
    except RegistryError as refusal:
        return _refuse(row, str(refusal), now=now)
    row.state, row.made, row.notes, row.ended_at = State.DONE, version, made.notes, now
    row.save(update_fields=["state", "made", "notes", "ended_at"])
    told = {"of": row.version.number, "steps": row.steps, "notes": row.notes}
    events.record("version.mended", by=row.by, on=version, now=now, **told)
    return row


def settle_all(*, now: datetime) -> int:
    """Settle those whose bytes are there, or never will be; return how many."""
    ended = Mending.objects.filter(state=State.WAITING).exclude(preparation__state__in=found.LIVING)
    return sum(settle(pk, now=now).state != State.WAITING for pk in list(_keys(ended)))


def settle_those_of(preparation: Preparation, *, now: datetime) -> None:
    """Settle what waited for these bytes."""
    for pk in list(_keys(preparation.mendings.filter(state=State.WAITING))):
        settle(pk, now=now)


def _keys(rows: object) -> Sequence[UUID]:
    return rows.values_list("pk", flat=True)  # type: ignore[attr-defined, no-any-return]


def _refuse(row: Mending, reason: str, *, now: datetime) -> Mending:
    row.state, row.ended_at = State.REFUSED, now
    row.reason = reason or "It could not be made."
    row.save(update_fields=["state", "reason", "ended_at"])
    told = {"steps": row.steps, "reason": row.reason}
    events.record("version.not-mended", by=row.by, on=row.version, now=now, **told)
    return row


def _received(row: Mending, made: Preparation, *, now: datetime) -> AdapterVersion:
    """:raises RegistryError: if the copy cannot become a version, for whatever reason"""
    version = row.version
    incoming = [_incoming(one, row, now=now) for one in made.files.select_related("blob")]
    changes = " ".join([f"A mended copy of version {version.number}.", *made.notes])
    declaration = replace(
        redeclaring.declaration_of(version), label=version.label, changes=changes[:5_000]
    )
    return versions.receive(declaration, incoming, team=version.adapter.team, by=row.by, now=now)


def _incoming(file: PreparedFile, row: Mending, *, now: datetime) -> Incoming:
    """Return a file of the copy as an upload of whoever asked for it, all of it here already."""
    is_config = file.path.endswith(".json")
    upload = Upload.objects.create(
        id=uuid4(),
        by=row.by,
        team=row.version.adapter.team,
        name=PurePosixPath(file.path).name if is_config else _name(row.version, file),
        size=file.blob.size,
        sha256=file.blob_id,
        part_size=uploads.part_size(file.blob.size),
        known=True,
        state=Upload.State.COMPLETE,
        opened_at=now,
        completed_at=now,
    )
    return Incoming(upload, (FileRole.CONFIG if is_config else FileRole.WEIGHTS).value)


def _name(version: AdapterVersion, file: PreparedFile) -> str:
    stem = PurePosixPath(files.weights_of(version).name).stem.removesuffix("-mended")
    return f"{stem[:LONGEST_STEM]}-mended{PurePosixPath(file.path).suffix}"
