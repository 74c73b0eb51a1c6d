"""
Bytes that were uploaded, hashed and put under their digest; and bytes that nobody wants any more.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import BinaryIO

from blake3 import blake3
from django.conf import settings
from django.db import connection, transaction

from registry import blobs
from registry.checks.facts import Arrival, Content
from registry.errors import NotFound
from registry.formats import likeness
from registry.formats.adapter import AdapterFile
from registry.formats.errors import FormatError
from registry.formats.files import read_header
from registry.formats.hashes import Hashes, hash_stream
from registry.formats.header import Header
from registry.models import Blob, LayerNorms, VersionFile
from registry.queries import files
from registry.services import stored

CHUNK = 1 << 20


def keep(file: VersionFile, *, now: datetime) -> Arrival:
    """
    Hash what was uploaded as `file`, and put it under its digest if that is the one announced.

    Doing it twice is doing it once. Memory stays flat, whatever the size.
    """
    if file.blob_id:
        return Arrival(file.name, file.sha256, file.blob_id)
    upload = file.upload
    if upload is None or upload.known:
        known = _kept(file.sha256)
    else:
        # Even where the hub has such bytes: only who sends them shows that he has them.
        try:
            with stored.open_bytes(upload) as stream:
                hashes, digest = _hash(stream, size=file.size)
        except NotFound:
            return Arrival(file.name, file.sha256, None)
        if hashes.sha256 != file.sha256:
            return Arrival(file.name, file.sha256, hashes.sha256)
        known = _promote(str(upload.pk), file, hashes, digest, now=now)
    if known is None:
        return Arrival(file.name, file.sha256, None)
    file.blob = known
    file.save(update_fields=["blob"])
    Blob.objects.filter(pk=known.pk).update(wanted_at=now)
    return Arrival(file.name, file.sha256, known.sha256)


def keep_made(data: bytes, *, now: datetime) -> Blob:
    """Keep a picture or a sound that the hub made itself."""
    sha256 = hashlib.sha256(data).hexdigest()
    with only_here(sha256), stored.errors():
        _, size = blobs.default().put(io.BytesIO(data))
        blob, _ = Blob.objects.update_or_create(
            sha256=sha256,
            defaults={"wanted_at": now},
            create_defaults={"size": size, "kept_at": now, "wanted_at": now},
        )
    return blob


def keep_prepared(file: BinaryIO, *, size: int, now: datetime) -> Blob:
    """
    Keep a file of an adapter that a worker wrote, found by every hash as one that was uploaded.

    :raises FormatError: if its weights cannot be read again, by the reader that uploads go through
    """
    header = None if file.read(1) == b"{" else _again(file, size=size)
    file.seek(0)
    hashes, digest = hash_stream(_chunks(file), header=header, blake3=blake3())
    file.seek(0)
    fields = {
        "size": size,
        "autov1": hashes.autov1,
        "autov3": hashes.autov3,
        "crc32": hashes.crc32,
        "blake3": hashes.blake3,
        "tensor_digest": digest,
        "kept_at": now,
        "wanted_at": now,
    }
    with only_here(hashes.sha256), stored.errors():
        blobs.default().put(file)
        blob, _ = Blob.objects.update_or_create(
            sha256=hashes.sha256, defaults={"wanted_at": now}, create_defaults=fields
        )
    return blob


def _again(file: BinaryIO, *, size: int) -> Header:
    file.seek(0)
    return read_header(file, file_size=size)


def keep_signature(blob: Blob, adapter: AdapterFile, content: Content) -> None:
    """Keep what the numbers of a weights file are known by in every form that they may take."""
    signature = likeness.signature(adapter, content.norms)
    blob.change_signature = dict(signature)
    blob.change_norm = likeness.norm_of(signature)
    blob.save(update_fields=["change_signature", "change_norm"])
    LayerNorms.objects.update_or_create(
        blob=blob, defaults={"parts": likeness.by_layer(adapter, content.norms)}
    )


def keep_no_layers(blob: Blob) -> None:
    """Note that the layers of a file cannot be read, so that nobody tries again."""
    LayerNorms.objects.get_or_create(blob=blob)


@contextmanager
def only_here(sha256: str) -> Iterator[None]:
    """Let nobody else keep or drop these bytes meanwhile: both move a row and a file together."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [sha256])
        yield


def _kept(sha256: str) -> Blob | None:
    """Return the blob, if its bytes are there too: a crash in mid-drop may have left the row."""
    blob = Blob.objects.filter(pk=sha256).first()
    with stored.errors():
        return blob if blob and blobs.default().exists(sha256) else None


def _promote(upload: str, file: VersionFile, hashes: Hashes, digest: str, *, now: datetime) -> Blob:
    fields = {
        "size": file.size,
        "autov1": hashes.autov1,
        "autov3": hashes.autov3,
        "crc32": hashes.crc32,
        "blake3": hashes.blake3,
        "tensor_digest": digest,
        "kept_at": now,
        "wanted_at": now,
    }
    with only_here(hashes.sha256), stored.errors():
        blobs.default().promote(upload, hashes.sha256)
        blob, _ = Blob.objects.update_or_create(sha256=hashes.sha256, defaults=fields)
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

    Whoever keeps the same bytes at that moment waits, and then keeps them anew (I6).
    """
    before = now - settings.ORPHAN_GRACE
    return sum(
        _drop(blob.sha256, before=before)
        for blob in files.orphan_blobs(wanted_before=before)[:1000]
    )


def _drop(sha256: str, *, before: datetime) -> bool:
    with only_here(sha256), stored.errors():
        gone, _ = files.orphan_blobs(wanted_before=before).filter(pk=sha256).delete()
        if gone:
            blobs.default().delete(sha256)
    return bool(gone)
