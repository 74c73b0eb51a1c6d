"""The data folder: one supervisor at a time, its secrets and its logs."""

from __future__ import annotations

import fcntl
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from hub.up.errors import CannotStart


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Everything that outlives a run of the hub lies in here."""

    path: Path
    lock: TextIO  # held as long as it is open; the kernel lets go of it when we die

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def secret_key(self) -> Path:
        return self.path / "secret_key"

    def log_of(self, name: str) -> Path:
        return self.logs / f"{name}.log"


def open_folder(path: Path) -> DataFolder:
    """
    Return the data folder, made where it is missing, and ours alone until we end.

    :raises CannotStart: if it cannot be written to, or another supervisor has it
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        # Others may walk through it (PostgreSQL runs as another user) but not look around.
        path.chmod(0o711)
        with tempfile.TemporaryFile(dir=path):
            pass
        folder = DataFolder(path, _lock(path / "lock"))
        folder.logs.mkdir(mode=0o700, exist_ok=True)
        _make_secret_key(folder.secret_key)
    except OSError as error:
        raise CannotStart(
            f"The data folder {path} cannot be written to ({error.strerror}): "
            "choose another with DATA=…"
        ) from error
    return folder


def _lock(path: Path) -> TextIO:
    file = path.open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        other = file.read().strip() or "unknown"
        file.close()
        raise CannotStart(
            f"The hub is already running on {path.parent} (process {other}): stop that one, "
            "or choose another folder with DATA=…"
        ) from None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


def _make_secret_key(path: Path) -> None:
    """Make the key that sessions are signed with, once, readable to us alone."""
    if path.exists() and path.stat().st_size:
        return
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    half.rename(path)
