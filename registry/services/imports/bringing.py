"""
A file of a source, brought near: to where it can be read twice.

What lies on this machine is read where it lies. What comes from another goes to the scratch folder
first, and goes on from where it broke off, in this attempt or a later one on the same machine.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from registry.errors import SourceDown, SourceRefused, Unavailable
from registry.imports.offers import OfferedFile
from registry.imports.sources.source import Source
from registry.models import Import
from registry.services.imports.planning import Holding

CHUNK = 1 << 16  # what is lost at most when it breaks off
LEFT_FREE = 1 << 30  # bytes of the disk


@contextmanager
def near(file: OfferedFile, source: Source, place: Path, *, holding: Holding) -> Iterator[BinaryIO]:
    """
    Open a file, brought to `place` first where it is far.

    :raises SourceRefused: if it may not be had, or is larger than this hub takes
    :raises SourceDown: if it broke off; what has come stays for the next attempt
    """
    if source.is_near:
        with source.open(file.place) as stream:
            yield stream
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        _bring(file, source, place, holding)
        with place.open("rb") as stream:
            yield stream
    except (SourceDown, Unavailable):
        raise
    except BaseException:
        place.unlink(missing_ok=True)
        raise
    place.unlink(missing_ok=True)


def folder_of(row: Import) -> Path:
    """Return where this machine keeps what comes of an import, until it is all here."""
    return Path(settings.SCRATCH) / "imports" / str(row.pk)


def forget(row: Import) -> None:
    """Drop what is left of an import on this machine, and of others that nobody went on with."""
    shutil.rmtree(folder_of(row), ignore_errors=True)
    before = time.time() - settings.UPLOAD_EXPIRY.total_seconds()
    for other in folder_of(row).parent.glob("*"):
        if other.stat().st_mtime < before:
            shutil.rmtree(other, ignore_errors=True)


def _bring(file: OfferedFile, source: Source, place: Path, holding: Holding) -> None:
    _require_room(file.size, place.parent)
    # Where nobody says how long it is, nobody can tell whether what is here is all of it.
    here = place.stat().st_size if file.size and place.is_file() else 0
    if here and here >= file.size:
        return
    with source.open(file.place, at=here) as stream, place.open("ab" if here else "wb") as out:
        while chunk := stream.read(CHUNK):
            here += len(chunk)
            if here > settings.MAX_UPLOAD:
                raise SourceRefused(
                    f"{file.name} has more than the {settings.MAX_UPLOAD:,} bytes that this hub "
                    "takes of one file."
                )
            out.write(chunk)
            holding.check()


def _require_room(size: int, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if size + LEFT_FREE > free:
        raise Unavailable(
            f"The scratch folder has {free / 10**9:.1f} GB free: that is too little for a file of "
            f"{size / 10**9:.1f} GB."
        )
