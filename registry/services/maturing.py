"""A draft that becomes a version, as soon as all is in it that a version needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction

from registry.formats.adapter import AdapterFile, read_adapter
from registry.formats.dialects import Dialect
from registry.formats.files import read_header
from registry.formats.folders import Folder, of_members
from registry.formats.members import Kind as FileKind
from registry.formats.members import Member
from registry.formats.readmes import Readme, read_readme
from registry.models import Adapter, AdapterVersion, DraftFile, Upload, User
from registry.queries import drafts, files
from registry.services import basing, placing, stored, uploads, versions
from registry.services.unpacking import Incoming

README = "README.md"
CONFIG = "adapter_config.json"
WHAT = "The commit"  # as messages call the files


@dataclass(frozen=True, slots=True)
class Act:
    """Who commits to which adapter, and when; the adapter's row is locked."""

    adapter: Adapter
    by: User
    now: datetime
    message: str = ""
    deleted: tuple[str, ...] = ()  # paths


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a commit: the version that it made or belongs to; remarks, a sentence each."""

    version: AdapterVersion | None = None
    made: bool = False
    remarks: tuple[str, ...] = ()


def make_version(act: Act) -> Outcome:
    """
    Make a version of the draft if it is complete, and empty the draft then.

    :raises FormatError: if the files are several adapters, or none that can be taken
    :raises UploadRefused: likewise; or if nobody can tell which base it is for
    """
    draft = drafts.files_of(act.adapter, by=act.by)
    sealed = {file.path: file.upload for file in draft if file.upload}
    members = [_member(path, upload) for path, upload in sealed.items()]
    if not any(each.kind is FileKind.WEIGHTS for each in members):
        return Outcome(remarks=_waiting_for_weights(sealed))
    folder = of_members(members, name=WHAT)
    incoming = _incoming(folder, sealed)
    known = drafts.version_of_bytes(act.adapter, incoming[0].upload.sha256)
    if known:
        _clear(draft)
        return Outcome(known, remarks=(f"These very weights are version {known.number} already.",))
    incoming += _config_before(folder, act)
    read = _read(incoming)
    if read.dialect is Dialect.PEFT and not read.config:
        return Outcome(remarks=(_waiting_for_config(incoming[0].upload),))
    outcome = _received(act, incoming, read, readme_of(draft))
    _clear(draft)
    return outcome


def readme_of(draft: Sequence[DraftFile]) -> Readme:
    """:raises BadReadme: if the draft's README.md cannot be read"""
    return read_readme(next((file.text for file in draft if file.path == README), ""))


def forget(upload: Upload) -> None:
    """Drop an upload once this is committed, unless something else is made of it by then."""

    def drop() -> None:
        if not files.held_by_a_version(upload) and not drafts.holds(upload):
            uploads.drop(upload)

    transaction.on_commit(drop)


def _waiting_for_weights(sealed: dict[str, Upload]) -> tuple[str, ...]:
    if not sealed:
        return ()
    return (f"{', '.join(sealed)} waits for weights: commit a .safetensors or .gguf file too.",)


def _waiting_for_config(weights: Upload) -> str:
    return f"{weights.name} waits for its {CONFIG}: commit that too, and a version is made of both."


def _member(path: str, upload: Upload) -> Member:
    return Member(path, upload.size, partial(stored.opened, upload), partial(_start, upload))


def _start(upload: Upload, count: int) -> bytes:
    with stored.open_bytes(upload) as file:
        return file.read(count)


def _incoming(folder: Folder, sealed: dict[str, Upload]) -> list[Incoming]:
    """Return the files of the folder that go into the version, by the names they have there."""
    incoming = []
    for place in placing.places_of(folder, name=WHAT):
        upload = sealed[place.member.name]
        if upload.name != place.name:
            upload.name = place.name
            upload.save(update_fields=["name"])
        incoming.append(Incoming(upload, place.role, place.training_step))
    return incoming


def _config_before(folder: Folder, act: Act) -> list[Incoming]:
    """Return the configuration of the version before, where it goes on to hold."""
    if folder.config_file or any(path.endswith(CONFIG) for path in act.deleted):
        return []
    head = drafts.head(act.adapter, by=act.by)
    config = files.config_of(head) if head else None
    if config is None or not files.may_reuse(config.sha256, size=config.size, by=act.by):
        return []
    upload = uploads.open_upload(
        team=act.adapter.team,
        name=config.name,
        size=config.size,
        sha256=config.sha256,
        by=act.by,
        now=act.now,
    )
    return [Incoming(uploads.seal(upload, now=act.now), config.role)]


def _read(incoming: Sequence[Incoming]) -> AdapterFile:
    upload, config = incoming[0].upload, versions.read_config(incoming)
    with stored.open_bytes(upload) as file:
        return read_adapter(read_header(file, file_size=upload.size), config=config)


def _received(act: Act, incoming: Sequence[Incoming], read: AdapterFile, readme: Readme) -> Outcome:
    adapter = act.adapter
    found = basing.find(read, named=readme.bases, line=adapter, by=act.by)
    before = adapter.versions.order_by("-number").first()
    declaration = versions.Declaration(
        adapter=adapter.slug,
        base=found.base.slug,
        title=adapter.title,
        changes=act.message[:5_000],
        trigger_words=readme.trigger_words or (before.trigger_words if before else ()),
    )
    version = versions.receive(declaration, incoming, team=adapter.team, by=act.by, now=act.now)
    return Outcome(version, made=True, remarks=(found.remark,) if found.remark else ())


def _clear(draft: Sequence[DraftFile]) -> None:
    """Empty the draft: what lay in it is a version, or is one already."""
    for row in draft:
        row.delete()
        if row.upload:
            forget(row.upload)
