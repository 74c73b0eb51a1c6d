"""
Files on their way in: opened with a size and a sha256, sent in parts, sealed, and then part of a
version (registry/services/versions.py).

Nothing here trusts the sender: a sealed upload has all of its bytes, but only a worker that has
hashed them says that they are the bytes announced.
"""

from __future__ import annotations

import hashlib
import logging
import re
from datetime import datetime
from typing import BinaryIO
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from registry import blobs
from registry.blobs.protocol import LINK_SECONDS, PartsMissing
from registry.errors import (
    Invalid,
    NotFound,
    UploadIncomplete,
    UploadRefused,
    UploadTooLarge,
    WrongState,
)
from registry.formats.archives import is_zip
from registry.formats.errors import FormatError
from registry.formats.sniff import clean_name, refuse_by_content
from registry.models import Role, Team, Upload, User
from registry.queries import files, people
from registry.services import stored

logger = logging.getLogger(__name__)

FIRST_BYTES = 4096
CHUNK = 1 << 20
MAX_PARTS = 10_000  # S3 takes no more


def open_upload(
    *, team: Team, name: str, size: int, sha256: str, by: User, now: datetime
) -> Upload:
    """
    Return a new upload. Where the hub has these bytes already, `known` is set and none are sent.

    :raises NotAllowed: if `by` may not upload for the team
    :raises UploadRefused: if the name or the digest is no good, or the file is empty
    :raises UploadTooLarge: if it is larger than this hub takes
    """
    people.require(by, Role.CONTRIBUTOR, team, to="upload")
    _refuse_size(size)
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise UploadRefused("The sha256 has to be 64 hexadecimal digits, in lower case.")
    upload = Upload(
        id=uuid4(),
        by=by,
        team=team,
        name=clean(name),
        size=size,
        sha256=sha256,
        part_size=part_size(size),
        known=files.may_reuse(sha256, size=size, by=by),
        opened_at=now,
    )
    if not upload.known:
        with stored.errors():
            upload.multipart_id = blobs.default().begin(
                str(upload.id), size=size, part_size=upload.part_size
            )
    upload.save()
    return upload


