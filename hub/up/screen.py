"""What the person at the terminal sees: a line for each thing that is ready, and its seconds."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

_WIDTH = 22


def say(line: str) -> None:
    # The terminal may be gone (a closed window); the hub goes on, or stops, all the same.
    with suppress(OSError, ValueError):
        print(line, flush=True)


def refuse(sentence: str) -> None:
    with suppress(OSError, ValueError):
        print(f"loradex: {sentence}", file=sys.stderr, flush=True)


def ready(title: str, *, since: float) -> None:
    """Say that something is ready, and how many seconds it took."""
    say(f"  {title:<{_WIDTH}} {time.monotonic() - since:6.1f} s")


class Follower(threading.Thread):
    """Copies what is appended to the logs to the terminal, each line under its child's name."""

    def __init__(self, logs: Path) -> None:
        super().__init__(daemon=True)
        self._logs = logs
        self._read = {log: log.stat().st_size for log in logs.glob("*.log")}

    def run(self) -> None:
        while True:
            for log in sorted(self._logs.glob("*.log")):
                self._copy(log)
            time.sleep(0.3)

    def _copy(self, log: Path) -> None:
        with suppress(OSError), log.open("rb") as file:
            # A log that shrank was begun anew.
            position = min(self._read.get(log, 0), log.stat().st_size)
            file.seek(position)
            new, end, _unfinished = file.read().rpartition(b"\n")
            self._read[log] = position + len(new) + len(end)
            for line in new.decode(errors="replace").splitlines():
                say(f"{log.stem:>8} | {line}")
