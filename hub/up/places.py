"""
Where things may lie that another user must reach, and sockets whose paths must be short.

When root starts the hub, PostgreSQL runs as `nobody` and must be able to walk to its files. It
cannot where the checkout is under /root: then its files go elsewhere, and the data folder keeps a
note of where. We never widen the permissions of a folder that is not ours.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from hub.up.children import Owner
from hub.up.errors import CannotStart

_LONGEST_SOCKET = 107  # bytes, of sun_path in a Linux socket address
_SYSTEM_PLACE = Path("/var/lib/loradex")


def reachable(path: Path, owner: Owner | None) -> bool:
    """Return whether `owner` can walk to `path` and, where it is a program, run it."""
    if owner is None:
        return os.access(path, os.X_OK)
    return (
        subprocess.run(
            ["/usr/bin/test", "-x", path],
            user=owner.uid,
            group=owner.gid,
            extra_groups=[],
            cwd="/",
            check=False,
        ).returncode
        == 0
    )


def home(data: Path, name: str, *, owner: Owner | None) -> Path:
    """
    Return the folder called `name` that `owner` can reach: in `data` if at all possible.

    :raises CannotStart: if no place will do
    """
    note = data / f"{name}.at"
    if note.exists():
        return _noted(note)
    for place in _places(data):
        folder = place / name
        try:
            _make_place(place)
            private_folder(folder, owner=owner)
        except OSError:
            continue
        if reachable(folder, owner):
            if place != data:
                note.write_text(f"{folder}\n", encoding="utf-8")
            return folder
        _give_up(folder)
    raise CannotStart(
        f"PostgreSQL, which does not run as root, can reach no folder of ours, not even {folder}: "
        "choose another with DATA=…, or start the hub as an ordinary user."
    )


def private_folder(folder: Path, *, owner: Owner | None) -> None:
    """
    Make a folder that `owner` alone can enter.

    :raises CannotStart: if somebody else has it already
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    wanted = owner.uid if owner else os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {wanted, os.geteuid()}:
        raise CannotStart(f"{folder} belongs to somebody else: remove it.")
    if owner:
        os.chown(folder, owner.uid, owner.gid)
    folder.chmod(0o700)


def socket_folder(folder: Path, *, longest_name: str, owner: Owner | None) -> Path:
    """Return a private folder for a socket: `folder` itself, or a short one where that is long."""
    if len(os.fsencode(folder / longest_name)) > _LONGEST_SOCKET:
        folder = Path(tempfile.gettempdir()) / f"loradex-{os.geteuid()}-{_mark(folder)}"
    private_folder(folder, owner=owner)
    return folder


def reachable_copy(binaries: Path, *, into: Path, label: str, owner: Owner | None) -> Path:
    """
    Return `binaries`, or where `owner` cannot run those, a copy in `into` called by `label`.

    :raises CannotStart: if a copy would not run either
    """
    if reachable(binaries / "postgres", owner):
        return binaries
    package = binaries.parents[1]
    libraries = package.with_name(f"{package.name}.libs")  # found by its place beside the package
    if not libraries.exists():
        raise CannotStart(f"{binaries} cannot be run by the user `nobody`, as PostgreSQL must.")
    copy = into / f"postgresql-{label}"
    if not copy.exists():
        half = copy.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(package, half / package.name, symlinks=True, ignore=_not_needed)
        shutil.copytree(libraries, half / libraries.name, symlinks=True)
        _open_to_all(half)
        half.rename(copy)
    return copy / package.name / binaries.relative_to(package)


def _noted(note: Path) -> Path:
    folder = Path(note.read_text(encoding="utf-8").strip())
    if not folder.is_dir():
        raise CannotStart(
            f"The database is gone from {folder}, where {note} says it is: "
            f"bring it back, or remove {note.parent} to begin anew."
        )
    return folder


def _open_to_all(tree: Path) -> None:
    """Let everyone read what we can read, and run what we can run."""
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (mode & 0o500) >> 3 | (mode & 0o500) >> 6)


def _give_up(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError as error:
        raise CannotStart(
            f"{folder} holds a database, but the user `nobody`, as whom PostgreSQL runs, cannot "
            "reach it any more: let others enter the folders above it (chmod o+x)."
        ) from error


def _places(data: Path) -> Iterator[Path]:
    yield data
    # A new name each time: where the data folder was removed, what it left elsewhere is not ours.
    name = secrets.token_hex(6)
    yield _SYSTEM_PLACE / name
    yield Path(tempfile.gettempdir()) / f"loradex-data-{name}"


def _make_place(place: Path) -> None:
    place.mkdir(parents=True, exist_ok=True)
    for ours in (place, place.parent):
        if ours in {place, _SYSTEM_PLACE}:
            ours.chmod(0o711)  # whatever the umask says


def _not_needed(_folder: str, names: list[str]) -> set[str]:
    return {"include", "doc", "man"} & set(names)


def _mark(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
