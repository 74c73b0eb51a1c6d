"""The whole hub in a folder of its own, as `manage.py up` runs it, to be shot at."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import redis

from hub.up import broker, postgres
from hub.up.children import Child, Program, stop_together
from hub.up.services import ROOT

# What this test run has for itself, and the hub under fire must not share.
_NOT_OURS = {
    "DATABASE_URL": "",
    "REDIS_URL": "",
    "SECRET_KEY": "",
    "DJANGO_SETTINGS_MODULE": "hub.settings",
    "DEVICES": "cpu",
    "LEASE_SECONDS": "6",
    "PART_SIZE": "262144",
    "SWEEP_MOST_CELLS": "42",  # two rounds for each row, and no more
}
_FOUND = """if True:
    import django
    django.setup()
    from django.utils import timezone
    from registry.models import Scope
    from registry.services import accounts, demo
    team, person, _ = demo.found(now=timezone.now())
    demo.place_bases()
    print(accounts.issue_token(user=person, title="crash tests", scopes=list(Scope),
                               expires_at=None, now=timezone.now())[1])
"""


class Stack:
    """A running hub: its processes, and a client of its API."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = _free_port()
        self.token = ""
        self._up: Child | None = None

    def start(self) -> None:
        command = [sys.executable, ROOT / "manage.py", "up", "--data", self.data]
        program = Program("up", [*command, "--port", str(self.port)], _NOT_OURS, folder=ROOT)
        self._up = Child(program, log=self.data.with_suffix(".out"))
        eventually(lambda: "Open http" in self._said(), within=120)
        self.token = self.token or self._found()

    def stop(self) -> None:
        if self._up:
            stop_together([self._up], within=15)

    def kill(self, name: str) -> None:
        """SIGKILL one of the hub's processes; its own children must go with it."""
        pid = self.pid_of(name)
        family = {pid, *_descendants(pid)}
        os.kill(pid, signal.SIGKILL)
        eventually(lambda: not any(map(_alive, family)), within=10)

    def freeze(self, name: str) -> None:
        """Let a process do nothing more, until it is killed."""
        os.kill(self.pid_of(name), signal.SIGSTOP)

    def forget_messages(self, queue: str) -> None:
        """Take out of the broker what a frozen worker has not fetched already: all is lost."""
        place = str(broker.find(self.data).socket)
        with redis.Redis(unix_socket_path=place, socket_timeout=10) as client:
            client.delete(queue)

    def kill_everything(self) -> None:
        """SIGKILL the supervisor, and wait until the kernel has ended all the rest."""
        every = self.processes()
        os.kill(self._up.pid, signal.SIGKILL)
        self._up.wait(until=time.monotonic() + 10)
        eventually(lambda: not any(map(_alive, every)), within=15)

    def processes(self) -> dict[int, str]:
        """Return the command line of each process that comes from the supervisor."""
        return _descendants(self._up.pid)

    def pid_of(self, name: str) -> int:
        """Return the process of that name which the supervisor itself started."""
        sign = {
            "web": "gunicorn",
            "gpu": "-Q gpu",
            "intake": "-Q intake",
            "beat": "celery.beat:Scheduler",
            "broker": "unixsocket:",
            "postgres": "unix_socket_permissions",
        }[name]
        parents = {pid: parent for pid, parent, _ in _all_processes()}
        return next(
            pid
            for pid, command in sorted(self.processes().items())
            if sign in command and parents.get(pid) == self._up.pid
        )

    def ask(self, method: str, path: str, body: object = None, *, within: float = 30):
        """Return (status, answer); an answer that is no JSON comes as bytes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=within)
        headers = {"Authorization": f"Bearer {self.token}"}
        if not isinstance(body, (bytes, type(None))):
            body, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        elif body is not None:
            headers["Content-Type"] = "application/octet-stream"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        is_json = "json" in (answer.getheader("Content-Type") or "")
        return answer.status, json.loads(content) if is_json else content

    def open_upload(self, content: bytes, name: str) -> dict:
        status, upload = self.ask(
            "POST",
            "/api/uploads",
            {
                "team": "demo",
                "name": f"{name}.safetensors",
                "size": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            },
        )
        assert status == 201, upload
        return upload

    def complete(self, upload: dict, name: str) -> str:
        """Make a version of the upload; return where its report is."""
        about = {"version": {"base": "shapes", "adapter": name, "trigger_words": ["neonglow"]}}
        status, answer = self.ask("POST", f"/api/uploads/{upload['id']}/complete", about)
        assert status == 202, answer
        return f"/api/adapters/demo/{name}/versions/1/report"

    def send(self, content: bytes, name: str) -> str:
        """Upload a file; return where its version's report is."""
        upload = self.open_upload(content, name)
        self.send_parts(upload, content)
        return self.complete(upload, name)

    def send_parts(self, upload: dict, content: bytes) -> None:
        """Send the parts that are not there yet."""
        size = upload["part_size"]
        for number in set(range(1, upload["parts"] + 1)) - set(upload["parts_here"]):
            part = content[(number - 1) * size : number * size]
            status, answer = self.ask("PUT", f"/api/uploads/{upload['id']}/parts/{number}", part)
            assert status == 204, answer

    def report(self, path: str) -> dict:
        """Return a version's report; {} while the hub does not answer."""
        try:
            status, report = self.ask("GET", path)
        except (OSError, http.client.HTTPException):
            return {}
        return report if status == 200 else {}

    def run_of(self, path: str) -> dict:
        return self.report(path).get("run") or {}

    def answers(self) -> bool:
        try:
            return self.ask("GET", "/health/ready")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            **_NOT_OURS,
            "DATA": str(self.data),
            "DATABASE_URL": postgres.find(self.data).url(),
            "REDIS_URL": broker.find(self.data).url,
            "SECRET_KEY_FILE": str(self.data / "secret_key"),
        }

    def _found(self) -> str:
        """Make the demo's team and base; return a token that may do everything."""
        done = subprocess.run(
            [sys.executable, "-c", _FOUND],
            env=self.environment(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.split()[-1]

    def _said(self) -> str:
        ended = self._up.exit_code()
        assert ended is None, f"manage.py up ended with {ended}: {self._up.said()}"
        return self._up.said()


def eventually(true, *, within: float, why=lambda: "") -> None:
    until = time.monotonic() + within
    while not true():
        assert time.monotonic() < until, f"not within {within} s: {why()}"
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _all_processes() -> list[tuple[int, int, str]]:
    """Return (process, parent, command line) of every process that is no zombie."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            command = (folder / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
        if state != "Z":
            found.append((int(folder.name), int(parent), command))
    return found


def _descendants(pid: int) -> dict[int, str]:
    """Return the command lines of a process's children, and of theirs."""
    every = _all_processes()
    found: dict[int, str] = {}
    parents = {pid}
    while parents:
        children = {each: said for each, parent, said in every if parent in parents}
        parents = set(children)
        found |= children
    return found


def _alive(pid: int) -> bool:
    return any(process == pid for process, _, _ in _all_processes())
