"""
Saying that this worker is there: a row for each of its devices, written every few seconds.

A thread of its own does it, so that a device is seen while it works and while it waits. What is
written is for people to read and for other workers to choose by; nobody ever waits for it.
"""

from __future__ import annotations

import logging
import threading
from typing import Any

from django.db import DatabaseError, connection
from django.utils import timezone

from registry.services import workers
from workers import devices, places

logger = logging.getLogger(__name__)

EVERY = 10.0  # seconds

_done = threading.Event()


def begin(**_: object) -> None:
    """Go on telling, from now on, as long as this process lives."""
    threading.Thread(target=_go_on, daemon=True, name="presence").start()


def end(**_: object) -> None:
    """Take this worker's rows away: what it held is free at once."""
    _done.set()
    _carefully(lambda: workers.gone(name=devices.worker_name()))


def _go_on() -> None:
    while not _done.is_set():
        _carefully(tell)
        _done.wait(EVERY)


def tell() -> None:
    """Write the rows of all devices as they are now."""
    has = sorted(places.bases_here())
    for device in devices.ALL:
        workers.seen(
            name=devices.worker_name(),
            device=device.place,
            now=timezone.now(),
            **_says(device, has),
        )


def _says(device: devices.Device, has: list[int]) -> dict[str, Any]:
    now = timezone.now()
    aside = {
        str(base): {"until": one.until.isoformat(), "reason": one.reason[:500]}
        for base, one in list(device.aside.items())
        if one.until > now
    }
    return {
        "device_name": device.title[:80],
        "holds_id": device.at,
        "has": has,
        "aside": aside,
        "doing": device.doing[:200],
        "seconds_a_cell": device.seconds_a_cell,
    }


def _carefully(act: Any) -> None:
    try:
        act()
    except DatabaseError as error:
        logger.warning("could not say that this worker is there: %s", error)
    finally:
        connection.close()
