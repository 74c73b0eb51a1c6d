"""Load the demo adapters, and tell at the terminal how the workers get on with judging them."""

from __future__ import annotations

from collections.abc import Mapping

from hub.up import screen, services
from hub.up.readiness import why_it_ended
from hub.up.supervisor import Supervisor

_LOOK_EVERY = 0.3


def show(supervisor: Supervisor, environment: Mapping[str, str]) -> None:
    """
    Return when the demo is loaded and judged, or cannot be; the hub runs on either way.

    :raises CannotStart: if one of the hub's processes cannot be kept running meanwhile
    :raises Stopped: if somebody asks us to stop meanwhile
    """
    child = supervisor.begin(services.load_demo(environment))
    shown = 0
    running = True
    while running:
        running = child.exit_code() is None
        whole, end, _unfinished = child.said().rpartition("\n")
        lines = (whole + end).splitlines()
        for line in lines[shown:]:
            screen.say(f"  demo: {line}")
        shown = len(lines)
        supervisor.look_after()
        supervisor.pause(_LOOK_EVERY)
    if child.exit_code():
        screen.say(f"  {why_it_ended(child)}")
