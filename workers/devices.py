"""
The devices of this worker: which there are, what each holds and does, and which bases it avoids.

Each thread of the pool keeps one device, and its engine, for as long as the worker lives. What is
noted here is what the hub is told of the device (workers/presence.py) and what it chooses its work
by (registry/services/scheduling.py); all of it is seen in the calls that the engine is sent.
"""

from __future__ import annotations

import logging
import os
import queue
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from registry.errors import Unavailable
from registry.models import BaseModel
from registry.services.scheduling import Asker
from registry.sweeps.choosing import Standing
from workers import places
from workers.engine_link import EngineChild, EngineDied, EngineRefused
from workers.frames import Frame

logger = logging.getLogger(__name__)

LOADING = "loading the base"  # as the engine says it
PAUSE = timedelta(minutes=1)  # that a base is left alone which did not load; twice as long …
LONGEST_PAUSE = timedelta(minutes=16)  # … each time, up to this
LATELY = 0.5  # how much the newest row counts in what a cell takes lately


@dataclass(frozen=True, slots=True)
class Aside:
    """A base that did not load here, and is left alone for a while."""

    until: datetime
    pause: timedelta
    reason: str


@dataclass(slots=True)
class Device:
    """One device. The thread that has it writes here; others only read."""

    place: str  # cpu, cuda:0 …
    title: str = ""
    at: int | None = None  # the base that it used last
    came: datetime | None = None  # when it came to that base
    doing: str = ""
    seconds_a_cell: float | None = None
    aside: dict[int, Aside] = field(default_factory=dict)
    bases: dict[str, int] = field(default_factory=dict)  # slug → key, of what it was given
    held: frozenset[int] = frozenset()  # in the engine's memory, as it last said

    def asks(self, now: datetime) -> Asker:
        """Return what it asks for work with."""
        standing = Standing(
            at=self.at,
            since=self.came,
            holds=self.held if self.at is None else self.held | {self.at},
            avoids={base for base, one in list(self.aside.items()) if one.until > now},
        )
        return Asker(worker_name(), self.place, standing, places.bases_here())

    def goes_to(self, base: BaseModel) -> None:
        """Note what base its next work is for; one without weights here leaves the held one be."""
        self.bases[base.slug] = base.pk
        if self.at != base.pk and base.pk in places.bases_here():
            self.at, self.came, self.seconds_a_cell = base.pk, timezone.now(), None

    def lost(self) -> None:
        """Note that no base is in memory any more."""
        self.at = self.came = self.seconds_a_cell = None
        self.held = frozenset()

    def keeps(self, slugs: Iterable[str]) -> None:
        """Note which bases the engine has in memory."""
        self.held = frozenset(self.bases[slug] for slug in slugs if slug in self.bases)

    def put_aside(self, base: int, *, reason: str) -> None:
        """Leave a base alone for a while, longer each time that it does not load."""
        last = self.aside.get(base)
        pause = min(2 * last.pause, LONGEST_PAUSE) if last else PAUSE
        self.aside[base] = Aside(timezone.now() + pause, pause, reason)
        logger.warning("base %s is left alone for %s on %s: %s", base, pause, self.place, reason)

    def rendered(self, cells: int, *, seconds: float) -> None:
        """Note how long cells took."""
        each, before = seconds / cells, self.seconds_a_cell
        self.seconds_a_cell = each if before is None else before + LATELY * (each - before)


class WatchedEngine(EngineChild):
    """A device's engine: what it is asked, and what becomes of it, is noted at the device."""

    def __init__(self, watched: Device) -> None:
        super().__init__(watched.place, compiled=settings.COMPILED)
        self.watched = watched

    def start(self, **how: Any) -> dict[str, Any]:
        hello = super().start(**how)
        self.watched.title = str(hello.get("device_name", ""))
        return hello

    def call(
        self,
        verb: str,
        fields: Mapping[str, Any],
        *,
        timeout: float,
        on_progress: Callable[[dict[str, Any]], None] | None = None,
        on_wait: Callable[[], None] | None = None,
    ) -> Frame:
        call = _Call(self.watched, fields)

        def progress(told: dict[str, Any]) -> None:
            call.at_stage(str(told["stage"]))
            if on_progress:
                on_progress(told)

        try:
            frame = super().call(
                verb, fields, timeout=timeout, on_progress=progress, on_wait=on_wait
            )
        except BaseException as error:
            call.failed(error)
            raise
        call.answered(frame)
        return frame


class _Call:
    """One call of the engine, as it goes."""

    def __init__(self, device: Device, fields: Mapping[str, Any]) -> None:
        base = fields.get("base") or {}
        self.device = device
        self.base = device.bases.get(base.get("slug", "")) if base.get("folder") else None
        self.cells = len(fields.get("weights") or ()) - len(fields.get("skip") or ())
        self.stage = ""
        self._at_work_since = time.monotonic()

    def at_stage(self, stage: str) -> None:
        if self.stage == LOADING != stage:
            self._at_work_since = time.monotonic()
        self.stage = self.device.doing = stage

    def answered(self, frame: Frame) -> None:
        if self.base is None:
            return
        self.device.keeps(frame.fields.get("bases") or ())
        self.device.aside.pop(self.base, None)
        if self.cells > 0:
            self.device.rendered(self.cells, seconds=time.monotonic() - self._at_work_since)

    def failed(self, error: BaseException) -> None:
        refused = error.code if isinstance(error, EngineRefused) else ""
        if self.base is not None and (
            refused == "base_unreadable"
            or (isinstance(error, EngineDied) and self.stage == LOADING)
        ):
            self.device.put_aside(self.base, reason=str(error))
        if refused in {"", "base_unreadable", "out_of_memory"}:
            self.device.lost()


# --- Which there are ---------------------------------------------------------------------------


def worker_name() -> str:
    """Return what this worker is called: by its machine and process."""
    return f"{socket.gethostname()}:{os.getpid()}"


def places_to_work() -> list[str]:
    """Return the devices of this worker: as set, else every CUDA device, else the CPU."""
    if settings.DEVICES:
        return list(settings.DEVICES)
    program = shutil.which("nvidia-smi")
    if program is None:
        return ["cpu"]
    listed = subprocess.run(  # noqa: S603
        [program, "--list-gpus"], capture_output=True, text=True, timeout=20, check=False
    )
    return [f"cuda:{index}" for index, _ in enumerate(listed.stdout.splitlines())] or ["cpu"]


ALL = tuple(Device(place) for place in places_to_work())

_mine = threading.local()
_free: queue.SimpleQueue[Device] = queue.SimpleQueue()
for _device in ALL:
    _free.put(_device)


def mine() -> Device:
    """Return this thread's device."""
    if not hasattr(_mine, "device"):
        _mine.device = _free.get(timeout=10)
    device: Device = _mine.device
    return device


def base_fields(base: BaseModel) -> dict[str, Any] | None:
    """
    Return what places.base_fields does; a base whose weights cannot be had is left alone here.

    :raises Unavailable: if they lie in a bucket, and cannot be had
    """
    try:
        return places.base_fields(base)
    except Unavailable as error:
        mine().put_aside(base.pk, reason=str(error))
        mine().at = mine().came = None  # it has gone nowhere
        raise


def engine() -> EngineChild:
    """Return the engine of this thread's device."""
    if not hasattr(_mine, "engine"):
        _mine.engine = WatchedEngine(mine())
    child: EngineChild = _mine.engine
    return child
