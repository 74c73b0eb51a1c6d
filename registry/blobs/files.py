"""Files and folders that survive a crash, and their errors in the store's words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from registry.blobs.protocol import BlobMissing, StoreDown

FILE_MODE = 0o600
FOLDER_MODE = 0o700


@contextmanager
def disk_errors(missing: str) -> Iterator[None]:
    """
    Say in the store's words what the disk did not do.

    :raises BlobMissing: with the sentence `missing`, if a file is not there
    :raises StoreDown: for every other error of the system
    """
    try:
        yield
    except FileNotFoundError as error:
        raise BlobMissing(missing) from error
    except OSError as error:
        raise StoreDown(f"The disk of the store refuses: {error.strerror or error}.") from error


def make_folder(path: Path) -> None:
    """Make sure of the folder, for our own user alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.mkdir(mode=FOLDER_MODE)
    except FileExistsError:
        if not path.is_dir():
            raise


def new_file(path: Path) -> BinaryIO:
    """Return a new file, for our own user alone."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    return os.fdopen(os.open(path, flags, FILE_MODE), "wb")


def sync_folder(path: Path) -> None:
    """Return once the names in the folder are safely on the disk."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
