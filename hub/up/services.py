"""
The hub's own processes: the web server, the workers, and the clock. A table of what to run.

All of them are the same programs, with the same variables, that another deployment would start by
hand or in containers; see docs/configuration.md.
"""

from __future__ import annotations

import http.client
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hub import env
from hub.up.children import Child, Program

ROOT = Path(__file__).resolve().parents[2]
_PYTHON = (sys.executable, "-W", "ignore::DeprecationWarning")
_NVIDIA = Path("/proc/driver/nvidia/gpus")


@dataclass(frozen=True, slots=True)
class Service:
    """A program that runs as long as the hub does."""

    title: str
    program: Program
    ready: Callable[[Child], bool]
    within: float  # seconds it may take to get ready
    stop_within: float
    before: Callable[[], None] | None = None  # what must be done before each start


def prepare(environment: Mapping[str, str]) -> Program:
    """Return what brings the database and the static files up to this version of the code."""
    return Program("prepare", [*_PYTHON, "-m", "hub.up.prepare"], environment, folder=ROOT)


def found_first(environment: Mapping[str, str]) -> Program:
    return Program(
        "account", [*_PYTHON, ROOT / "manage.py", "found_first"], environment, folder=ROOT
    )


def load_demo(environment: Mapping[str, str]) -> Program:
    return Program("demo", [*_PYTHON, ROOT / "manage.py", "load_demo"], environment, folder=ROOT)


def web(environment: Mapping[str, str], *, host: str, port: int) -> Service:
    scratch = _scratch(environment, "web")
    program = Program(
        name="web",
        command=[*_PYTHON, "-m", "gunicorn", "-c", "python:hub.up.gunicorn", "hub.wsgi"],
        environment={**environment, **scratch.environment, "HOST": host, "PORT": str(port)},
        folder=ROOT,
    )
    asked = "127.0.0.1" if host in {"0.0.0.0", ""} else host  # noqa: S104
    return Service(
        "web server", program, lambda _: _serves(asked, port), 60, 2.5, before=scratch.empty
    )


def workers(environment: Mapping[str, str]) -> tuple[Service, ...]:
    return (
        _worker(
            "intake",
            modules="workers.intake,workers.housekeeping,workers.importing",
            # A file that brings down its reader brings down one process of the pool.
            pool=("--pool", "prefork", "--concurrency", env.text("INTAKE_WORKERS", "2")),
            environment=environment,
        ),
        _worker(
            "gpu",
            modules="workers.gpu",
            # A thread for each device; each has an engine, which is a process of its own.
            pool=("--pool", "threads", "--concurrency", str(_devices())),
            environment={**environment, **_calm_threads()},
        ),
    )


def beat(environment: Mapping[str, str]) -> Service:
    command = [
        *(*_PYTHON, "-m", "celery", "-A", "hub", "beat", "--loglevel", "INFO", "--pidfile="),
        # The default scheduler keeps its times in a pickle. Ours are intervals: nothing to keep.
        *("--scheduler", "celery.beat:Scheduler"),
    ]
    program = Program("beat", command, environment, folder=ROOT)
    return Service("clock", program, _says("beat: Starting"), 60, stop_within=4)


def _worker(
    name: str, *, modules: str, pool: tuple[str, ...], environment: Mapping[str, str]
) -> Service:
    command = [
        *(*_PYTHON, "-m", "celery", "-A", "hub", "worker", "--loglevel", "INFO"),
        *("-I", modules, "-Q", name, "-n", f"{name}@%h", *pool),
        *("--without-gossip", "--without-mingle"),
    ]
    scratch = _scratch(environment, name)
    program = Program(name, command, {**environment, **scratch.environment}, folder=ROOT)
    return Service(f"{name} worker", program, _says(" ready."), 90, 4, before=scratch.empty)


@dataclass(frozen=True, slots=True)
class _Scratch:
    """
    A process's own folder for temporary files, empty whenever it starts.

    What a killed process left is gone with the next start; and an upload of many gigabytes is not
    put into the memory that holds /tmp on some machines.
    """

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        return {"TMPDIR": str(self.folder)}

    def empty(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _scratch(environment: Mapping[str, str], name: str) -> _Scratch:
    return _Scratch(Path(environment["DATA"]) / "tmp" / name)


def _devices() -> int:
    """Return how many devices the gpu worker will find."""
    named = env.words("DEVICES")
    return len(named) or (len(list(_NVIDIA.iterdir())) if _NVIDIA.is_dir() else 0) or 1


def _calm_threads() -> dict[str, str]:
    """Keep torch's threads from spinning while they wait: the cores have other work to do."""
    wanted = {"OMP_WAIT_POLICY": "PASSIVE", "OMP_NUM_THREADS": str(os.cpu_count() or 1)}
    return {name: value for name, value in wanted.items() if name not in os.environ}


def _serves(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/health/ready", headers={"Host": "localhost"})
        return connection.getresponse().status < 500
    connection.close()
    return False


def _says(words: str) -> Callable[[Child], bool]:
    """Return a check that the child has written `words` to its log since it was started."""

    return lambda child: words in child.said()
