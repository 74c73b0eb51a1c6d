"""
A turn of a device: it takes what suits it, one after another, until nothing is left for it.

A message says that something waits, and begins a turn. Whoever finds that more waits than it takes
passes the message on, once, so that one message is enough to set all idle devices to work; and it
ends its turn after some minutes, so that other messages of the queue are heard too.

A message that a worker has fetched dies with it. So each worker that begins sends one for what
waits already, rather than leave that to the reaper, which gives messages minutes to be answered.

What is left to others (they are at its base, or it was set aside) is looked at again and again for
a while, since it may become this device's at any time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from registry.models import Blueprint, Preparation
from registry.services import scheduling
from workers.devices import Device
from workers.holding import is_told_to_stop, owner

logger = logging.getLogger(__name__)

A_TURN = 300.0  # seconds after which nothing more is taken
PATIENCE = 30.0  # seconds that a device waits while there is only what is left to others
A_LOOK = 2.0  # seconds between two looks


def begin(**_: object) -> None:
    """Have a turn begun where something waits, as soon as this worker listens."""
    close_old_connections()
    try:
        scheduling.pass_on()
    except DatabaseError as error:
        logger.warning("could not look for what waits: %s; the reaper will.", error)


def work_off(device: Device, do: Callable[[Any], None]) -> None:
    """Have `do` done with each row that is taken. It sees to its errors itself."""
    ends = time.monotonic() + A_TURN
    waits_until = time.monotonic() + PATIENCE
    passed_on = False
    while time.monotonic() < ends and not is_told_to_stop():
        row = _taken(device)
        passed_on = passed_on or scheduling.pass_on()
        if row is not None:
            do(row)
            device.doing = ""
            waits_until = time.monotonic() + PATIENCE
        elif not scheduling.anything_waits() or time.monotonic() > waits_until:
            return
        else:
            time.sleep(A_LOOK)
    scheduling.pass_on()


def _taken(device: Device) -> Any:
    close_old_connections()  # a turn is long, and the database may have been away
    now = timezone.now()
    row = scheduling.take(device.asks(now), owner=owner(), now=now)
    if row is not None and not isinstance(row, Preparation):  # … which is done on no base
        device.goes_to(row.base if isinstance(row, Blueprint) else row.version.base)
    return row
