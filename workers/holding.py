"""
Holding a run while working on it: the claim, the heartbeat, and what becomes of an error.

A task asks for a run by id. If somebody else holds it, or it has moved on, there is nothing to do:
messages may come twice. While the task works, a thread renews the lease; a task that finds its
lease lost stops, and what it wrote is void. A worker that is told to stop puts its runs down at the
next chance, so that another, or the same after a restart, takes them up at once.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery.signals import worker_shutting_down
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from registry.errors import LeaseLost, RegistryError, WrongState
from registry.models import ValidationRun
from registry.services import runs
from workers.engine_link import EngineError

logger = logging.getLogger(__name__)

_told_to_stop = threading.Event()


class Stopping(Exception):
    """This worker was told to stop; whatever it holds is to be put down."""


@worker_shutting_down.connect
def _stop(**_: object) -> None:
    _told_to_stop.set()


class Held:
    """A run that this task holds. `show` says how far it is; the heartbeat carries it on."""

    def __init__(self, run: ValidationRun) -> None:
        self.run = run
        self.lost = threading.Event()
        self._progress: dict[str, Any] | None = None

    def show(self, *, done: int, of: int, saying: str) -> None:
        """
        Say how far the work is, and stop if it is not to go on.

        :raises LeaseLost: if the run is somebody else's by now
        :raises Stopping: if this worker was told to stop
        """
        self._progress = {"done": done, "of": of, "saying": saying}
        self.check()
        self.renew()

    def check(self) -> None:
        """
        Stop the work if it is not to go on. Costs nothing.

        :raises LeaseLost: if another worker has taken the run over
        :raises Stopping: if this worker was told to stop
        """
        if self.lost.is_set():
            raise LeaseLost(f"Run {self.run.pk} was taken over by another worker.")
        if _told_to_stop.is_set():
            raise Stopping

    def renew(self) -> None:
        """:raises LeaseLost: if another worker has taken the run over"""
        runs.renew(self.run, now=timezone.now(), progress=self._progress)


@contextmanager
def held(run_id: str, stage: ValidationRun.Stage) -> Iterator[Held | None]:
    """Claim the run for the time of the block; None where there is nothing (more) to do."""
    owner = f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"
    try:
        run = runs.claim(run_id, stage, owner=owner, now=timezone.now())
    except WrongState as nothing:
        logger.info("%s", nothing)
        yield None
        return
    holding = Held(run)
    try:
        with _heartbeat(holding):
            yield holding
    except LeaseLost as lost:
        logger.warning("%s", lost)
    except Stopping:
        logger.info("run %s is put down at %s: this worker stops", run.pk, stage)
        runs.put_down(run)
    except Exception as error:  # whatever went wrong, the run must not be left hanging
        logger.exception("run %s at %s", run.pk, stage)
        _give_back(run, error)


@contextmanager
def _heartbeat(holding: Held) -> Iterator[None]:
    done = threading.Event()
    beat = threading.Thread(target=_beat, args=(holding, done), daemon=True)
    beat.start()
    try:
        yield
    finally:
        done.set()
        beat.join(timeout=10)


def _beat(holding: Held, done: threading.Event) -> None:
    while not done.wait(settings.LEASE.total_seconds() / 3):
        try:
            holding.renew()
        except LeaseLost:
            holding.lost.set()
            break
        except DatabaseError as error:
            logger.warning("could not renew the lease of run %s: %s", holding.run.pk, error)
            connection.close()
    connection.close()


def _give_back(run: ValidationRun, error: Exception) -> None:
    told = isinstance(error, RegistryError | EngineError)
    reason = str(error) if told else f"{type(error).__name__}: {error}"
    try:
        runs.release(run, reason=reason[:2000], now=timezone.now())
    except LeaseLost as lost:
        logger.warning("%s", lost)
