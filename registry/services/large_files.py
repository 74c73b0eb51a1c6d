"""
Files that are sent by themselves and by their digest alone, to become part of a commit later.

They are uploads like all others; only what they are called is not known before the commit.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import BinaryIO, cast
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone

from registry.errors import NotFound, UploadIncomplete
from registry.models import Adapter, Upload, User
from registry.queries import files
from registry.services import stored, uploads
from registry.services.hashing import Hashing

LINK_SECONDS = 6 * 3600  # how long an address may be sent to: large files take their time
UNNAMED = "weights.safetensors"
HASHED_AT_ONCE = 256 * 2**20  # bytes: of larger ones a worker says whether they are what they were
CHUNK = 1 << 20


def expect(oid: str, *, size: int, adapter: Adapter, by: User) -> Upload | None:
    """
    Return the upload that the bytes are to be sent to, None if they need not be sent.

    :raises NotAllowed: if `by` may not upload for the team
    :raises UploadRefused: if the digest is none, or the file is empty
    :raises UploadTooLarge: if it is larger than this hub takes
    """
    team = adapter.team
    before = files.sent_before(oid, size=size, team=team, by=by)
    if before and (before.state == Upload.State.COMPLETE or _is_whole(before)):
        return None
    if before and not before.known:
        return before
    upload = uploads.open_upload(
        team=team, name=UNNAMED, size=size, sha256=oid, by=by, now=timezone.now()
    )
    return None if upload.known else upload


def sent(oid: str, *, size: int, adapter: Adapter, by: User) -> Upload:
    """
    Return the upload of bytes that were sent, or that the person need not send.

    :raises NotFound: if there is none
    """
    upload = files.sent_before(oid, size=size, team=adapter.team, by=by)
    if upload is None and files.may_reuse(oid, size=size, by=by):
        upload = uploads.open_upload(
            team=adapter.team, name=UNNAMED, size=size, sha256=oid, by=by, now=timezone.now()
        )
    if upload is None:
        raise NotFound(
            f"No {size:,} bytes with the sha256 {oid[:80]} were sent: ask where they go "
            f"(/{adapter.team.slug}/{adapter.slug}.git/info/lfs/objects/batch) and send them first."
        )
    return upload


def sealed(oid: str, *, size: int, name: str, adapter: Adapter, by: User, now: datetime) -> Upload:
    """
    Return the upload of bytes that were sent, under its name now and closed.

    :raises NotFound: if there is none
    :raises UploadIncomplete: if not all of it was sent, or other bytes than announced
    :raises UploadRefused: if the content shows at once that this is no adapter
    """
    upload = sent(oid, size=size, adapter=adapter, by=by)
    if upload.state == Upload.State.COMPLETE:
        return upload
    upload.name = uploads.clean(name)
    upload.save(update_fields=["name"])
    uploads.seal(upload, now=now)
    if not upload.known and upload.size <= HASHED_AT_ONCE:
        _refuse_other_bytes(upload, sha256=_digest(upload))
    return upload


def put_whole(upload: Upload, stream: BinaryIO, *, length: int) -> None:
    """
    Keep all of a file that comes in one piece. If it is not what was announced, nothing is kept.

    :raises WrongState: if the upload is no longer open
    :raises UploadIncomplete: if it is not as long as announced, or has another digest
    """
    if length != upload.size:
        raise UploadIncomplete(
            f"{length:,} bytes were sent of a file that was announced with {upload.size:,}: send "
            "it again."
        )
    hashed = Hashing(stream)
    for number in range(1, uploads.part_count(upload) + 1):
        uploads.put_part(
            upload, number, cast("BinaryIO", hashed), length=uploads.part_length(upload, number)
        )
    _refuse_other_bytes(upload, sha256=hashed.sha256)


def _refuse_other_bytes(upload: Upload, *, sha256: str) -> None:
    """:raises UploadIncomplete: if its bytes are not those announced, which drops it"""
    if sha256 != upload.sha256:
        uploads.drop(upload)
        raise UploadIncomplete(
            f"The bytes that arrived have the sha256 {sha256} and {upload.sha256} was announced, "
            "so nothing was kept: send the file again."
        )


def opened(pk: str, *, team: str, name: str) -> Upload:
    """:raises NotFound: if there is no such upload of the team any more"""
    try:
        upload = Upload.objects.select_related("team").get(pk=UUID(pk), team__slug=team)
    except (Upload.DoesNotExist, ValueError, ValidationError):
        raise NotFound(f"There is no such upload for {team}/{name} any more.") from None
    return upload


def require_all(upload: Upload) -> None:
    """:raises UploadIncomplete: if not all of the parts are here"""
    if upload.state != Upload.State.COMPLETE and not _is_whole(upload):
        here, count = len(uploads.parts_here(upload)), uploads.part_count(upload)
        raise UploadIncomplete(f"{here} of {count} parts are here: send the others.")


def _is_whole(upload: Upload) -> bool:
    if upload.known:
        return True
    try:
        return len(uploads.parts_here(upload)) == uploads.part_count(upload)
    except NotFound:
        return False


def _digest(upload: Upload) -> str:
    digest = hashlib.sha256()
    with stored.open_bytes(upload) as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
