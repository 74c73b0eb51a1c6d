"""
A store in a folder of this machine, or of a file system that all machines share.

    <root>/ab/<sha256>                  a blob
    <root>/staging/<upload>/plan        how long the file is, and its parts
    <root>/staging/<upload>/data        the file while parts come in, at its full length at once
    <root>/staging/<upload>/parts/3-100 says that part 3 is there, with its 100 bytes
    <root>/staging/<upload>/sealed      the same file, once it is closed

What is at a name is always whole and safely on the disk: bytes are written and synced before the
link that makes them visible. Staging is in the same file system as the blobs, so that promoting a
file of any size is one link. Files are for the hub's own user alone.
"""
# ruff: noqa: ARG002 - the protocol tells a store more than one on a disk needs to know

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from registry.blobs import staging
from registry.blobs.files import disk_errors, make_folder, new_file, sync_folder
from registry.blobs.protocol import (
    LINK_SECONDS,
    BlobMissing,
    Part,
    StoreDown,
    require_digest,
    require_upload,
)
from registry.blobs.streams import pass_on, save


class DiskStore:
    """See BlobStore, which says what each method does."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def prepare(self, *, origins: Sequence[str], stale_days: int) -> tuple[str, ...]:
        with disk_errors("The folder of the store cannot be made."):
            make_folder(self.root)
            make_folder(self.root / "staging")
        return ()

    # --- blobs ---

    def put(self, file: BinaryIO) -> tuple[str, int]:
        upload = f"put-{uuid4()}"
        folder = self._staged(upload)
        try:
            with disk_errors("The store has lost its folder."):
                self._make_staging(folder)
                kept = new_file(folder / "sealed")
            with kept:
                sha256, size = pass_on(file, _Writer(kept).write)
                with disk_errors("The store has lost its folder."):
                    kept.flush()
                    os.fsync(kept.fileno())
            self.promote(upload, sha256)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return sha256, size

    def open(self, sha256: str) -> BinaryIO:
        with disk_errors(_no_blob(sha256)):
            return self._place(sha256).open("rb")

    def size(self, sha256: str) -> int:
        with disk_errors(_no_blob(sha256)):
            return self._place(sha256).stat().st_size

    def exists(self, sha256: str) -> bool:
        try:
            self.size(sha256)
        except BlobMissing:
            return False
        return True

    def delete(self, sha256: str) -> None:
        with suppress(BlobMissing), disk_errors(_no_blob(sha256)):
            self._place(sha256).unlink()

    def digests(self) -> Iterator[tuple[str, datetime]]:
        with disk_errors("The store has no folder yet."):
            folders = sorted(self.root.glob("[0-9a-f][0-9a-f]"))
        for folder in folders:
            with disk_errors("The store has lost a folder."):
                places = sorted(
                    folder.glob("?" * 64)
                )  # Network file systems add names of their own.
            for place in places:
                with suppress(FileNotFoundError):  # Deleted while we looked.
                    yield place.name, _changed_at(place)

    def free(self) -> int | None:
        with disk_errors("The store has no folder yet."):
            return _free(self.root)

    def path(self, sha256: str) -> Path | None:
        self.size(sha256)
        return self._place(sha256)

    def fetch(self, sha256: str, to: Path) -> None:
        with self.open(sha256) as file:
            save(file, sha256, to=to)

    def url(
        self,
        sha256: str,
        *,
        file_name: str,
        content_type: str = "application/octet-stream",
        seconds: int = LINK_SECONDS,
    ) -> str | None:
        return None

    def lay_out(self, folder: str, files: Mapping[str, str]) -> str | None:
        return None

    # --- staging ---

    def begin(self, upload: str, *, size: int, part_size: int) -> str:
        folder = self._staged(upload)
        with disk_errors("The store has lost its folder."):
            self._make_staging(folder)
            if _free(folder) < size:
                raise StoreDown(f"The disk has no room for another {size:,} bytes.")
            staging.begin(folder, size=size, part_size=part_size)
            sync_folder(folder.parent)
        return ""

    def part_url(
        self, upload: str, multipart_id: str, number: int, *, seconds: int = LINK_SECONDS
    ) -> str | None:
        return None

    def put_part(
        self,
        upload: str,
        multipart_id: str,
        number: int,
        stream: BinaryIO,
        *,
        offset: int,
        length: int,
    ) -> None:
        with staging.open_data(self._staged(upload)) as data:
            data.write_part(Part(number, length), stream, offset=offset)

    def parts(self, upload: str, multipart_id: str) -> tuple[Part, ...]:
        return staging.parts(self._staged(upload))

    def seal(self, upload: str, multipart_id: str, *, size: int) -> None:
        staging.seal(self._staged(upload), size=size)

    def open_staged(self, upload: str) -> BinaryIO:
        with disk_errors(f"There is no sealed upload {upload}."):
            return (self._staged(upload) / "sealed").open("rb")

    def promote(self, upload: str, sha256: str) -> None:
        place = self._place(sha256)
        folder = self._staged(upload)
        with disk_errors(f"There is no sealed upload {upload}."):
            if (folder / "sealed").exists() or not place.exists():
                self._link(folder / "sealed", place)
        shutil.rmtree(folder, ignore_errors=True)  # Left behind, it would be dropped in time.

    def drop(self, upload: str, multipart_id: str) -> None:
        with suppress(BlobMissing), disk_errors(f"There is no upload {upload}."):
            shutil.rmtree(self._staged(upload))

    def staged(self) -> Iterator[tuple[str, datetime]]:
        with disk_errors("The store has no folder yet."):
            folders = sorted((self.root / "staging").glob("*"))
        for folder in folders:
            with suppress(FileNotFoundError):
                yield folder.name, _changed_at(folder)

    # --- inside ---

    def _place(self, sha256: str) -> Path:
        return self.root / require_digest(sha256)[:2] / sha256

    def _staged(self, upload: str) -> Path:
        return self.root / "staging" / require_upload(upload)

    def _make_staging(self, folder: Path) -> None:
        make_folder(self.root)
        make_folder(folder.parent)
        make_folder(folder)

    def _link(self, sealed: Path, place: Path) -> None:
        size = sealed.stat().st_size
        make_folder(place.parent)
        os.utime(sealed)  # When it was kept; an orphan's age counts from here.
        try:
            place.hardlink_to(sealed)
        except FileExistsError:
            if place.stat().st_size == size:
                os.utime(place)
            else:  # Cut short by a broken disk or a bad restore; these bytes are the right ones.
                sealed.replace(place)
        sync_folder(place.parent)
        sync_folder(self.root)


class _Writer:
    """Writes to a file of the store; what goes wrong there is no fault of whoever is read from."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, chunk: bytes) -> None:
        with disk_errors("The store has lost its folder."):
            self._file.write(chunk)


def _changed_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _no_blob(sha256: str) -> str:
    return f"Nothing is stored as {sha256[:80]}."


def _free(folder: Path) -> int:
    told = os.statvfs(folder)
    return told.f_bavail * told.f_frsize
