from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from hub.up import command
from hub.up.services import ROOT

pytestmark = pytest.mark.slow


def up(*arguments, **environment):
    """Run `manage.py up` where it must refuse; return what it said."""
    done = subprocess.run(
        [sys.executable, ROOT / "manage.py", "up", *map(str, arguments)],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "hub.settings", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done
    (sentence,) = done.stderr.splitlines()
    return sentence


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_a_taken_port_is_refused(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        said = up("--data", tmp_path, "--port", port)

    assert said.startswith(f"loradex: Port {port} on 127.0.0.1 cannot be had")


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"PORT": "eighty"}, r"PORT is 'eighty': write a whole number\."),
        ({"PORT": "99999"}, r"PORT is 99999: choose one from 1 to 65535\."),
        ({"DATA": "/proc/nowhere"}, r"The data folder /proc/nowhere cannot be written to"),
        ({"DATABASE_URL": "", "LORADEX_PG_BIN": "/usr"}, r"LORADEX_PG_BIN: there is no postgres"),
        ({"DATABASE_URL": "postgresql://hub@127.0.0.1:1/x"}, r"DATABASE_URL: .*Connection refused"),
        (
            {"DATABASE_URL": "mysql://hub@localhost/x"},
            r"DATABASE_URL: the database does not answer",
        ),
        ({"REDIS_URL": "redis://127.0.0.1:1/0"}, r"REDIS_URL: the broker does not answer"),
        ({"REDIS_URL": "amqp://localhost"}, r"REDIS_URL: the broker does not answer"),
    ],
    ids=lambda value: "=".join(next(iter(value.items()))) if isinstance(value, dict) else None,
)
def test_what_cannot_work_is_refused_in_one_sentence(tmp_path, port, variables, sentence):
    # The database of this test run is used, as one that the operator named.
    postgres = os.environ["DATABASE_URL"].replace("/loradex?", "/postgres?")
    sound = {"DATA": str(tmp_path), "PORT": port, "DATABASE_URL": postgres}

    assert re.match(f"loradex: {sentence}", up(**(sound | variables)))


def test_it_says_what_it_can_do():
    done = subprocess.run(
        [sys.executable, ROOT / "manage.py", "up", "--help"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    for option in ("--demo", "--port", "--data", "DATABASE_URL", "Ctrl-C"):
        assert option in done.stdout


def test_a_demo_keeps_its_sweeps_small_unless_told_otherwise(monkeypatch):
    for name in ("SWEEP_MOST_CELLS", "CLIP"):
        monkeypatch.delenv(name, raising=False)
    told = command._of_a_demo()
    assert told["SWEEP_MOST_CELLS"] == "56"
    assert (Path(told["CLIP"]) / "model.safetensors").is_file()

    monkeypatch.setenv("SWEEP_MOST_CELLS", "200")
    monkeypatch.setenv("CLIP", "")
    assert command._of_a_demo() == {}
