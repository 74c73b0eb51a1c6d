from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hub.up.children import Child, Program, stop_together
from hub.up.errors import CannotStart

STUBBORN = "trap '' TERM INT; echo up; while :; do sleep 0.1; done"


def start(script, tmp_path, **options):
    program = Program("child", ["/bin/sh", "-c", script], **options)
    child = Child(program, log=tmp_path / "child.log")
    eventually(lambda: "up" in child.said())
    return child


def eventually(true, *, within=10):
    until = time.monotonic() + within
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_child_is_told_what_it_is_told(tmp_path):
    child = start('echo "up with $COLOUR"', tmp_path, environment={"COLOUR": "blue"})
    child.wait(until=time.monotonic() + 10)

    assert child.said() == "up with blue\n"
    assert child.how_it_ended() == "exit code 0"


def test_a_child_leads_its_own_session(tmp_path):
    child = start("echo up; sleep 60", tmp_path)

    assert os.getsid(child.pid) == child.pid
    stop_together([child], within=5)


def test_a_child_that_will_not_stop_is_killed_with_its_own_children(tmp_path):
    child = start(f"({STUBBORN}) & echo $! > {tmp_path}/grandchild; {STUBBORN}", tmp_path)
    grandchild = int((tmp_path / "grandchild").read_text())
    began = time.monotonic()

    stop_together([child], within=0.5)

    assert 0.5 <= time.monotonic() - began < 3
    assert child.how_it_ended() == "SIGKILL"
    eventually(lambda: not alive(grandchild))


def test_what_an_earlier_child_said_is_not_taken_for_its_own(tmp_path):
    (tmp_path / "child.log").write_text("an earlier child: ready.\n")

    child = start("echo up", tmp_path)

    assert child.said() == "up\n"
    stop_together([child], within=5)


def test_a_long_log_is_put_aside(tmp_path, monkeypatch):
    monkeypatch.setattr("hub.up.children._LONGEST_LOG", 10)
    (tmp_path / "child.log").write_text("more than ten bytes\n")

    stop_together([start("echo up", tmp_path)], within=5)

    assert (tmp_path / "child.log").read_text() == "up\n"
    assert (tmp_path / "child.log.1").read_text() == "more than ten bytes\n"


def test_a_program_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CannotStart, match=r"/nowhere/at/all cannot be started: No such file"):
        Child(Program("lost", ["/nowhere/at/all"]), log=tmp_path / "lost.log")


@pytest.mark.slow
@pytest.mark.parametrize("owner", ["None", "unprivileged_owner()"], ids=["as we", "as nobody"])
def test_a_child_dies_with_a_parent_that_is_killed(tmp_path, owner):
    code = f"""if True:
        import sys, time
        from pathlib import Path
        from hub.up.children import Child, Program, unprivileged_owner
        program = Program("child", ["/bin/sleep", "300"], owner={owner})
        print(Child(program, log=Path(sys.argv[1])).pid, flush=True)
        time.sleep(300)
    """
    parent = subprocess.Popen(
        [sys.executable, "-c", code, tmp_path / "child.log"], stdout=subprocess.PIPE, text=True
    )
    child = int(parent.stdout.readline())
    assert alive(child)

    parent.send_signal(signal.SIGKILL)
    parent.communicate()

    eventually(lambda: not alive(child))
