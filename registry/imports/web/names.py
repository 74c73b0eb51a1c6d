"""
Names of hosts, looked up within a time.

The system's resolver takes as long as its name servers let it, and cannot be told to stop. So it is
asked in a thread of its own; when the time is over nobody waits for that any more, and it ends when
the resolver does.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue

LOOKUP = 10.0  # seconds that it takes at most

Resolver = Callable[[str, int], Sequence[str]]


def resolved(host: str, port: int) -> Sequence[str]:
    """
    Return the addresses of a host.

    :raises OSError: if it has none
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def within(seconds: float, resolve: Resolver, host: str, port: int) -> Sequence[str]:
    """
    Return what `resolve` says of a host.

    :raises TimeoutError: if it has said nothing after so many seconds
    :raises Exception: what it raises itself
    """
    said: SimpleQueue[Sequence[str] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            said.put(resolve(host, port))
        except Exception as error:  # noqa: BLE001  told to whoever asked, in their own thread
            said.put(error)

    # A daemon: a lookup that nobody waits for keeps no worker from ending.
    threading.Thread(target=ask, name="lookup", daemon=True).start()
    try:
        found = said.get(timeout=seconds)
    except Empty:
        raise TimeoutError(f"{host} was not looked up in {seconds:.1f} seconds") from None
    if isinstance(found, Exception):
        raise found
    return found
