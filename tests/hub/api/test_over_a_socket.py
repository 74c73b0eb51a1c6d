"""The API as gunicorn serves it: ranges by sendfile, and parts that leave its memory flat."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from tests import files
from tests.factories import AdapterFactory, TeamFactory, VersionFactory, member, token

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MIB = 1 << 20


@pytest.fixture
def server(blob_root, tmp_path):
    """Start gunicorn on the tests' database and this test's store; return its port and process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    name = connection.settings_dict["NAME"]
    environment = os.environ | {
        "DATABASE_URL": make_conninfo(os.environ["DATABASE_URL"], dbname=name),
        "DATA": str(blob_root.parent),
        "SECRET_KEY": "only-for-tests",
        "DJANGO_SETTINGS_MODULE": "hub.settings",
        "STORE": "disk",
        "DOWNLOADS": "serve",
        "PORT": str(port),
        "WEB_WORKERS": "1",
    }
    (tmp_path / "static").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config=python:hub.up.gunicorn", "hub.wsgi"],
        env=environment,
    )
    try:
        _wait_for(port)
        yield port, process
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(port):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(OSError):
            if ask(port, "GET", "/health/live")[0].status == 200:
                return
        time.sleep(0.2)
    raise AssertionError("gunicorn did not come up")


def ask(port, method, path, body=None, **headers):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        line.request(method, path, body, named)
        answer = line.getresponse()
        return answer, answer.read()
    finally:
        line.close()


def memory(process):
    """Return the bytes that gunicorn's workers keep in memory."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    pages = (Path(f"/proc/{pid}/statm").read_text().split()[1] for pid in children)
    return sum(map(int, pages)) * os.sysconf("SC_PAGE_SIZE")


def test_bytes_go_out_whole_and_in_ranges(server):
    port, _ = server
    content = files.kohya_lora("sdxl", rank=128).getvalue()
    adapter = AdapterFactory(slug="ink-wash", team=TeamFactory(slug="ink"))
    VersionFactory(adapter=adapter, content=content, published=True)
    at = "/api/adapters/ink/ink-wash/versions/1/download"

    whole, everything = ask(port, "GET", at)
    half = len(content) // 2
    part, rest = ask(port, "GET", at, Range=f"bytes={half}-")
    few, some = ask(port, "GET", at, Range="bytes=10-19")
    head, nothing = ask(port, "HEAD", at)
    same, _ = ask(port, "GET", at, If_None_Match=whole.headers["ETag"])

    assert everything == content
    assert (part.status, rest) == (206, content[half:])
    assert (few.status, some) == (206, content[10:20])
    assert int(head.headers["Content-Length"]) == len(content)
    assert nothing == b""
    assert same.status == 304


def test_a_large_file_leaves_memory_flat(server):
    port, process = server
    size = 96 * MIB
    # Random, but for a start that is no other kind of file's.
    content = ((1024).to_bytes(8, "little") + os.urandom(MIB - 8)) * 96
    team = TeamFactory(slug="ink")
    signed_in = {"Authorization": f"Bearer {token(member(team))}"}
    about = {
        "team": "ink",
        "name": "ink.safetensors",
        "size": size,
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    _, told = ask(
        port,
        "POST",
        "/api/uploads",
        json.dumps(about),
        Content_Type="application/json",
        **signed_in,
    )
    upload = json.loads(told)
    parts = [content[at : at + upload["part_size"]] for at in range(0, size, upload["part_size"])]
    before = memory(process)

    for number, part in enumerate(parts, start=1):
        answer, _ = ask(
            port,
            "PUT",
            f"/api/uploads/{upload['id']}/parts/{number}",
            part,
            Content_Type="application/octet-stream",
            **signed_in,
        )
        assert answer.status == 204

    assert memory(process) - before < 12 * MIB
    _, told = ask(port, "POST", f"/api/uploads/{upload['id']}/complete", **signed_in)
    assert json.loads(told)["state"] == "complete"


def test_who_is_refused_can_go_on_over_the_same_line(server):
    """A part that is refused before it is read must not be taken for the next request."""
    port, _ = server
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("PUT", "/api/uploads/00000000-0000-0000-0000-000000000000/parts/1", b"GET / " * 9)
    refused = line.getresponse()
    refused.read()
    assert refused.status == 401
    line.request("GET", "/health/live")
    assert line.getresponse().status == 200
    line.close()
