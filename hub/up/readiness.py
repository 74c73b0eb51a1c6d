"""Waiting, with an end to it."""

from __future__ import annotations

import time
from collections.abc import Callable

from hub.up.children import Child
from hub.up.errors import CannotStart

_PAUSE = 0.05


def wait_for(
    child: Child,
    ready: Callable[[], bool],
    *,
    within: float,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """
    Return once `ready` says so.

    :raises CannotStart: if the child ends first, or `within` seconds pass
    """
    until = time.monotonic() + within
    while not ready():
        if child.exit_code() is not None:
            raise CannotStart(why_it_ended(child))
        if time.monotonic() > until:
            raise CannotStart(
                f"{child.program.name} was not ready within {within:.0f} s; its log is {child.log}"
            )
        pause(_PAUSE)


def wait_for_success(
    child: Child, *, within: float, pause: Callable[[float], None] = time.sleep
) -> None:
    """
    Return once the child has ended well.

    :raises CannotStart: if it ends badly, or `within` seconds pass
    """
    until = time.monotonic() + within
    while child.exit_code() is None:
        if time.monotonic() > until:
            raise CannotStart(
                f"{child.program.name} took longer than {within:.0f} s; its log is {child.log}"
            )
        pause(_PAUSE)
    if child.exit_code():
        raise CannotStart(why_it_ended(child))


def why_it_ended(child: Child) -> str:
    """Return a sentence with the child's last words in it."""
    last = child.said().strip().rpartition("\n")[2]
    how = f"{child.how_it_ended()}: {last}" if last else child.how_it_ended()
    return f"{child.program.name} ended ({how}); its log is {child.log}"
