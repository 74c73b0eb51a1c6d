"""
Uploads on their way into a version; a ZIP file among them gives way to the adapter in it.

A ZIP file is unpacked while its sender waits for the answer, one file at a time through the disk,
and each takes the way of a file that was sent alone: hashed, staged, sealed. That is bounded like
any upload: all that is taken out of a ZIP file may have MAX_UPLOAD bytes together. Nothing else in
it is read, and the ZIP file itself is not kept.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction

from registry import blobs
from registry.blobs.protocol import BlobError
from registry.errors import RegistryError, UploadRefused, UploadTooLarge, WrongState
from registry.formats.archives import is_zip, list_opened
from registry.formats.errors import FormatError
from registry.formats.folders import of_members
from registry.formats.quoting import shown
from registry.models import Upload, User, VersionFile
from registry.services import placing, stored, uploads
from registry.services.placing import MAX_STEP, Place

__all__ = ["MAX_STEP", "Incoming", "forget", "unpacked"]

logger = logging.getLogger(__name__)

FileRole = VersionFile.Role


@dataclass(frozen=True, slots=True)
class Incoming:
    """A sealed upload and its place in the version."""

    upload: Upload
    role: str = FileRole.WEIGHTS.value
    training_step: int | None = None


def unpacked(files: Sequence[Incoming], *, by: User, now: datetime) -> list[Incoming]:
    """
    Return the same files, but for a ZIP file of weights the files of the adapter in it.

    Doing it twice is doing it once. A ZIP file that is refused is dropped.

    :raises UploadRefused: if there is no adapter in it, or anything in it could do harm
    :raises UploadTooLarge: if more is in it than this hub takes
    :raises WrongState: if the ZIP file was dropped meanwhile
    """
    given_config = any(one.role == FileRole.CONFIG for one in files)
    result: list[Incoming] = []
    for one in files:
        if one.role != FileRole.WEIGHTS or not _holds_a_zip(one.upload):
            result.append(one)
            continue
        found = _unpack(one.upload, by=by, now=now)
        # A configuration that was sent beside the ZIP file was meant.
        result += [each for each in found if each.role != FileRole.CONFIG or not given_config]
    return result


def forget(files: Sequence[Incoming]) -> None:
    """Drop the ZIP files among these, a version having been made of what was in them."""
    for one in files:
        if one.upload.unpacked.exists():
            try:
                uploads.drop(one.upload)
            except RegistryError as error:  # It goes when it expires; the version is made.
                logger.warning("%s is not dropped yet: %s", one.upload, error)


def _holds_a_zip(upload: Upload) -> bool:
    if upload.known or not upload.name.lower().endswith(".zip"):
        return False
    with stored.open_bytes(upload) as file:
        return is_zip(upload.name, file.read(4))


def _unpack(upload: Upload, *, by: User, now: datetime) -> list[Incoming]:
    try:
        # One at a time: who completes an upload twice at once finds it unpacked the second time.
        with transaction.atomic(), stored.errors():
            archive = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
            if archive.state != Upload.State.COMPLETE:
                raise WrongState(f"The upload of {upload.name} is {archive.state}: open a new one.")
            places = _places(archive)
            here = _taken_before(archive) or _take(archive, places, by=by, now=now)
    except FormatError as error:
        uploads.drop(upload)
        raise UploadRefused(str(error), code=error.code) from error
    except UploadRefused:
        uploads.drop(upload)
        raise
    return [
        Incoming(here[place.name], place.role, place.training_step)
        for place in places
        if place.name in here
    ]


def _taken_before(archive: Upload) -> dict[str, Upload]:
    """Return the files that this ZIP was unpacked into, by name; none if any has expired."""
    before = list(archive.unpacked.all())
    if any(one.state != Upload.State.COMPLETE for one in before):
        archive.unpacked.update(archive=None)
        return {}
    return {one.name: one for one in before}


def _take(
    archive: Upload, places: Sequence[Place], *, by: User, now: datetime
) -> dict[str, Upload]:
    """Upload the files of the ZIP one after the other; of several with the same bytes the first."""
    taken: dict[str, Upload] = {}
    with _or_nothing(taken):
        for place in places:
            with place.member.open() as file:
                upload = uploads.receive_whole(
                    file, name=place.name, team=archive.team, by=by, now=now
                )
            upload.archive = archive
            upload.save(update_fields=["archive"])
            taken[place.name] = upload
    return _each_once(taken)


@contextmanager
def _or_nothing(taken: dict[str, Upload]) -> Iterator[None]:
    """Leave no bytes in staging whose rows are rolled back."""
    try:
        yield
    except BaseException:
        for upload in [one for one in taken.values() if not one.known]:
            with suppress(BlobError):
                blobs.default().drop(str(upload.pk), upload.multipart_id)
        raise


def _each_once(taken: dict[str, Upload]) -> dict[str, Upload]:
    """Drop what has the bytes of one before: many trainers save their last checkpoint again."""
    digests: set[str] = set()
    for name, upload in list(taken.items()):
        if upload.sha256 in digests:
            uploads.drop(upload)
            upload.delete()
            del taken[name]
        digests.add(upload.sha256)
    return taken


def _places(archive: Upload) -> list[Place]:
    """
    Return what the version takes out of the ZIP, under which names; the weights come first.

    :raises FormatError: if there is no adapter in it, or more than one
    """
    opener = partial(blobs.default().open_staged, str(archive.pk))
    name = shown(archive.name)
    folder = of_members(list_opened(opener, size=archive.size, name=name), name=name)
    places = placing.places_of(folder, name=name)
    size = sum(place.member.size for place in places)
    if size > settings.MAX_UPLOAD:
        raise UploadTooLarge(
            f"{name} unpacks to {size:,} bytes and this hub takes {settings.MAX_UPLOAD:,} at most."
        )
    return places
