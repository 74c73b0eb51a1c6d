"""Run what fills a new hub, and pass on at the terminal what it says."""

from __future__ import annotations

from hub.up import screen
from hub.up.children import Program
from hub.up.readiness import why_it_ended
from hub.up.supervisor import Supervisor

_LOOK_EVERY = 0.3


def show(supervisor: Supervisor, program: Program) -> None:
    """
    Return when the program is through, or cannot go on; the hub runs on either way.

    :raises CannotStart: if one of the hub's processes cannot be kept running meanwhile
    :raises Stopped: if somebody asks us to stop meanwhile
    """
    child = supervisor.begin(program)
    shown = 0
    running = True
    while running:
        running = child.exit_code() is None
        whole, end, _unfinished = child.said().rpartition("\n")
        lines = (whole + end).splitlines()
        for line in lines[shown:]:
            screen.say(f"  {program.name}: {line}")
        shown = len(lines)
        supervisor.look_after()
        supervisor.pause(_LOOK_EVERY)
    if child.exit_code():
        screen.say(f"  {why_it_ended(child)}")
