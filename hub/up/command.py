"""
`manage.py up`: the whole hub on this machine, by one command.

What is not named by DATABASE_URL or REDIS_URL is brought along. Everything lies in one folder.
"""

from __future__ import annotations

import argparse
import os
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from hub import env
from hub.up import broker, filling, postgres, screen, services
from hub.up.errors import CannotStart
from hub.up.folder import DataFolder, open_folder
from hub.up.services import ROOT, Service
from hub.up.supervisor import Stopped, Supervisor

_EPILOG = """\
Set by environment as well: PORT, HOST, DATA, DATABASE_URL, REDIS_URL, LORADEX_PG_BIN and all that
docs/configuration.md lists. Ctrl-C stops everything; starting again goes on where it was.
"""

DEMO_CELLS = 56  # pictures of one sweep: eight weights for each of the seven rows
DEMO_CLIP = Path(__file__).parents[2] / "demo" / "matching" / "clip"


@dataclass(frozen=True, slots=True)
class Options:
    """What the person at the terminal asked for."""

    data: Path
    host: str
    port: int
    demo: bool
    verbose: bool


def main(arguments: Sequence[str]) -> int:
    """Run until asked to stop; return the exit code."""
    try:
        _up(_read(arguments))
    except (CannotStart, ImproperlyConfigured) as refusal:
        screen.refuse(str(refusal))
        return 1
    except (Stopped, KeyboardInterrupt):
        pass
    return 0


def _up(options: Options) -> None:
    _check_port(options)
    folder = open_folder(options.data)
    if options.verbose:
        screen.Follower(folder.logs).start()
    began = time.monotonic()
    screen.say(f"Loradex starts; its data and logs are in {folder.path}")
    with Supervisor(folder) as supervisor:
        environment = _stores(supervisor, folder) | (_of_a_demo() if options.demo else {})
        _prepare(supervisor, environment)
        supervisor.launch(*services.workers(environment), services.beat(environment))
        supervisor.launch(services.web(environment, host=options.host, port=options.port))
        supervisor.wait_until_ready()
        screen.say(f"\nOpen {_address(options)}  (ready after {time.monotonic() - began:.1f} s)")
        screen.say("Ctrl-C stops it.\n")
        fill = services.load_demo if options.demo else services.found_first
        filling.show(supervisor, fill(environment))
        supervisor.watch()


def _of_a_demo() -> dict[str, str]:
    """
    Return what is set for a demo, where the environment says nothing else.

    Small sweeps, so that it is whole within minutes on a CPU, and the CLIP that knows its base.
    """
    usual = {"SWEEP_MOST_CELLS": str(DEMO_CELLS), "CLIP": str(DEMO_CLIP)}
    return {name: value for name, value in usual.items() if name not in os.environ}


def _stores(supervisor: Supervisor, folder: DataFolder) -> dict[str, str]:
    """Have a database and a broker; return the variables that tell the children of them."""
    found = {
        "DATA": str(folder.path),
        "DATABASE_URL": _database(supervisor, folder),
        "REDIS_URL": _broker(supervisor, folder),
    }
    if not env.secret("SECRET_KEY"):
        found["SECRET_KEY_FILE"] = str(folder.secret_key)
    return found


def _database(supervisor: Supervisor, folder: DataFolder) -> str:
    named = env.secret("DATABASE_URL")
    if named:
        postgres.check_url(named)
        return named
    cluster = postgres.find(folder.path)
    postgres.create(cluster)
    service = Service(
        "PostgreSQL",
        postgres.program(cluster),
        ready=lambda _: postgres.answers(cluster.url("postgres")),
        within=60,  # It may have to go through a long log after a crash.
        stop_within=2,
        before=lambda: postgres.take_over(cluster),
    )
    supervisor.launch(service)
    supervisor.wait_until_ready()
    postgres.create_database(cluster)
    return cluster.url()


def _broker(supervisor: Supervisor, folder: DataFolder) -> str:
    named = env.secret("REDIS_URL")
    if named:
        broker.check_url(named)
        return named
    own = broker.find(folder.path)
    service = Service(
        "broker",
        broker.program(own),
        ready=lambda _: broker.answers(own),
        within=60,
        stop_within=1,
    )
    supervisor.launch(service)
    supervisor.wait_until_ready()
    return own.url


def _prepare(supervisor: Supervisor, environment: Mapping[str, str]) -> None:
    began = time.monotonic()
    supervisor.run(services.prepare(environment), within=600)
    screen.ready("tables and bases", since=began)


def _check_port(options: Options) -> None:
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((options.host, options.port))
    except OverflowError as error:
        raise CannotStart(f"PORT is {options.port}: choose one from 1 to 65535.") from error
    except OSError as error:
        raise CannotStart(
            f"Port {options.port} on {options.host} cannot be had ({error.strerror}): "
            "stop what listens there, or choose another with PORT=…"
        ) from error


def _address(options: Options) -> str:
    host = "127.0.0.1" if options.host == "0.0.0.0" else options.host  # noqa: S104
    return env.text("PUBLIC_URL") or f"http://{host}:{options.port}/"


def _read(arguments: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(
        prog="manage.py up",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--demo", action="store_true", help="also load the demo adapters")
    parser.add_argument(
        "--port", type=int, default=env.number("PORT", 8000), help="of the web server (8000)"
    )
    parser.add_argument(
        "--host", default=env.text("HOST", "127.0.0.1"), help="to listen on (127.0.0.1)"
    )
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(env.text("DATA", str(ROOT / "var"))),
        help="folder that holds everything (var/)",
    )
    parser.add_argument("--verbose", action="store_true", help="show the children's logs here")
    read = parser.parse_args(arguments)
    return Options(
        data=Path(os.path.abspath(read.data)),  # noqa: PTH100 - A link in it stays as it was given.
        host=read.host,
        port=read.port,
        demo=read.demo,
        verbose=read.verbose,
    )
