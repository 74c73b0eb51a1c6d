"""Bytes on their way from one place to another: hashed as they pass, never all in memory."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from registry.blobs.files import new_file
from registry.blobs.protocol import CHUNK, BlobDamaged, StoreDown


def pass_on(source: BinaryIO, write: Callable[[bytes], object]) -> tuple[str, int]:
    """Give all that is left in `source` to `write`, and return its sha256 and size."""
    digest = hashlib.sha256()
    size = 0
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        write(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def save(source: BinaryIO, sha256: str, *, to: Path) -> None:
    """
    Write `source` to the file `to`, which is there as a whole or not at all.

    :raises BlobDamaged: if the bytes do not hash to `sha256`
    :raises StoreDown: if they cannot be read or written
    """
    # A name of its own for each attempt: two workers may want the same file at once.
    unfinished = to.with_name(f".{to.name[:100]}.{uuid4().hex}")
    try:
        _save(source, sha256, to=to, unfinished=unfinished)
    except OSError as error:
        raise StoreDown(f"{to.name} could not be copied: {error.strerror or error}.") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _save(source: BinaryIO, sha256: str, *, to: Path, unfinished: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    with new_file(unfinished) as file:
        found, _ = pass_on(source, file.write)
        if found != sha256:
            raise BlobDamaged(f"What is stored as {sha256} hashes to {found}: restore it.")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(to)
