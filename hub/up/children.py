"""
Child processes that never outlive us.

Each child leads a session of its own, so that Ctrl-C in the terminal reaches the supervisor alone
and the order of stopping stays ours. The kernel is asked to signal the child when its parent dies
(PR_SET_PDEATHSIG), so that even SIGKILL of the supervisor leaves nothing behind. The kernel means
the *thread* that started the child, hence: start children from the main thread only.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from hub.up.errors import CannotStart

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_LONGEST_LOG = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Owner:
    """The user that a child runs as."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, and as whom."""

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str] = field(default_factory=dict)  # on top of our own
    owner: Owner | None = None
    folder: Path = Path("/")
    stop_signal: signal.Signals = signal.SIGTERM
    # What a child is sent when the supervisor is gone and nobody can wait for it.
    orphan_signal: signal.Signals = signal.SIGKILL


def unprivileged_owner() -> Owner | None:
    """Return whom to run PostgreSQL as, which refuses root; None means: as ourselves."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Owner(nobody.pw_uid, nobody.pw_gid)


def die_with_parent(parent: int, sent: signal.Signals = signal.SIGKILL) -> None:
    """Ask the kernel to send this process a signal when the thread that started it is gone."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(sent), 0, 0, 0)
    if os.getppid() != parent:  # It went before we asked.
        os.kill(os.getpid(), signal.SIGKILL)


class Child:
    """A running program, its log, and its whole process group."""

    def __init__(self, program: Program, *, log: Path) -> None:
        """
        Start the program.

        :raises CannotStart: if it cannot be executed
        """
        self.program = program
        self.log = log
        self.began = time.monotonic()
        self.log_began = put_aside_if_long(log)  # where in the log its own lines begin
        self._process = _start(program, log)

    @property
    def pid(self) -> int:
        return self._process.pid

    def exit_code(self) -> int | None:
        """Return how it ended, or None while it runs."""
        return self._process.poll()

    def how_it_ended(self) -> str:
        code = self.exit_code() or 0
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"

    def said(self) -> str:
        """Return what it has written so far."""
        with suppress(OSError), self.log.open("rb") as log:
            log.seek(self.log_began)
            return log.read().decode(errors="replace")
        return ""

    def ask_to_stop(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, self.program.stop_signal)

    def wait(self, *, until: float) -> bool:
        """Return whether it has ended by `until` (on the monotonic clock)."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=max(0.0, until - time.monotonic()))
        return self.exit_code() is not None

    def end(self) -> None:
        """Kill what is left of it, and of whatever it started itself."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()


def stop_together(children: Sequence[Child], *, within: float) -> None:
    """Ask all to stop, wait for them at most `within` seconds, then kill what is left."""
    for child in children:
        child.ask_to_stop()
    until = time.monotonic() + within
    for child in children:
        child.wait(until=until)
        child.end()


def put_aside_if_long(log: Path) -> int:
    """Move a long log to a second file, in place of what that held; return its new length."""
    with suppress(FileNotFoundError):
        size = log.stat().st_size
        if size < _LONGEST_LOG:
            return size
        # Its writer keeps it open, and appends: emptied, it begins anew.
        shutil.copyfile(log, log.with_suffix(".log.1"))
        os.truncate(log, 0)
    return 0


def _start(program: Program, log: Path) -> subprocess.Popen[bytes]:
    parent = os.getpid()
    owner = program.owner
    try:
        with log.open("ab") as output:
            return subprocess.Popen(
                [str(part) for part in program.command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **program.environment},
                cwd=program.folder,
                user=owner.uid if owner else None,
                group=owner.gid if owner else None,
                extra_groups=[] if owner else None,
                start_new_session=True,
                # Runs after the change of user, which would make the kernel forget the request.
                preexec_fn=lambda: die_with_parent(parent, program.orphan_signal),  # noqa: PLW1509
            )
    except OSError as error:
        raise CannotStart(f"{program.command[0]} cannot be started: {error.strerror}.") from error