def part_size(size: int) -> int:
    """Return the bytes of a part: as set, or more where the file would need too many parts."""
    return max(settings.PART_SIZE, -(-size // MAX_PARTS))


def put_part(upload: Upload, number: int, stream: BinaryIO, *, length: int) -> None:
    """
    Keep part `number` (from 1) of the upload; the same part again replaces it.

    :raises WrongState: if the upload is no longer open
    :raises UploadIncomplete: if the part is not as long as it has to be
    """
    _must_be_open(upload)
    if length != part_length(upload, number):
        raise UploadIncomplete(
            f"Part {number} of {upload.name} has {length} bytes where "
            f"{part_length(upload, number)} were expected: send it again."
        )
    try:
        with stored.errors():
            blobs.default().put_part(
                str(upload.pk),
                upload.multipart_id,
                number,
                stream,
                offset=(number - 1) * upload.part_size,
                length=length,
            )
    except PartsMissing as error:
        raise UploadIncomplete(
            f"Part {number} of {upload.name} broke off on its way: send it again."
        ) from error


def part_length(upload: Upload, number: int) -> int:
    """
    Return how many bytes part `number` has.

    :raises Invalid: if the upload has no such part
    """
    count = part_count(upload)
    if not 1 <= number <= count:
        raise Invalid(f"{upload.name} has parts 1 to {count}; there is no part {number}.")
    return min(upload.part_size, upload.size - (number - 1) * upload.part_size)


def part_count(upload: Upload) -> int:
    return -(-upload.size // upload.part_size)


def parts_here(upload: Upload) -> tuple[int, ...]:
    """Return the numbers of the parts that need not be sent (again)."""
    if upload.known or upload.state != Upload.State.OPEN:
        return tuple(range(1, part_count(upload) + 1))
    with stored.errors():
        there = blobs.default().parts(str(upload.pk), upload.multipart_id)
    return tuple(
        part.number
        for part in there
        if part.number <= part_count(upload) and part.size == part_length(upload, part.number)
    )


def part_url(upload: Upload, number: int, *, seconds: int = LINK_SECONDS) -> str | None:
    """
    Return an address at the store to PUT a part to for a while, None if it is sent to the hub.

    :raises WrongState: if the upload is no longer open
    :raises Invalid: if the upload has no such part
    """
    _must_be_open(upload)
    part_length(upload, number)
    with stored.errors():
        return blobs.default().part_url(
            str(upload.pk), upload.multipart_id, number, seconds=seconds
        )


def seal(upload: Upload, *, now: datetime) -> Upload:
    """
    Say that all parts are there. Sealing twice is sealing once.

    :raises UploadIncomplete: if parts are missing; which ones stands in the message
    :raises UploadRefused: if the content shows at once that this is no adapter
    """
    if upload.state == Upload.State.COMPLETE:
        return upload
    _must_be_open(upload)
    if not upload.known:
        _seal_bytes(upload)
        _refuse_content(upload)
    upload.state = Upload.State.COMPLETE
    upload.completed_at = now
    upload.save(update_fields=["state", "completed_at"])
    return upload


def _seal_bytes(upload: Upload) -> None:
    try:
        with stored.errors():
            blobs.default().seal(str(upload.pk), upload.multipart_id, size=upload.size)
    except PartsMissing as error:
        raise UploadIncomplete(f"{upload.name} is not all here yet: {error}") from error


def _refuse_content(upload: Upload) -> None:
    with stored.open_bytes(upload) as file:
        first = file.read(FIRST_BYTES)
    if upload.name.lower().endswith(".json") and first.lstrip().startswith(b"{"):
        return  # an adapter's configuration: parsed when it becomes part of a version
    if is_zip(upload.name, first):
        return  # unpacked when it becomes part of a version
    try:
        refuse_by_content(first, name=upload.name, size=upload.size)
    except FormatError as error:
        drop(upload)
        raise UploadRefused(str(error), code=error.code) from error


def drop(upload: Upload) -> None:
    """Forget an upload that became nothing, and its bytes."""
    with stored.errors():
        if not upload.known:
            blobs.default().drop(str(upload.pk), upload.multipart_id)
    upload.state = Upload.State.DROPPED
    upload.save(update_fields=["state"])


def give_up(upload: Upload) -> None:
    """
    Drop an upload that its sender wants no more. Doing it twice is doing it once.

    :raises WrongState: if a version is made of it
    """
    if upload.state == Upload.State.DROPPED:
        return
    if files.held_by_a_version(upload):
        raise WrongState(f"A version is made of {upload.name}: it cannot be taken back.")
    drop(upload)


def drop_half_uploads(*, now: datetime) -> int:
    """
    Forget uploads that were left half done, or sealed and never made a version of; and what lies
    in staging without a row, since its process died in between. Return how many.
    """
    before = now - settings.UPLOAD_EXPIRY
    stale = files.stale_uploads(opened_before=before)
    for upload in stale:
        drop(upload)
    with stored.errors():
        old = [name for name, since in blobs.default().staged() if since < before]
    strays = [name for name in old if not files.is_awaited(name)]
    for name in strays:
        with stored.errors():
            blobs.default().drop(name, "")
    return len(stale) + len(strays)


def by_id(upload_id: UUID, *, by: User) -> Upload:
    """:raises NotFound: if this person has opened no such upload"""
    upload = Upload.objects.select_related("team").filter(pk=upload_id, by=by).first()
    if upload is None:
        raise NotFound("You have no such upload: it may have expired. Open a new one.")
    return upload


def receive_whole(stream: BinaryIO, *, name: str, team: Team, by: User, now: datetime) -> Upload:
    """
    Take a file that is here already, by the same way as one that comes in parts.

    It is read twice, once for its digest: give a file, not a pipe.
    """
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    stream.seek(0)
    sha256 = digest.hexdigest()
    upload = open_upload(team=team, name=name, size=size, sha256=sha256, by=by, now=now)
    if not upload.known:
        for number in range(1, -(-size // upload.part_size) + 1):
            put_part(upload, number, stream, length=part_length(upload, number))
    with transaction.atomic():
        return seal(upload, now=now)


def _must_be_open(upload: Upload) -> None:
    if upload.state != Upload.State.OPEN:
        raise WrongState(f"The upload of {upload.name} is {upload.state}: open a new one.")


def _refuse_size(size: int) -> None:
    if size <= 0:
        raise UploadRefused("The file is empty: choose the adapter's file.", code="empty-file")
    if size > settings.MAX_UPLOAD:
        raise UploadTooLarge(
            f"The file has {size:,} bytes and this hub takes {settings.MAX_UPLOAD:,} at most."
        )


def clean(name: str) -> str:
    """:raises UploadRefused: if that can be no file's name"""
    try:
        return clean_name(name)
    except FormatError as error:
        raise UploadRefused(str(error), code=error.code) from error
