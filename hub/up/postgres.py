"""
A PostgreSQL of our own, for a machine that has none to offer.

It listens on a Unix socket in a folder that nobody else can enter, and on no port; hence it asks
for no password. It runs as ourselves, or as `nobody` when we are root.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from hub.up import binaries, places
from hub.up.children import Owner, Program, unprivileged_owner
from hub.up.errors import CannotStart

USER = "hub"
DATABASE = "loradex"
_SOCKET = ".s.PGSQL.5432"
_MAJOR_WITH_OWN_LOCALES = 17


@dataclass(frozen=True, slots=True)
class Cluster:
    """The files of one PostgreSQL, and what runs them."""

    binaries: Path
    folder: Path
    sockets: Path
    owner: Owner | None

    def url(self, database: str = DATABASE) -> str:
        return f"postgresql://{USER}@/{database}?host={quote(str(self.sockets), safe='')}"


def find(data: Path) -> Cluster:
    """
    Return the cluster that lies in the folder `data`, or would.

    :raises CannotStart: if there are no binaries for it, or no place
    """
    owner = unprivileged_owner()
    home = places.home(data, "postgres", owner=owner)
    folder = home / "cluster"
    found = binaries.postgres(major=_made_by(folder))
    return Cluster(
        binaries=places.reachable_copy(
            found, into=home.parent, label=binaries.postgres_version(found), owner=owner
        ),
        folder=folder,
        sockets=places.socket_folder(home / "socket", longest_name=_SOCKET, owner=owner),
        owner=owner,
    )


def create(cluster: Cluster, *, durable: bool = True) -> None:
    """
    Make the cluster's files, unless they are there.

    :raises CannotStart: if PostgreSQL will not make them
    """
    if (cluster.folder / "PG_VERSION").exists():
        return
    # Only a finished cluster gets its name, so that one cut short is made anew.
    half = cluster.folder.with_suffix(".half")
    shutil.rmtree(half, ignore_errors=True)
    places.private_folder(half, owner=cluster.owner)
    made = subprocess.run(
        [cluster.binaries / "initdb", "-D", half, *_initdb_options(cluster, durable=durable)],
        user=cluster.owner.uid if cluster.owner else None,
        group=cluster.owner.gid if cluster.owner else None,
        extra_groups=[] if cluster.owner else None,
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
    )
    if made.returncode:
        raise CannotStart(f"PostgreSQL could not make its files in {half}: {made.stderr.strip()}")
    half.rename(cluster.folder)


def program(cluster: Cluster, *, options: Sequence[str] = ()) -> Program:
    """Return how to run the cluster; `options` are settings as `name=value`."""
    settings = ("listen_addresses=", "unix_socket_permissions=0700", *options)
    return Program(
        name="postgres",
        command=[
            cluster.binaries / "postgres",
            *("-D", cluster.folder, "-k", cluster.sockets),
            *(part for setting in settings for part in ("-c", setting)),
        ],
        owner=cluster.owner,
        # "Fast": ends sessions and writes a checkpoint. SIGTERM would wait for every client.
        stop_signal=signal.SIGINT,
        orphan_signal=signal.SIGINT,
    )


def answers(url: str) -> bool:
    with suppress(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2).close()
        return True
    return False


def create_database(cluster: Cluster, name: str = DATABASE) -> None:
    """Make the database in a running cluster, unless it is there."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def check_url(url: str) -> None:
    """
    Make sure that the database somebody named can be worked with.

    :raises CannotStart: with what the database, or its absence, says
    """
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise CannotStart(f"DATABASE_URL: the database does not answer ({reason}).") from error


def take_over(cluster: Cluster, *, within: float = 10) -> None:
    """
    Clear away what an earlier run left: a server without a supervisor, or its pid file alone.

    Whoever calls this holds the lock of the data folder, so no other supervisor can want either.

    :raises CannotStart: if the old server will not go
    """
    note = cluster.folder / "postmaster.pid"
    try:
        pid = int(note.read_text(encoding="ascii").split("\n", 1)[0])
    except (OSError, ValueError):
        return
    until = time.monotonic() + within
    while _runs_in(pid, cluster.folder):
        if time.monotonic() > until:
            raise CannotStart(f"An old PostgreSQL (process {pid}) holds {cluster.folder}: end it.")
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        time.sleep(0.1)
    # The number may belong to another program by now, and PostgreSQL would not dare to start.
    note.unlink(missing_ok=True)


def _runs_in(pid: int, folder: Path) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cwd").readlink() == folder.resolve()
    return False


def _made_by(folder: Path) -> int | None:
    with suppress(OSError, ValueError):
        return int((folder / "PG_VERSION").read_text(encoding="ascii"))
    return None


def _initdb_options(cluster: Cluster, *, durable: bool) -> list[str]:
    options = ["-U", USER, "--auth=trust", "-E", "UTF8"]
    if binaries.postgres_major(cluster.binaries) >= _MAJOR_WITH_OWN_LOCALES:
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    else:
        options += ["--locale=C.UTF-8"]
    return options if durable else [*options, "--no-sync"]
