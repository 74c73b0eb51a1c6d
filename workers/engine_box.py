"""
The box an engine child lives in, as far as its parent can build it: environment, command, folder.

Nothing of the worker's own environment is passed on but a short list that programs need to run, so
no password, token or address of a service can be read in the child. Where bubblewrap is installed
and works, the child sees every file read-only but its scratch folder and has no network; elsewhere
the child takes the network away from itself (workers/engine/limits.py).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES")
ALWAYS = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "TRANSFORMERS_VERBOSITY": "error",
    "PYTHONUNBUFFERED": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    # Two torch processes that spin while they wait make each other ten times slower.
    "OMP_WAIT_POLICY": "PASSIVE",
}
NETNS = Path("/proc/self/ns/net")


def default_threads() -> int:
    """Half of the processors: the other half serves pages and reads uploads."""
    return max(1, (os.cpu_count() or 1) // 2)


def environment(scratch: Path, *, threads: int | None, memory: int | None) -> dict[str, str]:
    """Return the whole environment of a child that may write in `scratch` alone."""
    passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    count = str(threads or default_threads())
    return (
        passed_on
        | ALWAYS
        | {
            "HOME": str(scratch),
            "TMPDIR": str(scratch),
            "HF_HOME": str(scratch / "hf"),
            "PYTHONPATH": str(ROOT),
            "OMP_NUM_THREADS": count,
            "MKL_NUM_THREADS": count,
            "ENGINE_PARENT_NETNS": network_namespace(),
        }
        | ({"ENGINE_MEMORY": str(memory)} if memory else {})
    )


def command(
    device: str, scratch: Path, *, compiled: bool = False, bubblewrap: bool | None = None
) -> list[str]:
    """Return what to run: the engine, in a bubblewrap box where one can be had."""
    engine = [sys.executable, "-m", "workers.engine", "--device", device]
    engine += ["--compiled"] if compiled else []
    if bubblewrap is False or not (program := working_bubblewrap()):
        return engine
    return [*_box(program, scratch), *engine]


def network_namespace() -> str:
    """Return the name of the network this process is in, "" where the system does not say."""
    try:
        return str(NETNS.readlink())
    except OSError:
        return ""


@cache
def working_bubblewrap() -> str | None:
    """Return the path of a bubblewrap that this system lets us use, asked once a process."""
    program = shutil.which("bwrap")
    if program is None:
        return None
    try:
        tried = subprocess.run(  # noqa: S603
            [*_box(program, Path("/tmp")), sys.executable, "-c", ""],  # noqa: S108
            capture_output=True,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return program if tried.returncode == 0 else None


def _box(program: str, scratch: Path) -> list[str]:
    views: Mapping[str, list[str]] = {
        "files": ["--ro-bind", "/", "/", "--dev-bind", "/dev", "/dev", "--proc", "/proc"],
        "scratch": ["--bind", str(scratch), str(scratch), "--chdir", str(scratch)],
        "apart": ["--unshare-net", "--unshare-ipc", "--unshare-pid", "--die-with-parent"],
    }
    return [program, *(word for words in views.values() for word in words), "--"]
