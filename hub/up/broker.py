"""
A broker of our own, for a machine that has none to offer: Valkey, or any Redis.

It listens on a Unix socket in a private folder and appends every write to a file, so that jobs
outlive a crash. They would be sent again from the database all the same: the broker is a hint.
"""

from __future__ import annotations

import signal
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import redis

from hub.up import binaries, places
from hub.up.children import Program
from hub.up.errors import CannotStart

_SOCKET = "broker.sock"


@dataclass(frozen=True, slots=True)
class Broker:
    """The files of one broker, and what runs them."""

    binary: Path
    folder: Path
    socket: Path

    @property
    def url(self) -> str:
        return f"redis+socket://{self.socket}"


def find(data: Path) -> Broker:
    """
    Return the broker whose files lie in the folder `data`, or would.

    :raises CannotStart: if there is no binary for it
    """
    binary = binaries.broker()
    folder = data / "broker"
    places.private_folder(folder, owner=None)
    sockets = places.socket_folder(folder / "socket", longest_name=_SOCKET, owner=None)
    return Broker(binary, folder, sockets / _SOCKET)


def program(broker: Broker, *, durable: bool = True) -> Program:
    return Program(
        name="broker",
        command=[
            broker.binary,
            *("--port", "0", "--unixsocket", broker.socket, "--unixsocketperm", "700"),
            *("--dir", broker.folder, "--save", "", "--appendonly", "yes" if durable else "no"),
            *("--maxmemory-policy", "noeviction", "--daemonize", "no"),
        ],
        orphan_signal=signal.SIGTERM,  # It writes what it holds, at once.
    )


def answers(broker: Broker) -> bool:
    """Return whether it has read its files and takes commands."""
    with suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        connection.connect(str(broker.socket))
        connection.sendall(b"PING\r\n")
        return connection.recv(64).startswith(b"+PONG")
    return False


def check_url(url: str) -> None:
    """
    Make sure that the broker somebody named can be worked with.

    :raises CannotStart: with what the broker, or its absence, says
    """
    try:
        client = redis.Redis.from_url(
            url.replace("redis+socket://", "unix://"), socket_connect_timeout=5, socket_timeout=5
        )
        with client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise CannotStart(f"REDIS_URL: the broker does not answer ({error}).") from error
