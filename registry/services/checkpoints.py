"""
A training run: its members choose a checkpoint, and one of them makes that a version.

Versions never change, so promoting a checkpoint makes the next version of the adapter: of the same
bytes, which the hub has, so that nothing is sent again; and validated like any other.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from registry.errors import DuplicateUpload
from registry.models import AdapterVersion, CheckpointVote, Role, User
from registry.queries import checkpoints, drafts, people
from registry.services import events, redeclaring


@transaction.atomic
def vote(
    version: AdapterVersion, step: int | None, *, note: str = "", by: User, now: datetime
) -> CheckpointVote:
    """
    Be for a checkpoint (None: the run's end), in place of the one that `by` was for before.

    :raises NotAllowed: if `by` is not in the adapter's team, or is a robot
    :raises NotFound: if the run has no checkpoint of that step
    """
    people.require_person(by, to="vote")
    people.require(by, Role.VIEWER, version.adapter.team, to="vote for a checkpoint")
    file = checkpoints.file_of(version, step)
    told = {"file": file, "note": " ".join(note.split())[:300], "at": now}
    given, _ = CheckpointVote.objects.update_or_create(version=version, by=by, defaults=told)
    events.record("checkpoint.voted", by=by, on=version, now=now, step=step)
    return given


@transaction.atomic
def take_back(version: AdapterVersion, *, by: User, now: datetime) -> None:
    """Be for no checkpoint any more."""
    gone, _ = version.checkpoint_votes.filter(by=by).delete()
    if gone:
        events.record("checkpoint.vote_taken_back", by=by, on=version, now=now)


def promote(version: AdapterVersion, step: int, *, by: User, now: datetime) -> AdapterVersion:
    """
    Make the checkpoint of a step the next version of the adapter, and have it validated.

    :raises NotAllowed: if `by` may not upload for the team
    :raises NotFound: if the run has no checkpoint of that step
    :raises WrongState: if its bytes are not kept yet
    :raises DuplicateUpload: if a version of the adapter has these bytes
    """
    people.require(by, Role.CONTRIBUTOR, version.adapter.team, to="make a checkpoint a version")
    file = checkpoints.file_of(version, step)
    twin = drafts.version_of_bytes(version.adapter, file.sha256)
    if twin is not None:
        raise DuplicateUpload(
            f"The checkpoint of step {step} is version {twin.number} already: there is nothing to "
            "add."
        )
    declaration = replace(
        redeclaring.declaration_of(version),
        label=f"step-{step}",
        changes=f"The checkpoint of training step {step} of version {version.number}.",
    )
    made = redeclaring.of_files(version, file, declaration, by=by, now=now)
    events.record("checkpoint.promoted", by=by, on=version, now=now, step=step, became=made.number)
    return made
