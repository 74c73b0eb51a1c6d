"""
Bytes that were uploaded, hashed and put under their digest; and bytes that nobody wants any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from blake3 import blake3
from django.conf import settings
from django.db import transaction

from registry import blobs
from registry.formats.errors import FormatError
from registry.formats.hashes import Hashes, hash_stream
from registry.formats.header import Header, read_header
from registry.models import Blob, VersionFile
from registry.queries import files
from registry.services import uploads

CHUNK = 1 << 20


def keep(file: VersionFile, *, now: datetime) -> str | None:
    """
    Hash what was uploaded as `file` and put it under its digest, or return what is wrong with it.

    Doing it twice is doing it once. Memory stays flat, whatever the size.
    """
    if file.blob_id:
        return None
    upload = file.upload
    known = Blob.objects.filter(pk=file.sha256).first()
    if known is None and upload is not None:
        with uploads.open_bytes(upload) as stream:
            hashes, digest = _hash(stream, size=file.size)
        if hashes.sha256 != file.sha256:
            return (
                f"{file.name} was announced with the sha256 {file.sha256} and arrived with "
                f"{hashes.sha256}: it changed on its way; upload it again."
            )
        known = _promote(str(upload.pk), file, hashes, digest, now=now)
    if known is None:
        return f"The bytes of {file.name} are gone: upload it again."
    file.blob = known
    file.save(update_fields=["blob"])
    Blob.objects.filter(pk=known.pk).update(wanted_at=now)
    return None


def keep_picture(data: BinaryIO, *, now: datetime) -> Blob:
    """Keep a picture that the hub made itself."""
    with uploads.store_errors():
        sha256, size = blobs.default().put(data)
    blob, _ = Blob.objects.update_or_create(
        sha256=sha256,
        defaults={"wanted_at": now},
        create_defaults={"size": size, "kept_at": now, "wanted_at": now},
    )
    return blob


def _promote(
    upload: str, file: VersionFile, hashes: Hashes, digest: str, *, now: datetime
) -> Blob:
    with uploads.store_errors():
        blobs.default().promote(upload, hashes.sha256)
    blob, _ = Blob.objects.get_or_create(
        sha256=hashes.sha256,
        defaults={
            "size": file.size,
            "autov1": hashes.autov1,
            "autov3": hashes.autov3,
            "crc32": hashes.crc32,
            "blake3": hashes.blake3,
            "tensor_digest": digest,
            "kept_at": now,
            "wanted_at": now,
        },
    )
    return blob


def _hash(stream: BinaryIO, *, size: int) -> tuple[Hashes, str]:
    header = _header(stream, size=size)
    stream.seek(0)
    return hash_stream(_chunks(stream), header=header, blake3=blake3())


def _header(stream: BinaryIO, *, size: int) -> Header | None:
    try:
        return read_header(stream, file_size=size)
    except FormatError:
        return None  # a configuration, say


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk


def drop_orphans(*, now: datetime) -> int:
    """
    Delete blobs that nothing has referred to for a while; return how many.

    The row goes first, and only if still nothing refers to it (I6): bytes without a row are found
    again by the next pass, a row without bytes would be a broken download.
    """
    orphans = list(files.orphan_blobs(wanted_before=now - settings.ORPHAN_GRACE)[:1000])
    dropped = 0
    for blob in orphans:
        with transaction.atomic():
            row = Blob.objects.select_for_update().filter(pk=blob.pk)
            if not (row & files.orphan_blobs(wanted_before=now - settings.ORPHAN_GRACE)).exists():
                continue
            row.delete()
            dropped += 1
            with uploads.store_errors():
                blobs.default().delete(blob.sha256)
    return dropped
