"""
One engine process: started in its box, listened to, ended with all that it started.

Whoever speaks to it (workers/engine_link.py) knows frames and verbs; here is only the process, and
why it has ended.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections import deque
from pathlib import Path
from typing import IO

from workers import engine_box

SCRATCH = "loradex-engine-"  # then the parent's process id, so that strays can be told
LAST_LINES = 12
OUT_OF_MEMORY = ("MemoryError", "memory allocation", "can't allocate", "Cannot allocate")

log = logging.getLogger("workers.engine")


class EngineProcess:
    """A running engine. Its standard error goes to the log; its last lines are kept."""

    def __init__(
        self, device: str, *, threads: int | None, memory: int | None, compiled: bool
    ) -> None:
        """
        Start it.

        :raises OSError: if it cannot be started
        """
        _sweep_up()
        self.scratch = Path(tempfile.mkdtemp(prefix=f"{SCRATCH}{os.getpid()}-"))
        self._last_lines: deque[str] = deque(maxlen=LAST_LINES)
        try:
            self._popen = subprocess.Popen(  # noqa: S603
                engine_box.command(device, self.scratch, compiled=compiled),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=self.scratch,
                env=engine_box.environment(self.scratch, threads=threads, memory=memory),
                start_new_session=True,
                bufsize=0,
            )
        except OSError:
            shutil.rmtree(self.scratch, ignore_errors=True)
            raise
        self.pid = self._popen.pid
        self.stdin = _fileno(self._popen.stdin)
        self.stdout = _fileno(self._popen.stdout)
        os.set_blocking(self.stdin, False)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def is_alive(self) -> bool:
        return self._popen.poll() is None

    def end(self) -> None:
        """Kill it and all it started, and leave nothing of it behind. May be called twice."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)  # It leads its own group.
        self._popen.wait()
        self._listener.join(timeout=2)
        for pipe in (self._popen.stdin, self._popen.stdout, self._popen.stderr):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def why_it_ended(self, verb: str) -> str:
        """Return what became of it while it was asked to do `verb`, as well as can be told."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(timeout=5)
        self._listener.join(timeout=2)
        last_words = " / ".join(self._last_lines)
        how = _how(self._popen.returncode, last_words)
        told = f" Its last lines: {last_words}" if last_words else ""
        return f"The engine {how} in {verb}.{told}"

    def _listen(self) -> None:
        """Pass on what it says to the log, and keep its last words."""
        with contextlib.suppress(ValueError, OSError):  # closed under our feet: it is gone
            for line in self._popen.stderr or ():
                text = line.decode(errors="replace").rstrip()
                if text:
                    self._last_lines.append(text[:500])
                    log.info("%s", text)


def _sweep_up() -> None:
    """Remove the scratch folders of parents that were killed before they could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{SCRATCH}*-*"):
        parent = folder.name.removeprefix(SCRATCH).partition("-")[0]
        if parent.isdecimal() and not Path(f"/proc/{parent}").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _how(returncode: int | None, last_words: str) -> str:
    if returncode is None:
        return "closed its pipe"
    if any(sign in last_words for sign in OUT_OF_MEMORY):
        return "ran out of memory"
    number = -returncode if returncode < 0 else returncode - 128  # bubblewrap reports 128 + signal
    if number == signal.SIGKILL:
        return "was killed (SIGKILL; by the system, if memory was short)"
    if number > 0 and number in set(signal.Signals):
        return f"was ended by {signal.Signals(number).name}"
    return f"ended with status {returncode}"


def _fileno(pipe: IO[bytes] | None) -> int:
    if pipe is None:
        raise OSError("the engine was started without its pipes")
    return pipe.fileno()
