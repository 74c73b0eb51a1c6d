"""
The time that a server has in all: to take the call, to say what it sends, and to send it.

Time-outs of sockets bound the wait for the next byte alone. A server that gives one now and then,
in its headers as in its body, would hold a worker for as long as it liked.
"""

from __future__ import annotations

import io
import socket
import time
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPResponse
from typing import Any, cast

import urllib3

CONNECT, READ = 10.0, 30.0  # seconds that a single wait takes at most
SLOWEST = 16 << 10  # bytes a second that a file has to come with, on the whole


@dataclass(slots=True)
class Clock:
    """How much time is left; where it `grows`, what has come is given time of its own."""

    seconds: float
    grows: bool = False
    read: int = 0  # bytes of the body so far
    began: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        given = self.seconds + (self.read / SLOWEST if self.grows else 0)
        return self.began + given - time.monotonic()

    @property
    def is_over(self) -> bool:
        return self.left <= 0

    def wait(self, at_most: float) -> float:
        """
        Return for how long one may wait now.

        :raises TimeoutError: if no time is left
        """
        if self.is_over:
            raise TimeoutError("no time is left")
        return min(at_most, self.left)


def keep_time(pool: urllib3.HTTPConnectionPool, clock: Clock) -> None:
    """Have whatever comes through this pool read against the clock."""
    answers = staticmethod(partial(_Answer, clock=clock))
    pool.ConnectionCls = type(
        "TimedConnection", (cast(type, pool.ConnectionCls),), {"response_class": answers}
    )


class _Answer(HTTPResponse):
    """An answer of which every piece, be it of headers, chunks or body, is read with the clock."""

    def __init__(self, sock: socket.socket, *args: Any, clock: Clock, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        pieces = _Pieces(self.fp.detach(), sock, clock)
        self.fp = io.BufferedReader(pieces)


class _Pieces(io.RawIOBase):
    def __init__(self, raw: io.RawIOBase, sock: socket.socket, clock: Clock) -> None:
        self._raw = raw
        self._sock = sock
        self._clock = clock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._clock.wait(READ))
        return cast("int | None", self._raw.readinto(buffer))

    def close(self) -> None:
        self._raw.close()
        super().close()
