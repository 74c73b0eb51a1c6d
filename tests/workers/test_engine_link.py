from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.workers import fake_engine
from workers import engine_box, engine_waiting
from workers.engine_link import EngineChild, EngineDied, EngineRefused, EngineTimedOut

FAKE = [sys.executable, fake_engine.__file__]
SECRETS = {
    "DATABASE_URL": "postgres://hub:secret@db/hub",
    "SECRET_KEY": "secret",
    "S3_SECRET_KEY": "secret",
    "AWS_SESSION_TOKEN": "secret",
    "HF_TOKEN": "secret",
    "https_proxy": "http://user:secret@proxy",
}


def is_alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_until_gone(pid, seconds=5.0):
    ends = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < ends:
        time.sleep(0.02)
    return not is_alive(pid)


@pytest.fixture
def engine(monkeypatch):
    """A link to the fake child."""
    monkeypatch.setattr(engine_box, "command", lambda device, scratch, **how: FAKE)
    with EngineChild("cpu") as child:
        yield child


class TestCall:
    def test_brings_fields_and_blobs(self, engine):
        fields, blobs = engine.call("echo", {"weights": [0.2]}, timeout=20)

        assert fields == {"weights": [0.2]}
        assert blobs == {"one": b"1", "none": b""}

    def test_sends_bytes_beside_the_fields(self, engine):
        blobs = {"given-0": b"1234", "given-1": b""}

        answer = engine.call("weigh", {"blobs": blobs}, timeout=20)

        assert answer.fields == {"given-0": 4, "given-1": 0}

    def test_passes_progress_on(self, engine):
        heard = []

        engine.call("echo", {}, timeout=20, on_progress=heard.append)

        assert heard == [{"stage": "echoing", "done": 1, "of": 2}]

    def test_sends_requests_larger_than_a_pipe(self, engine):
        words = ["word"] * 200_000

        assert engine.call("echo", {"words": words}, timeout=20).fields == {"words": words}

    def test_keeps_the_child_between_calls(self, engine):
        engine.call("echo", {}, timeout=20)
        pid = engine.pid
        engine.call("echo", {}, timeout=20)

        assert engine.pid == pid

    def test_raises_a_refusal_and_keeps_the_child(self, engine):
        engine.start()
        pid = engine.pid

        with pytest.raises(EngineRefused, match="does not load") as refusal:
            engine.call("refuse", {}, timeout=20)

        assert refusal.value.code == "adapter_refused"
        assert engine.pid == pid

    def test_replaces_a_child_that_is_short_of_memory(self, engine):
        engine.start()
        pid = engine.pid

        with pytest.raises(EngineRefused):
            engine.call("refuse", {"code": "out_of_memory"}, timeout=20)

        assert not is_alive(pid)
        assert engine.call("echo", {"again": True}, timeout=20).fields == {"again": True}

    def test_ticks_while_it_waits(self, engine, monkeypatch):
        monkeypatch.setattr(engine_waiting, "TICK", 0.05)
        ticks = []

        engine.call("sleep", {"seconds": 0.5}, timeout=20, on_wait=lambda: ticks.append(1))

        assert len(ticks) >= 4

    def test_ends_the_child_if_whoever_waits_gives_up(self, engine, monkeypatch):
        monkeypatch.setattr(engine_waiting, "TICK", 0.05)
        engine.start()
        pid = engine.pid

        def give_up():
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            engine.call("sleep", {"seconds": 60}, timeout=60, on_wait=give_up)

        assert not is_alive(pid)


