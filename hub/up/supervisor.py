"""
Start everything in order, keep it running, and stop it in order.

A child that ends by itself is started again, a little later each time; one that ends three times
within a minute cannot be helped, and then everything stops with a sentence that names its log.
"""

from __future__ import annotations

import os
import signal
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType

from hub.up import screen
from hub.up.children import Child, Program, put_aside_if_long, stop_together
from hub.up.errors import CannotStart
from hub.up.folder import DataFolder
from hub.up.readiness import wait_for, wait_for_success
from hub.up.services import Service

_MINUTE = 60.0
_DEATHS = 3
_LOOK_EVERY = 0.2
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """Somebody asked us to stop."""


@dataclass(slots=True)
class _Watched:
    service: Service
    child: Child | None
    ready: bool = False
    start_at: float = 0.0
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=_DEATHS))


class Supervisor:
    """
    The children of one data folder.

    To be used as a context: at its end, everything that was started is stopped, the latest first.
    """

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        self._groups: list[list[_Watched]] = []
        self._tasks: list[Child] = []
        self._asked = False

    def __enter__(self) -> Supervisor:
        for number in _STOP_SIGNALS:
            signal.signal(number, self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        if not self._groups and not self._tasks:
            return
        began = time.monotonic()
        screen.say("Stopping …")
        stop_together(self._tasks, within=0)
        while self._groups:
            group = [watched for watched in self._groups.pop() if watched.child]
            within = max((watched.service.stop_within for watched in group), default=0)
            stop_together([each.child for each in group if each.child], within=within)
        screen.say(f"Stopped after {time.monotonic() - began:.1f} s.")

    def launch(self, *services: Service) -> None:
        """
        Start services, which will be stopped together, and wait for none.

        :raises CannotStart: if one cannot be started
        """
        group: list[_Watched] = []
        self._groups.append(group)
        for service in services:
            # Noted one by one: if the next cannot be started, these are stopped.
            group.append(_Watched(service, self._start(service)))  # noqa: PERF401

    def wait_until_ready(self) -> None:
        """
        Return when everything launched so far is ready.

        :raises CannotStart: if something ends, or does not get ready in its time
        :raises Stopped: if somebody asks us to stop meanwhile
        """
        for watched in (each for group in self._groups for each in group):
            if watched.child and not watched.ready:
                self._wait_for(watched.service, watched.child)
                watched.ready = True

    def run(self, program: Program, *, within: float) -> None:
        """
        Run a program to its end.

        :raises CannotStart: if it ends badly, or takes longer than `within` seconds
        :raises Stopped: if somebody asks us to stop meanwhile
        """
        wait_for_success(self.begin(program), within=within, pause=self.pause)

    def begin(self, program: Program) -> Child:
        """Start a program that ends by itself."""
        child = Child(program, log=self._folder.log_of(program.name))
        self._tasks.append(child)
        return child

    def pause(self, seconds: float) -> None:
        """
        Wait.

        :raises Stopped: if somebody asks us to stop
        """
        until = time.monotonic() + seconds
        while True:
            if self._asked:
                raise Stopped
            left = until - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, _LOOK_EVERY))

    def watch(self) -> None:
        """
        Start again whatever ends, for ever.

        :raises CannotStart: if a child ends too often
        :raises Stopped: if somebody asks us to stop
        """
        while True:
            self.look_after()
            self.pause(_LOOK_EVERY)

    def look_after(self) -> None:
        """Look at every child once."""
        for group in self._groups:
            for watched in group:
                if watched.child:
                    put_aside_if_long(watched.child.log)
                    if watched.child.exit_code() is not None:
                        self._mourn(watched, watched.child)
                if watched.child is None and time.monotonic() >= watched.start_at:
                    watched.child = self._start(watched.service)

    def _start(self, service: Service) -> Child:
        if service.before:
            service.before()
        return Child(service.program, log=self._folder.log_of(service.program.name))

    def _wait_for(self, service: Service, child: Child) -> None:
        wait_for(child, lambda: service.ready(child), within=service.within, pause=self.pause)
        screen.ready(service.title, since=child.began)

    def _mourn(self, watched: _Watched, child: Child) -> None:
        now = time.monotonic()
        watched.deaths.append(now)
        watched.child = None
        child.end()  # Its own children may live on.
        recent = sum(now - death < _MINUTE for death in watched.deaths)
        how = f"{watched.service.title} ended ({child.how_it_ended()})"
        if recent >= _DEATHS:
            raise CannotStart(f"{how} {_DEATHS} times within a minute: {child.log} says why.")
        wait = 2.0 ** (recent - 1) - 0.5
        watched.start_at = now + wait
        screen.say(f"  {how}; it starts again in {wait:.1f} s. Its log: {child.log}")

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        if self._asked:  # Asked twice: somebody is in a hurry.
            _kill([each.child for group in self._groups for each in group if each.child])
        self._asked = True


def _kill(children: Sequence[Child]) -> None:
    for child in children:
        if child.exit_code() is None:
            os.killpg(child.pid, signal.SIGKILL)
