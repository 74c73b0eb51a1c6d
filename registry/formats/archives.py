"""
List what is in a ZIP file that we do not trust, and unpack single files of it behind limits.

A ZIP can name paths outside of where it is unpacked, hold a petabyte in forty kilobytes, say one
size and hold another, or be two archives to two readers. Nothing is unpacked here but what is asked
for, into a nameless file, and no further than the size that the table gives; its checksum must be
right. Whatever else is odd refuses the whole archive.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from registry.formats.errors import BadArchive, OtherContent, Pickle
from registry.formats.members import Member
from registry.formats.quoting import shown
from registry.formats.sniff import SAY_SAFETENSORS, clean_name

MAX_ENTRIES = 1_000
MAX_TABLE_BYTES = 1 << 20  # A thousand entries with the longest names need a quarter of it.
MAX_MEMBER_BYTES = 16 << 30
MAX_TOTAL_BYTES = 32 << 30
MAX_RATIO = 100  # Weights hardly shrink at all;
SMALL = 1 << 20  # … what is small may, such as a table of words.
MAX_DEPTH = 4
Opener = Callable[[], BinaryIO]  # opens the archive's bytes at their start, as often as asked
_CHUNK = 1 << 20
_LOCAL_HEADER = 30
_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst")
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, OSError,
           ValueError, UnicodeError)  # fmt: skip


def is_zip(name: str, first_bytes: bytes) -> bool:
    """Say whether a file is a ZIP file by its name and by its content."""
    return name.lower().endswith(".zip") and first_bytes.startswith(b"PK")


def list_zip(path: Path, *, name: str) -> tuple[Member, ...]:
    """
    Return the files in the ZIP file at `path`, as `list_opened` does.

    :raises FormatError: as `list_opened` does
    """
    return list_opened(partial(_open, path), size=path.stat().st_size, name=name)


def list_opened(opener: Opener, *, size: int, name: str) -> tuple[Member, ...]:
    """
    Return the files in a ZIP file of `size` bytes, wherever it lies; messages call it `name`.

    :raises BadArchive: if it is broken, or has a table that no honest archive has
    :raises Pickle: if it is a PyTorch file, which is a ZIP file too
    :raises OtherContent: if it is encrypted or holds archives itself
    """
    # `is_dir` of the library breaks on an entry without a name; this is what it asks.
    entries = [
        entry for entry in _entries(opener, size, name=name) if not entry.filename.endswith("/")
    ]
    for entry in entries:
        if PurePosixPath(entry.filename).name == "data.pkl":
            raise Pickle(f"{name} holds pickled weights. {SAY_SAFETENSORS}")
    for entry in entries:
        _refuse_entry(entry, name=name)
    _refuse_table(entries, name=name, size=size)
    return tuple(
        Member(
            entry.filename,
            entry.file_size,
            partial(_unpack, opener, entry, name=name),
            partial(_start, opener, entry, name=name),
        )
        for entry in entries
    )


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


class _Limited:
    """A file that refuses to be read by the gigabyte at once, as a false table would have it."""

    def __init__(self, file: BinaryIO, *, size: int) -> None:
        self._file, self._size = file, size

    def read(self, count: int = -1) -> bytes:
        count = self._size - self._file.tell() if count < 0 else count
        if count > MAX_TABLE_BYTES:
            raise zipfile.BadZipFile("its table is larger than any that is taken")
        return self._file.read(count)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True


def _entries(opener: Opener, size: int, *, name: str) -> list[zipfile.ZipInfo]:
    with opener() as file:
        limited = cast("BinaryIO", _Limited(file, size=size))
        try:
            with zipfile.ZipFile(limited) as archive:
                entries = archive.infolist()
        except _BROKEN as error:
            raise BadArchive(f"{name} is a broken ZIP file: its table cannot be read.") from error
    if len(entries) > MAX_ENTRIES:
        raise BadArchive(
            f"{name} holds {len(entries):,} files; {MAX_ENTRIES:,} are the most taken."
        )
    return entries


def _refuse_entry(entry: zipfile.ZipInfo, *, name: str) -> None:
    inside = shown(entry.filename)
    _refuse_path(entry, name=name)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in {0, stat.S_IFREG}:
        raise BadArchive(f"{name} holds {inside}, which is a link or a device and not a file.")
    if entry.flag_bits & _ENCRYPTED:
        raise OtherContent(f"{name} is encrypted. Upload it without a password.")
    if entry.compress_type not in _METHODS:
        raise BadArchive(f"{name} packs {inside} in a way that is not taken. Pack it as plain ZIP.")
    if entry.filename.lower().endswith(_ARCHIVES):
        raise OtherContent(f"{name} holds the archive {inside}. Upload the files that are in it.")
    if entry.file_size > MAX_MEMBER_BYTES:
        raise BadArchive(f"{name} holds {inside} of {entry.file_size:,} bytes, more than is taken.")
    if entry.file_size > SMALL and entry.file_size > MAX_RATIO * entry.compress_size:
        raise BadArchive(
            f"{name} packs {entry.file_size:,} bytes of {inside} into {entry.compress_size:,}, "
            "which weights cannot be."
        )


def _refuse_path(entry: zipfile.ZipInfo, *, name: str) -> None:
    words = entry.filename.split("/")
    # zipfile cuts a name at its first NUL; other readers may not.
    odd = "\0" in entry.orig_filename or "\\" in entry.orig_filename or ":" in words[0]
    if odd or not all(words) or {".", ".."} & set(words) or len(words) > MAX_DEPTH:
        raise BadArchive(
            f"{name} holds a file by the path {shown(entry.orig_filename)}, which leads elsewhere "
            "or too deep."
        )
    for word in words:
        clean_name(word)


def _refuse_table(entries: Sequence[zipfile.ZipInfo], *, name: str, size: int) -> None:
    """Refuse entries of one name, or that share their bytes, or are larger than all together."""
    seen: set[str] = set()
    for entry in entries:
        if entry.filename.casefold() in seen:
            raise BadArchive(f"{name} holds {shown(entry.filename)} twice.")
        seen.add(entry.filename.casefold())
    total = sum(entry.file_size for entry in entries)
    if total > MAX_TOTAL_BYTES:
        raise BadArchive(f"{name} unpacks to {total:,} bytes, more than is taken.")
    end = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < end:
            raise BadArchive(f"{name} gives the bytes of {shown(entry.filename)} to two files.")
        end = entry.header_offset + _LOCAL_HEADER + entry.compress_size
    if end > size:
        raise BadArchive(f"{name} is cut short: its table names bytes beyond its end.")


def _unpack(opener: Opener, entry: zipfile.ZipInfo, *, name: str) -> BinaryIO:
    """Return one file of the archive, unpacked, its checksum found right."""
    unpacked = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - whoever asked closes it
    try:
        with _packed(opener, entry, name=name) as packed:
            shutil.copyfileobj(packed, unpacked, _CHUNK)
        _refuse_size(entry, unpacked.tell(), name=name)
    except BaseException:
        unpacked.close()
        raise
    unpacked.seek(0)
    return unpacked


def _refuse_size(entry: zipfile.ZipInfo, size: int, *, name: str) -> None:
    if size != entry.file_size:
        raise BadArchive(
            f"{name} says that {shown(entry.filename)} has {entry.file_size:,} bytes; {size:,} are "
            "in it."
        )


def _start(opener: Opener, entry: zipfile.ZipInfo, count: int, *, name: str) -> bytes:
    with _packed(opener, entry, name=name) as packed:
        return packed.read(count)


@contextmanager
def _packed(opener: Opener, entry: zipfile.ZipInfo, *, name: str) -> Iterator[BinaryIO]:
    try:
        with (
            opener() as file,
            zipfile.ZipFile(file) as archive,
            archive.open(entry) as packed,
        ):
            yield cast("BinaryIO", packed)
    except _BROKEN as error:
        inside = shown(entry.filename)
        raise BadArchive(f"{name} is broken: {inside} cannot be unpacked.") from error
