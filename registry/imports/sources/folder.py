"""
A folder on the server, as a person's WebUI or ComfyUI has it: weights, and sidecars beside them.

The operator says which folders may be read. Nothing is followed out of them: each folder on the way
to a file is opened by itself, and a link, wherever it points, is no file.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from registry.errors import SourceRefused
from registry.formats.quoting import shown
from registry.imports.offers import Offer, OfferedFile
from registry.imports.sources import arranging
from registry.imports.sources.arranging import Folder, Looking

MOST_FILES = 50_000
MAX_DEPTH = 8
_NO_FOLLOWING = os.O_NOFOLLOW | os.O_CLOEXEC


def allowed(text: str, roots: Sequence[Path]) -> FolderSource:
    """
    Return the folder that `text` names, if it is one that may be imported from.

    :raises SourceRefused: if it is not, or there is none
    """
    path = Path(os.path.normpath(text))
    for root in roots:
        inside = path.relative_to(root) if path.is_relative_to(root) else None
        if inside is not None:
            return FolderSource(root, PurePosixPath(inside))
    may = ", ".join(map(str, roots)) or "none"
    raise SourceRefused(
        f"{shown(text)} is in no folder that this hub may import from ({may}): its operator names "
        "such folders in IMPORT_FOLDERS."
    )


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A folder `inside` one that the operator allows."""

    root: Path
    inside: PurePosixPath
    is_near: bool = True
    cursor: str = ""

    @property
    def name(self) -> str:
        return (self.root / self.inside).name or "/"

    def offers(self) -> Iterator[Offer]:
        yield from arranging.offers(self._folders(), Looking(self.start, self.name))

    def again(self, key: str) -> Offer | None:
        try:
            self.start(key, 1)
        except SourceRefused:
            return None
        return Offer(key, (OfferedFile(PurePosixPath(key).name, key),))

    def start(self, place: str, count: int) -> bytes:
        with self.open(place) as file:
            return file.read(count)

    @contextmanager
    def open(self, place: str, *, at: int = 0) -> Iterator[BinaryIO]:
        with os.fdopen(self._opened(PurePosixPath(place)), "rb") as file:
            file.seek(at)
            yield file

    def _opened(self, place: PurePosixPath) -> int:
        """Return a descriptor of a plain file, having followed no link on the way to it."""
        *folders, last = (self.inside / place).parts
        if ".." in folders or last == "..":
            raise SourceRefused(f"{shown(str(place))} leads out of the folder.")
        at = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for name in folders:
                below = os.open(name, os.O_RDONLY | os.O_DIRECTORY | _NO_FOLLOWING, dir_fd=at)
                os.close(at)
                at = below
            # A pipe would keep its reader waiting, so nothing here waits.
            found = os.open(last, os.O_RDONLY | os.O_NONBLOCK | _NO_FOLLOWING, dir_fd=at)
        except OSError as error:
            raise SourceRefused(
                f"{shown(str(place))} cannot be read: {error.strerror}. Links are not followed."
            ) from error
        finally:
            os.close(at)
        if not stat.S_ISREG(os.fstat(found).st_mode):
            os.close(found)
            raise SourceRefused(f"{shown(str(place))} is no plain file.")
        return found

    def _folders(self) -> Iterator[Folder]:
        """Yield every folder with what is in it, the nearest first; links and hidden ones not."""
        top = self.root / self.inside
        if top.is_symlink() or not top.is_dir():
            raise SourceRefused(f"{shown(str(top))} is no folder on this server.")
        seen = 0
        for at, folders, names in os.walk(top):
            below = PurePosixPath(Path(at).relative_to(top))
            deep = len(below.parts) >= MAX_DEPTH
            folders[:] = [] if deep else sorted(one for one in folders if not one.startswith("."))
            sizes = _sizes(Path(at), names)
            seen += len(sizes)
            if seen > MOST_FILES:
                raise SourceRefused(
                    f"{shown(str(top))} holds more than {MOST_FILES:,} files: import its folders "
                    "one by one."
                )
            yield Folder(below, sizes)


def _sizes(folder: Path, names: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in sorted(names):
        try:
            known = (folder / name).lstat()
        except OSError:
            continue  # it has gone since
        # A name that is no text could not be shown, nor kept.
        if stat.S_ISREG(known.st_mode) and not name.startswith(".") and name.isprintable():
            found[name] = known.st_size
    return found
