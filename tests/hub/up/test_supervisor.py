from __future__ import annotations

import os
import signal
import time

import pytest

from hub.up.children import Program
from hub.up.errors import CannotStart
from hub.up.folder import open_folder
from hub.up.services import Service
from hub.up.supervisor import Stopped, Supervisor


@pytest.fixture
def supervisor(tmp_path):
    before = {number: signal.getsignal(number) for number in (1, 2, 15)}
    folder = open_folder(tmp_path / "var")
    with Supervisor(folder) as supervisor:
        yield supervisor
    folder.lock.close()
    for number, handler in before.items():
        signal.signal(number, handler)


def a_service(name, script, **options):
    options = {
        "within": 10,
        "stop_within": 2,
        "ready": lambda child: "up" in child.said(),
    } | options
    return Service(name, Program(name, ["/bin/sh", "-c", script]), **options)


def log_of(supervisor, name):
    return supervisor._folder.log_of(name).read_text()


def watch(supervisor, *, seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        supervisor.look_after()
        supervisor.pause(0.05)


def test_waits_until_a_service_is_ready(supervisor):
    supervisor.launch(a_service("slow", "sleep 0.4; echo up; sleep 60"))
    began = time.monotonic()

    supervisor.wait_until_ready()

    assert time.monotonic() - began > 0.3


def test_says_why_a_service_did_not_get_ready(supervisor):
    supervisor.launch(a_service("broken", "echo the disk is full; exit 3"))

    with pytest.raises(CannotStart, match=r"broken ended \(exit code 3: the disk is full\)"):
        supervisor.wait_until_ready()


def test_does_not_wait_for_ever(supervisor):
    supervisor.launch(a_service("sleepy", "sleep 60", within=0.2))

    with pytest.raises(CannotStart, match="sleepy was not ready within"):
        supervisor.wait_until_ready()


def test_starts_again_what_ends(supervisor, capsys):
    supervisor.launch(a_service("weak", "echo up; sleep 0.3; exit 1"))

    watch(supervisor, seconds=1.3)

    assert log_of(supervisor, "weak").count("up") == 2
    assert "weak ended (exit code 1); it starts again in 0.5 s" in capsys.readouterr().out


def test_gives_up_what_ends_three_times(supervisor):
    supervisor.launch(a_service("hopeless", "echo up; exit 1"))

    with pytest.raises(CannotStart, match=r"hopeless ended .* 3 times within a minute: .*hopeless"):
        watch(supervisor, seconds=10)

    assert log_of(supervisor, "hopeless").count("up") == 3


def test_does_what_is_due_before_each_start(supervisor):
    done = []
    supervisor.launch(a_service("weak", "echo up; exit 1", before=lambda: done.append("cleared")))

    watch(supervisor, seconds=1)

    assert done == ["cleared", "cleared"]


def test_puts_a_long_log_aside_while_its_writer_goes_on(supervisor, monkeypatch):
    supervisor.launch(a_service("talker", "echo up; while :; do echo more; sleep 0.05; done"))
    supervisor.wait_until_ready()
    monkeypatch.setattr("hub.up.children._LONGEST_LOG", 40)

    watch(supervisor, seconds=2)

    assert len(log_of(supervisor, "talker")) < 80
    assert supervisor._folder.log_of("talker").with_suffix(".log.1").exists()


def test_a_signal_ends_the_wait(supervisor):
    os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(Stopped):
        supervisor.pause(60)


def test_stops_in_the_opposite_order(tmp_path):
    before = {number: signal.getsignal(number) for number in (1, 2, 15)}
    order = tmp_path / "order"
    folder = open_folder(tmp_path / "var")
    with Supervisor(folder) as supervisor:
        for name in ("database", "broker", "web"):
            script = f"trap 'sleep 0.2; echo {name} >> {order}; exit' TERM; echo up; "
            supervisor.launch(a_service(name, script + "while :; do sleep 0.05; done"))
        supervisor.wait_until_ready()
    for number, handler in before.items():
        signal.signal(number, handler)

    assert order.read_text().split() == ["web", "broker", "database"]
    folder.lock.close()