class TestDeath:
    @pytest.mark.parametrize("by", ["SIGKILL", "SIGSEGV", "SIGABRT"])
    def test_is_told_with_its_signal_and_last_words(self, engine, by):
        with pytest.raises(EngineDied, match=f"{by}.* in die.*the last thing it said"):
            engine.call("die", {"by": by}, timeout=20)

    def test_is_told_from_running_out_of_memory(self, engine):
        with pytest.raises(EngineDied, match="ran out of memory"):
            engine.call("exhaust", {}, timeout=20)

    def test_is_followed_by_a_new_child(self, engine):
        with pytest.raises(EngineDied):
            engine.call("die", {"by": "SIGKILL"}, timeout=20)

        assert engine.call("echo", {"again": True}, timeout=20).fields == {"again": True}

    def test_between_calls_goes_unnoticed(self, engine):
        engine.start()
        os.kill(engine.pid, signal.SIGKILL)
        wait_until_gone(engine.pid)

        assert engine.call("echo", {"again": True}, timeout=20).fields == {"again": True}

    def test_comes_with_bytes_that_are_no_frame(self, engine):
        engine.start()
        pid = engine.pid

        with pytest.raises(EngineDied, match="A frame gives its length"):
            engine.call("babble", {}, timeout=20)

        assert not is_alive(pid)

    def test_comes_when_time_is_up(self, engine):
        engine.start()
        pid = engine.pid

        with pytest.raises(EngineTimedOut, match=r"longer than 0\.3 s"):
            engine.call("sleep", {"seconds": 60}, timeout=0.3)

        assert not is_alive(pid)

    def test_takes_what_the_child_started_with_it(self, engine):
        heard = []

        with pytest.raises(EngineTimedOut):
            engine.call("breed", {}, timeout=1, on_progress=heard.append)

        assert wait_until_gone(heard[0]["child"])

    def test_at_the_start_is_told(self, monkeypatch):
        broken = [sys.executable, "-c", "raise SystemExit('no torch here')"]
        monkeypatch.setattr(engine_box, "command", lambda device, scratch, **how: broken)

        with EngineChild() as child, pytest.raises(EngineDied, match="no torch here"):
            child.start()

    def test_of_a_program_that_is_not_there_is_told(self, monkeypatch):
        monkeypatch.setattr(
            engine_box, "command", lambda device, scratch, **how: ["/nowhere/python"]
        )

        with EngineChild() as child, pytest.raises(EngineDied, match="could not be started"):
            child.start()

    def test_of_the_parent_is_the_childs(self, tmp_path):
        program = (
            "from workers import engine_box, engine_link\n"
            f"engine_box.command = lambda device, scratch, **how: {[*FAKE, '--boxed']!r}\n"
            "child = engine_link.EngineChild()\n"
            "child.start()\n"
            "print(child.pid, flush=True)\n"
            "child.call('sleep', {'seconds': 600}, timeout=600)\n"
        )
        parent = subprocess.Popen(
            [sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=engine_box.ROOT, text=True
        )
        with parent:
            child = int(parent.stdout.readline())
            parent.kill()

        assert wait_until_gone(child)


class TestClose:
    def test_leaves_neither_process_nor_folder(self, engine):
        engine.start()
        pid, scratch = engine.pid, engine._process.scratch
        assert scratch.is_dir()

        engine.close()

        assert engine.pid is None
        assert not is_alive(pid)
        assert not scratch.exists()


class TestScratch:
    def test_of_a_parent_that_was_killed_is_swept_up(self, engine, tmp_path, monkeypatch):
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        gone = subprocess.Popen([sys.executable, "-c", ""])
        gone.wait()
        stray = tmp_path / f"loradex-engine-{gone.pid}-x"
        living = tmp_path / f"loradex-engine-{os.getpid()}-x"
        stray.mkdir()
        living.mkdir()

        engine.start()

        assert not stray.exists()
        assert living.exists()


class TestBox:
    def test_passes_on_no_secret(self, engine, monkeypatch):
        for name, value in SECRETS.items():
            monkeypatch.setenv(name, value)

        environment = engine.call("environment", {}, timeout=20).fields

        assert not SECRETS.keys() & environment.keys()
        assert "secret" not in " ".join(environment.values())

    def test_gives_a_home_that_goes_with_the_child(self, engine):
        environment = engine.call("environment", {}, timeout=20).fields

        assert environment["HOME"] == environment["TMPDIR"] == str(engine._process.scratch)
        assert environment["HF_HUB_OFFLINE"] == "1"

    def test_takes_the_network_away(self, monkeypatch):
        boxed = [*FAKE, "--boxed"]
        monkeypatch.setattr(engine_box, "command", lambda device, scratch, **how: boxed)

        with EngineChild() as child:
            hello = child.start()
            if not hello["network_off"]:
                pytest.skip("NOT CHECKED: this system lets nobody leave the network.")
            namespace = Path(f"/proc/{child.pid}/ns/net").readlink()

        assert str(namespace) != engine_box.network_namespace()

    def test_takes_the_network_away_by_bubblewrap_too(self, monkeypatch):
        if not engine_box.working_bubblewrap():
            pytest.skip("NOT CHECKED: no bubblewrap, or it may not be used here.")
        monkeypatch.setattr(
            engine_box,
            "command",
            lambda device, scratch, **how: [*engine_box._box("bwrap", scratch), *FAKE, "--boxed"],
        )

        with EngineChild() as child:
            assert child.start()["network_off"]
            assert child.call("echo", {"boxed": True}, timeout=20).fields == {"boxed": True}

    def test_says_in_the_log_what_it_could_not_take_away(self, engine, monkeypatch, caplog):
        engine.hello = {"limits": ["the network could not be taken away from it."]}

        with caplog.at_level(logging.WARNING, logger="workers.engine"):
            engine._report_limits()

        assert "network could not" in caplog.text
