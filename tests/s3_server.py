"""
A real S3 server for tests: Ceph's RADOS Gateway from Debian's packages, one small cluster.

    apt-get install --no-install-recommends radosgw ceph-mon ceph-osd ceph-common

It listens on loopback, keeps everything in memory, and is started once, when the first test asks
for it. Where the packages are missing these tests are skipped, except in CI: a store that only ever
met a simulator is not tested.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

from hub.up.children import Child, Program, stop_together
from hub.up.readiness import wait_for

_NEEDED = (
    "ceph",
    "ceph-authtool",
    "ceph-mon",
    "ceph-osd",
    "monmaptool",
    "radosgw",
    "radosgw-admin",
)
_ACCESS_KEY = "LORADEXTESTS"
_SECRET_KEY = "only-for-a-server-on-loopback"
_CONF = """\
[global]
fsid = {fsid}
mon host = v2:127.0.0.1:{mon_port}
keyring = {folder}/keyring
mon data = {folder}/mon
osd data = {folder}/osd
rgw data = {folder}/rgw
log file = {folder}/$name.log
run dir = {folder}
admin socket =
ms bind msgr1 = false
ms bind ipv6 = false
public addr = 127.0.0.1
cluster addr = 127.0.0.1
mon data avail crit = 1
mon allow pool size one = true
auth allow insecure global id reclaim = false
osd objectstore = memstore
memstore device bytes = {memory}
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd class update on start = false
rgw frontends = beast endpoint=127.0.0.1:{port}
"""


@dataclass(frozen=True)
class S3Server:
    """An S3 server, and a bucket in it that nobody else uses."""

    endpoint: str
    bucket: str
    region: str = "us-east-1"
    access_key: str = _ACCESS_KEY
    secret_key: str = _SECRET_KEY

    @property
    def settings(self) -> dict[str, str]:
        """The value of settings.S3 that leads here."""
        return {
            "endpoint": self.endpoint,
            "public_endpoint": self.endpoint,
            "bucket": self.bucket,
            "region": self.region,
            "access_key": self.access_key,
            "secret_key": self.secret_key,
            "checksums": "when_required",
        }

    def client(self):
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name=self.region,
            config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
        )


@pytest.fixture
def s3_server(s3_gateway):
    """A real S3 server, with a bucket of this test's own."""
    server = S3Server(s3_gateway, f"test-{uuid.uuid4().hex[:12]}")
    with closing(server.client()) as client:
        client.create_bucket(Bucket=server.bucket)
    return server


@pytest.fixture(scope="session")
def s3_gateway():
    """The endpoint of a real S3 server, started for this test run."""
    missing = [program for program in _NEEDED if not shutil.which(program)]
    if missing:
        reason = f"no real S3 server here: install Debian's radosgw ({', '.join(missing)} missing)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="loradex-s3-")))
        yield _Ceph(folder, stack).start()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Under pytest-xdist, have one worker run all tests of the server, so that one is enough."""
    for item in items:
        if "s3_gateway" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.s3)
            item.add_marker(pytest.mark.xdist_group("s3"))


class _Ceph:
    """A cluster of one monitor, one store in memory, and the gateway."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self._port = _free_port()
        self._environment = {"CEPH_CONF": str(folder / "ceph.conf")}

    def start(self) -> str:
        """Start everything, and return the address of the gateway."""
        fsid = str(uuid.uuid4())
        mon_port = _free_port()
        self._write_conf(fsid, mon_port)
        self._make_keys()
        monmap = self._folder / "monmap"
        address = f"[v2:127.0.0.1:{mon_port}]"
        self._run("monmaptool", "--create", "--fsid", fsid, monmap, "--addv", "a", address)
        keyring = self._folder / "keyring"
        self._run("ceph-mon", "--mkfs", "-i", "a", "--monmap", monmap, "--keyring", keyring)
        self._daemon("ceph-mon", "-i", "a")
        osd = str(uuid.uuid4())
        self._run("ceph", "osd", "new", osd)
        self._run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd)
        self._run("ceph", "osd", "crush", "add", "osd.0", "1.0", "root=default", "host=localhost")
        self._daemon("ceph-osd", "-i", "0")
        gateway = self._daemon("radosgw", "-n", "client.admin")
        self._make_user()
        wait_for(gateway, self._answers, within=120)
        return f"http://127.0.0.1:{self._port}"

    def _write_conf(self, fsid: str, mon_port: int) -> None:
        for name in ("mon", "osd", "rgw"):
            (self._folder / name).mkdir()
        conf = _CONF.format(
            fsid=fsid, mon_port=mon_port, port=self._port, folder=self._folder, memory=2 << 30
        )
        (self._folder / "ceph.conf").write_text(conf, encoding="utf-8")

    def _make_keys(self) -> None:
        rights = {
            "mon.": {"mon": "allow *"},
            "client.admin": {"mon": "allow *", "osd": "allow *"},
            "osd.0": {"mon": "allow profile osd", "osd": "allow *"},
        }
        self._run("ceph-authtool", self._folder / "keyring", "--create-keyring")
        for name, caps in rights.items():
            allowed = [word for part, cap in caps.items() for word in ("--cap", part, cap)]
            self._run("ceph-authtool", self._folder / "keyring", "--gen-key", "-n", name, *allowed)

    def _make_user(self) -> None:
        keys = [f"--access-key={_ACCESS_KEY}", f"--secret-key={_SECRET_KEY}"]
        self._run("radosgw-admin", "user", "create", "--uid=tests", "--display-name=tests", *keys)

    def _run(self, *command: object) -> None:
        done = subprocess.run(
            [str(part) for part in command],
            env={**os.environ, **self._environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{command[0]}: {done.stdout}{done.stderr}"

    def _daemon(self, name: str, *options: str) -> Child:
        as_root = ("--setuser", "root", "--setgroup", "root") if os.geteuid() == 0 else ()
        program = Program(name, [name, "-f", *options, *as_root], self._environment)
        child = Child(program, log=self._folder / f"{name}.out")
        self._stack.callback(stop_together, [child], within=0)
        return child

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), timeout=2):
            return True
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
