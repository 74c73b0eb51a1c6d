"""
One upload in the staging folder of a disk store (registry/blobs/disk.py says what lies there).

Parts may come in any order, at the same time and more than once. Once the file is sealed no late
request may change it, since its digest is about to be taken: so each write holds a shared lock on
the file and makes sure that it is still open, and sealing holds the lock alone.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO

from registry.blobs.files import FILE_MODE, disk_errors, make_folder, sync_folder
from registry.blobs.protocol import CHUNK, BlobMissing, Layout, Part, PartsMissing


def begin(folder: Path, *, size: int, part_size: int) -> None:
    """Lay out the upload. Nothing may rely on it before this returns."""
    if (folder / "sealed").exists():
        return
    make_folder(folder / "parts")
    for name, length, text in (("plan", 0, f"{size} {part_size}"), ("data", size, "")):
        file = os.open(folder / name, _FLAGS | os.O_CREAT, FILE_MODE)
        try:
            os.ftruncate(file, length)
            os.pwrite(file, text.encode(), 0)
            os.fsync(file)
        finally:
            os.close(file)
    sync_folder(folder)


def parts(folder: Path) -> tuple[Part, ...]:
    """:raises BlobMissing: if there is no such upload"""
    with _upload_errors(folder):
        size, part_size = _plan(folder)
        if (folder / "sealed").exists():
            return Layout(size, part_size).parts
        return _recorded(folder)


def seal(folder: Path, *, size: int) -> None:
    """:raises PartsMissing: if parts are missing; which ones, it says"""
    with _upload_errors(folder):
        if (folder / "sealed").exists():
            return
        layout = Layout(size, _plan(folder)[1])
        try:
            with open_data(folder) as data:
                data.seal(layout)
        except BlobMissing:
            if not (folder / "sealed").exists():  # Somebody else has sealed it in between.
                raise


@contextmanager
def open_data(folder: Path) -> Iterator[Data]:
    """:raises BlobMissing: if there is no such upload, or it is closed"""
    with _upload_errors(folder):
        file = os.open(folder / "data", _FLAGS)
    try:
        yield Data(folder, file)
    finally:
        os.close(file)


class Data:
    """The file of an upload that is still open."""

    def __init__(self, folder: Path, file: int) -> None:
        self._folder = folder
        self._file = file

    def write_part(self, part: Part, stream: BinaryIO, *, offset: int) -> None:
        """
        Write the part, and only then say that it is there.

        :raises PartsMissing: if the stream ends before the part does
        """
        if offset < 0 or offset + part.size > os.fstat(self._file).st_size:
            raise ValueError(f"Part {part.number} does not lie inside the upload.")
        with self._locked(fcntl.LOCK_SH):
            for old in (self._folder / "parts").glob(f"{part.number}-*"):
                old.unlink(missing_ok=True)
        position, end = offset, offset + part.size
        while position < end:
            # Whoever is slow here holds no lock, and their errors are not the disk's.
            chunk = stream.read(min(CHUNK, end - position))
            if not chunk:
                raise PartsMissing((part.number,))
            with self._locked(fcntl.LOCK_SH):
                _write(self._file, chunk, position)
            position += len(chunk)
        with self._locked(fcntl.LOCK_SH):
            os.fdatasync(self._file)
            (self._folder / "parts" / f"{part.number}-{part.size}").touch(FILE_MODE)

    def seal(self, layout: Layout) -> None:
        """:raises PartsMissing: if parts are missing"""
        with self._locked(fcntl.LOCK_EX):
            if missing := layout.missing(_recorded(self._folder)):
                raise PartsMissing(missing)
            os.fsync(self._file)
            (self._folder / "data").rename(self._folder / "sealed")
            sync_folder(self._folder)

    @contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        with _upload_errors(self._folder):
            fcntl.flock(self._file, how)
            try:
                if not os.path.samestat(os.fstat(self._file), (self._folder / "data").stat()):
                    raise FileNotFoundError(self._folder)
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)


def _plan(folder: Path) -> tuple[int, int]:
    size, part_size = (folder / "plan").read_text("ascii").split()
    return int(size), int(part_size)


def _recorded(folder: Path) -> tuple[Part, ...]:
    names = [record.name.partition("-") for record in (folder / "parts").iterdir()]
    return tuple(sorted(Part(int(number), int(size)) for number, _, size in names))


def _write(file: int, chunk: bytes, position: int) -> None:
    rest = memoryview(chunk)
    while rest:
        written = os.pwrite(file, rest, position)
        rest, position = rest[written:], position + written


def _upload_errors(folder: Path) -> AbstractContextManager[None]:
    return disk_errors(f"There is no open upload {folder.name}.")


_FLAGS = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW
