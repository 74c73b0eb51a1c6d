"""How long the parent waits for its engine, and what it does meanwhile."""

from __future__ import annotations

import select
import time
from collections.abc import Callable

from workers.engine_errors import EngineTimedOut

TICK = 1.0  # seconds between two calls of on_wait


class Wait:
    """How long a call may still take, and what to do meanwhile."""

    def __init__(self, timeout: float, on_wait: Callable[[], None] | None) -> None:
        self.timeout = timeout
        self._ends = time.monotonic() + timeout
        self._on_wait = on_wait
        self._next_tick = time.monotonic() + TICK

    def for_pipe(self, descriptor: int, event: int, verb: str) -> None:
        """
        Wait until a pipe can be read or written.

        :raises EngineTimedOut: if the call's time is up
        """
        poll = select.poll()
        poll.register(descriptor, event)
        while not poll.poll(self._tick() * 1000):
            if time.monotonic() >= self._ends:
                raise EngineTimedOut(
                    f"The engine was ended in {verb}: it took longer than {self.timeout:g} s."
                )

    def _tick(self) -> float:
        """Call on_wait if it is time, and return how long to sleep at most."""
        now = time.monotonic()
        if now >= self._next_tick:
            self._next_tick = now + TICK
            if self._on_wait:
                self._on_wait()
        return max(0.0, min(self._next_tick, self._ends) - time.monotonic())
