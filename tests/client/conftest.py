from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from tests.hub.api.test_over_a_socket import _wait_for

FILE = Path(__file__).resolve().parents[2] / "client/loradex.py"


@pytest.fixture(scope="session")
def loradex():
    """Return client/loradex.py as a module."""
    spec = importlib.util.spec_from_file_location("loradex", FILE)
    module = importlib.util.module_from_spec(spec)
    sys.modules["loradex"] = module
    spec.loader.exec_module(module)
    return module


class Machine:
    """A machine with the client on it, a configuration of its own, and a hub to ask."""

    def __init__(self, home, address):
        self.home = home
        self.address = address
        self.token = ""
        self.python = sys.executable

    def environment(self):
        return {
            "PATH": os.environ["PATH"],
            "LORADEX_URL": self.address,
            "LORADEX_TOKEN": self.token,
            "LORADEX_CONFIG": str(self.home / "config.json"),
            "NO_PROXY": "*",
        }

    def start(self, *arguments):
        """Return the client's process, at work."""
        return subprocess.Popen(
            [self.python, FILE, *map(str, arguments)],
            env=self.environment(), cwd=self.home,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, *arguments, code=0, said=""):
        """Run the client to its end; return all it said."""
        done = subprocess.run(
            [self.python, FILE, *map(str, arguments)],
            env=self.environment(), cwd=self.home, input=said,
            capture_output=True, text=True, timeout=100, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout[-2000:] + done.stderr[-2000:]
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr


@pytest.fixture(scope="session")
def live(django_db_setup, tmp_path_factory):
    """Start gunicorn once for all tests here: the address of the hub, and where its blobs are."""
    data = tmp_path_factory.mktemp("hub")
    (data / "static").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "DATABASE_URL": make_conninfo(
            os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"]
        ),
        "DATA": str(data),
        "DEBUG": "",
        "SECRET_KEY": "only-for-tests",
        "DJANGO_SETTINGS_MODULE": "hub.settings",
        "STORE": "disk",
        "DOWNLOADS": "serve",
        "PORT": str(port),
        "WEB_WORKERS": "1",
        "RATE_ANONYMOUS": "100000/min",
        "RATE_TOKENS": "100000/min",
        "PART_SIZE": "8192",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config=python:hub.up.gunicorn", "hub.wsgi"],
        env=environment, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}", data
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture
def machine(live, transactional_db, settings, tmp_path):
    """Return a machine whose hub runs under gunicorn, as real ones do."""
    address, data = live
    settings.BLOBS_AT = data / "blobs"
    home = tmp_path / "machine"
    home.mkdir()
    return Machine(home, address)
