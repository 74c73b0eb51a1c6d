"""One item of an import made into a version, by the services that uploads go through."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from registry.content_levels import LEVELS
from registry.errors import DuplicateUpload, SourceRefused
from registry.imports.offers import CHECKPOINT, OfferedFile, OfferedPicture
from registry.models import AdapterVersion, Import, ImportItem, Kind, Source, Upload
from registry.queries import files
from registry.services import uploads, versions
from registry.services.imports import held, judging, pictures
from registry.services.imports.judging import value
from registry.services.unpacking import Incoming
from registry.services.versions import Declaration

State = ImportItem.State
Fetch = Callable[[OfferedFile], AbstractContextManager[BinaryIO]]


def make(
    item: ImportItem, row: Import, *, fetch: Fetch, look_at: pictures.Opener, now: datetime
) -> AdapterVersion:
    """
    Return the version made of an item, with all that its source says of it.

    :raises RegistryError: if it cannot be; what was fetched is dropped
    :raises LeaseLost: if another worker has taken the import over
    """
    with ExitStack() as undone:
        incoming: list[Incoming] = []
        undone.callback(_drop, incoming)
        for file in files_of(item):
            incoming.append(  # noqa: PERF401  what came before a failure is dropped
                _receive(file, row, fetch, now=now)
            )
        _refuse_twin(incoming[0].upload, row)
        seen = pictures.kept(_pictures(item), look_at, now=now)
        with transaction.atomic():
            held.LEASES.hold(row)  # whoever lost it meanwhile makes nothing of it
            version = versions.receive(
                declaration(item), incoming, team=row.team, by=row.by, now=now
            )
            _note_source(version, item, row, seen, now=now)
            item.state, item.version, item.reason = State.MADE, version, ""
            item.save(update_fields=["state", "version", "reason"])
        undone.pop_all()
    return version


def _refuse_twin(weights: Upload, row: Import) -> None:
    """:raises DuplicateUpload: if the team has a version of these bytes by now"""
    twin = judging.twin(weights.sha256, row)
    if twin is not None:
        raise DuplicateUpload(judging.sentence_of(twin))


def files_of(item: ImportItem) -> list[OfferedFile]:
    return [OfferedFile(**file) for file in item.files]


def declaration(item: ImportItem) -> Declaration:
    """Return what is declared of an item: as its source says, and as a person corrected it."""
    return Declaration(
        adapter=item.slug,
        base=item.base,
        title=value(item, "title"),
        description=value(item, "description"),
        kind=kind if (kind := value(item, "kind")) in Kind.values else Kind.OTHER.value,
        tags=value(item, "tags", []),
        licence=value(item, "licence"),
        content_level=level if (level := value(item, "content_level")) in LEVELS else "",
        label=value(item, "label")[:60],
        changes=value(item, "changes"),
        trigger_words=value(item, "trigger_words", []),
        optional_words=value(item, "optional_words", []),
        negative_words=value(item, "negative_words", []),
        sample_prompts=value(item, "sample_prompts", [])[:2],
        weight_low=value(item, "weight_low", None),
        weight_high=value(item, "weight_high", None),
        weight_default=value(item, "weight_default", None),
    )


def _receive(file: OfferedFile, row: Import, fetch: Fetch, *, now: datetime) -> Incoming:
    upload = _known(file, row, now=now)
    if upload is None:
        with fetch(file) as stream:
            upload = uploads.receive_whole(
                stream, name=file.name, team=row.team, by=row.by, now=now
            )
            _compare(file, upload)
    step = file.training_step if file.role == CHECKPOINT else None
    return Incoming(upload, file.role, step)


def _known(file: OfferedFile, row: Import, *, now: datetime) -> Upload | None:
    """Return an upload of bytes that the hub has already, None where it has not."""
    size = files.reusable(file.sha256, by=row.by) if file.sha256 else None
    if size is None:
        return None
    upload = uploads.open_upload(
        team=row.team, name=file.name, size=size, sha256=file.sha256, by=row.by, now=now
    )
    return uploads.seal(upload, now=now) if upload.known else None


def _compare(file: OfferedFile, upload: Upload) -> None:
    """:raises SourceRefused: if these are not the bytes that were announced"""
    if file.sha256 and upload.sha256 != file.sha256:
        uploads.drop(upload)
        raise SourceRefused(
            f"{file.name} came with the sha256 {upload.sha256[:12]}… where {file.sha256[:12]}… was "
            "announced: it is another file, or was changed on its way."
        )


def _drop(incoming: list[Incoming]) -> None:
    for one in incoming:
        if one.upload.state != Upload.State.DROPPED:
            uploads.give_up(one.upload)


def _pictures(item: ImportItem) -> list[OfferedPicture]:
    return [OfferedPicture(**picture) for picture in item.pictures]


def _note_source(
    version: AdapterVersion,
    item: ImportItem,
    row: Import,
    seen: list[pictures.Kept],
    *,
    now: datetime,
) -> None:
    source = Source.objects.create(
        version=version,
        kind=row.kind,
        asked=row.source,
        name=row.name,
        key=item.key,
        group=item.group,
        url=item.url,
        record=item.record,
        fields={name: told["source"] for name, told in item.fields.items()}
        | dict.fromkeys(set(item.said) - {"take"}, ""),
        of=row,
        by=row.by,
        imported_at=now,
    )
    pictures.attach(source, seen)
