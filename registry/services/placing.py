"""What becomes of each file of an adapter's folder in a version: its role there and its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from registry.formats.errors import BadArchive, OtherContent
from registry.formats.folders import Folder
from registry.formats.members import Member
from registry.formats.quoting import shown
from registry.models import VersionFile

FileRole = VersionFile.Role
MAX_STEP = 2**31 - 1  # that the database can count; no training goes on for longer


@dataclass(frozen=True, slots=True)
class Place:
    """A file of a folder, and what becomes of it in the version."""

    member: Member
    role: str
    name: str = ""
    training_step: int | None = None


def places_of(folder: Folder, *, name: str) -> list[Place]:
    """
    Return what a version takes of a folder, the weights first; messages call the folder `name`.

    :raises FormatError: if there are several adapters in it
    """
    return _named(_roles(folder, name=name), name=name)


def _roles(folder: Folder, *, name: str) -> list[Place]:
    if len(folder.finished) > 1:
        raise OtherContent(_several(folder.finished, name=name))
    weights = folder.finished[0]
    places = [Place(weights, FileRole.WEIGHTS.value, training_step=_step(weights))]
    by_steps = any(_step(each) is not None for each in folder.weights if each is not weights)
    if folder.config_file:
        places.append(Place(folder.config_file, FileRole.CONFIG.value))
    steps: set[int] = set()
    for each in folder.weights:
        if each is weights:
            continue
        step = _step(each) if by_steps else each.epoch  # one that only counts epochs has no other
        if step is not None and step in steps:
            raise OtherContent(
                f"{name} holds two training checkpoints of step {step}: leave one of them out."
            )
        steps |= set() if step is None else {step}
        places.append(Place(each, FileRole.CHECKPOINT.value, training_step=step))
    return places


def _several(finished: Sequence[Member], *, name: str) -> str:
    some = " and ".join(shown(each.name) for each in finished[:2])
    if all(each.expert for each in finished):
        return (
            f"{name} holds the weights of several experts ({some}): make a ZIP file of each, and "
            "upload them as adapters of their own."
        )
    return (
        f"{name} holds {len(finished)} files of weights that are no training checkpoints, {some} "
        "among them: upload each as a version of its own."
    )


def _step(member: Member) -> int | None:
    return member.step if member.step is not None and member.step <= MAX_STEP else None


def _named(places: Sequence[Place], *, name: str) -> list[Place]:
    """Call each file by its own name, or by its path where two have the same name."""
    lasts = [PurePosixPath(place.member.name).name for place in places]
    named = [
        Place(place.member, place.role, _name(place.member, lasts), place.training_step)
        for place in places
    ]
    if len({place.name for place in named}) < len(named):
        raise BadArchive(f"{name} holds files whose paths make the same name: rename one.")
    return named


def _name(member: Member, lasts: Sequence[str]) -> str:
    path = PurePosixPath(member.name)
    return path.name if lasts.count(path.name) == 1 else "-".join(path.parts)
