"""
A pytest plugin: PostgreSQL and a broker for the whole test run.

Where DATABASE_URL or REDIS_URL are set, those are used. Otherwise ours are started in a folder of
their own before Django reads its settings, and stopped at the end; if pytest is killed, they die
with it. Nothing they hold is meant to last, so nothing waits for the disk.

Under pytest-xdist the workers inherit the broker. Each has a PostgreSQL of its own: a transaction
that a test holds open holds back the feed of changes in every database of its server.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from hub.up import broker, postgres
from hub.up.children import Child, stop_together
from hub.up.readiness import wait_for

pytest_plugins = ["tests.s3_server"]

_PREFIX = "loradex-tests-"
_LONG_AGO = 3600  # seconds
_QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=64MB")
_OURS = "LORADEX_TESTS_START_POSTGRES"  # set for the workers, where the server is not given
_STARTED: list[Child] = []
_UNDO: list[Callable[[], object]] = []


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config):
    """Run before pytest-django, which reads the settings in this same hook."""
    if not early_config.known_args_namespace.help and not early_config.known_args_namespace.version:
        _start()
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure():
    stop_together(_STARTED[::-1], within=5)
    _STARTED.clear()
    while _UNDO:
        _UNDO.pop()()


def _start() -> None:
    needed = {"DATABASE_URL", "REDIS_URL"} - set(os.environ)
    if "PYTEST_XDIST_WORKER" in os.environ and _OURS in os.environ:
        needed.add("DATABASE_URL")
    if not needed:
        return
    folder = _new_folder()
    if "DATABASE_URL" in needed:
        os.environ |= {"DATABASE_URL": _start_postgres(folder), _OURS: "1"}
        _UNDO.extend([lambda: os.environ.pop("DATABASE_URL"), lambda: os.environ.pop(_OURS)])
    if "REDIS_URL" in needed:
        os.environ["REDIS_URL"] = _start_broker(folder)
        _UNDO.append(lambda: os.environ.pop("REDIS_URL"))


def _start_postgres(folder: Path) -> str:
    cluster = postgres.find(folder)
    postgres.create(cluster, durable=False)
    child = Child(postgres.program(cluster, options=_QUICK), log=folder / "postgres.log")
    _STARTED.append(child)
    wait_for(child, lambda: postgres.answers(cluster.url("postgres")), within=30)
    return cluster.url()


def _start_broker(folder: Path) -> str:
    found = broker.find(folder)
    child = Child(broker.program(found, durable=False), log=folder / "broker.log")
    _STARTED.append(child)
    wait_for(child, lambda: broker.answers(found), within=30)
    return found.url


def _new_folder() -> Path:
    """Return a folder for this run, and remove those of runs that were killed long ago."""
    for old in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError), (old / "lock").open("r") as lock:
            if time.time() - old.stat().st_mtime > _LONG_AGO:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    folder.chmod(0o711)  # PostgreSQL may run as another user.
    lock = (folder / "lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    _UNDO.extend([lambda: shutil.rmtree(folder, ignore_errors=True), lock.close])
    return folder
