"""Files that a program is about to commit: which are wanted, and which are here already."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings

from registry.errors import UploadRefused, UploadTooLarge
from registry.formats.errors import FormatError
from registry.formats.members import Kind, kind_of
from registry.formats.quoting import shown
from registry.formats.readmes import read_readme
from registry.formats.sniff import SAY_SAFETENSORS
from registry.models import Adapter, User, VersionFile
from registry.queries import drafts
from registry.services import commits, downloads
from registry.services.maturing import README

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Announced:
    """A file that is to be sent: its path, its size and its first bytes."""

    path: str
    size: int
    sample: bytes = b""


@dataclass(frozen=True, slots=True)
class Same:
    """What a file that is here goes by."""

    sha256: str
    git_id: str


def is_wanted(path: str) -> bool:
    """Say whether a file of that path has a part in an adapter; what has none is not kept."""
    return path == README or kind_of(path) in {Kind.WEIGHTS, Kind.CONFIG}


def refuse(announced: Sequence[Announced]) -> None:
    """
    :raises Invalid: if a path is none
    :raises UploadRefused: if a file is a pickle by its name, or empty
    :raises UploadTooLarge: if one is larger than this hub takes
    """
    for one in announced:
        commits.refuse_path(one.path)
        if kind_of(one.path) is Kind.PICKLE:
            raise UploadRefused(
                f"Files called as {shown(one.path)} is hold pickled weights, which can run code "
                f"when they are opened. {SAY_SAFETENSORS}",
                code="file.pickle",
            )
        if one.size > settings.MAX_UPLOAD:
            raise UploadTooLarge(
                f"{shown(one.path)} has {one.size:,} bytes and this hub takes "
                f"{settings.MAX_UPLOAD:,} at most."
            )


def problem_of_readme(text: str) -> str:
    """Return what is wrong with a README.md, in a sentence; "" if nothing is."""
    try:
        read_readme(text)
    except FormatError as error:
        return str(error)
    return ""


def same_in_head(one: Announced, adapter: Adapter, *, by: User) -> Same | None:
    """
    Return what a file of the newest version goes by that may be this one: it begins alike, is as
    long and is kept. Whoever announces it compares the rest.

    It reads the whole file where the beginning is the same.
    """
    head = drafts.head(adapter, by=by)
    for file in head.files.all() if head else ():
        if file.blob_id and file.size == one.size and _is_like(file, one.path):
            return _same(file, one.sample)
    return None


def _is_like(file: VersionFile, path: str) -> bool:
    wanted = Kind.CONFIG if file.role == VersionFile.Role.CONFIG else Kind.WEIGHTS
    return kind_of(path) is wanted


def _same(file: VersionFile, sample: bytes) -> Same | None:
    with downloads.open_bytes(file.sha256) as stream:
        if stream.read(len(sample)) != sample:
            return None
        stream.seek(0)
        return Same(file.sha256, _git_id(stream, size=file.size))


def _git_id(stream: BinaryIO, *, size: int) -> str:
    """Return the id that git has for a file."""
    digest = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
