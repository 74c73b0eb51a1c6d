"""Waiting, with an end to it."""

from __future__ import annotations

import time
from collections.abc import Callable

from hub.up.children import Child, last_words
from hub.up.errors import CannotStart

_PAUSE = 0.05


def wait_for(child: Child, ready: Callable[[], bool], *, within: float) -> None:
    """
    Return once `ready` says so.

    :raises CannotStart: if the child ends first, or `within` seconds pass
    """
    until = time.monotonic() + within
    while not ready():
        ended = child.exit_code()
        if ended is not None:
            raise CannotStart(
                f"{child.program.name} ended at once (exit {ended}): {last_words(child.log)} "
                f"The whole log: {child.log}"
            )
        if time.monotonic() > until:
            raise CannotStart(
                f"{child.program.name} was not ready within {within:.0f} s; its log: {child.log}"
            )
        time.sleep(_PAUSE)
