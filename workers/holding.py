"""
Holding a row while working on it: the claim, the heartbeat, and what becomes of an error.

A task asks for a run, or a request, by id. If somebody else holds it, or it has moved on, there is
nothing to do: messages may come twice. While the task works, a thread renews the lease; a task that
finds its lease lost stops, and what it wrote is void. A worker that is told to stop puts what it
holds down at the next chance, so that another, or the same after a restart, takes it up at once.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from celery.signals import worker_shutting_down
from django.conf import settings
from django.db import DatabaseError, connection, models
from django.utils import timezone

from registry.errors import LeaseLost, RegistryError, WrongState
from registry.models import ValidationRun
from registry.services import runs
from workers.engine_link import EngineError

logger = logging.getLogger(__name__)

Row = TypeVar("Row", bound=models.Model)
Row_contra = TypeVar("Row_contra", bound=models.Model, contravariant=True)
Carried = TypeVar("Carried", bound="Hold[Any]")

_told_to_stop = threading.Event()


class Stopping(Exception):
    """This worker was told to stop; whatever it holds is to be put down."""


@worker_shutting_down.connect
def _stop(**_: object) -> None:
    _told_to_stop.set()


def is_told_to_stop() -> bool:
    return _told_to_stop.is_set()


class Service(Protocol[Row_contra]):
    """What is done with a row that a worker holds; LeaseLost if it is not its own any more."""

    def renew(
        self, row: Row_contra, /, *, now: datetime, progress: dict[str, Any] | None = None
    ) -> None:
        """Show that the holder is alive, and how far it is."""

    def release(self, row: Row_contra, /, *, reason: str, now: datetime, log: str = "") -> None:
        """Give it back after an error."""

    def put_down(self, row: Row_contra, /) -> None:
        """Give it back unharmed."""


class Hold(Generic[Row]):
    """A row that this task holds. `show` says how far it is; the heartbeat carries it on."""

    def __init__(self, row: Row, service: Service[Row]) -> None:
        self.row = row
        self.service = service
        self.lost = threading.Event()
        self._progress: dict[str, Any] | None = None

    def show(self, *, done: int, of: int, saying: str, left: float | None = None) -> None:
        """
        Say how far the work is, how many seconds are left, and stop if it is not to go on.

        :raises LeaseLost: if the row is somebody else's by now
        :raises Stopping: if this worker was told to stop
        """
        self.note(done=done, of=of, saying=saying, left=left)
        self.check()
        self.renew()

    def note(self, *, done: int, of: int, saying: str, left: float | None = None) -> None:
        """Say how far the work is with the next renewal. Costs nothing."""
        self._progress = {"done": done, "of": of, "saying": saying, "left": left}

    def check(self) -> None:
        """
        Stop the work if it is not to go on. Costs nothing.

        :raises LeaseLost: if the row is not this task's any more
        :raises Stopping: if this worker was told to stop
        """
        if self.lost.is_set():
            raise LeaseLost(f"{self} is not this worker's any more.")
        if is_told_to_stop():
            raise Stopping

    def renew(self) -> None:
        """:raises LeaseLost: if the row is not this task's any more"""
        self.service.renew(self.row, now=timezone.now(), progress=self._progress)

    def __str__(self) -> str:
        return f"{type(self.row).__name__} {self.row.pk}"


class Held(Hold[ValidationRun]):
    """A validation run that this task holds."""

    @property
    def run(self) -> ValidationRun:
        return self.row


@contextmanager
def held(run_id: str, stage: ValidationRun.Stage) -> Iterator[Held | None]:
    """Claim the run for the time of the block; None where there is nothing (more) to do."""
    try:
        run = runs.claim(run_id, stage, owner=owner(), now=timezone.now())
    except WrongState as nothing:
        logger.info("%s", nothing)
        yield None
        return
    with carried(Held(run, runs)) as holding:
        yield holding


def owner() -> str:
    """Return who holds what this thread holds."""
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"


@contextmanager
def carried(holding: Carried) -> Iterator[Carried]:
    """Keep the lease alive for the time of the block, and see to what becomes of an error."""
    try:
        with _heartbeat(holding):
            yield holding
    except LeaseLost as lost:
        logger.warning("%s", lost)
    except Stopping:
        logger.info("%s is put down: this worker stops", holding)
        holding.service.put_down(holding.row)
    except Exception as error:  # whatever went wrong, the row must not be left hanging
        logger.exception("%s", holding)
        _give_back(holding, error)


@contextmanager
def _heartbeat(holding: Hold[Any]) -> Iterator[None]:
    done = threading.Event()
    beat = threading.Thread(target=_beat, args=(holding, done), daemon=True)
    beat.start()
    try:
        yield
    finally:
        done.set()
        beat.join(timeout=10)


def _beat(holding: Hold[Any], done: threading.Event) -> None:
    while not done.wait(settings.LEASE.total_seconds() / 3):
        try:
            holding.renew()
        except LeaseLost:
            holding.lost.set()
            break
        except DatabaseError as error:
            logger.warning("could not renew the lease of %s: %s", holding, error)
            connection.close()
    connection.close()


def _give_back(holding: Hold[Any], error: Exception) -> None:
    told = isinstance(error, RegistryError | EngineError)
    reason = str(error) if told else f"{type(error).__name__}: {error}"
    try:
        holding.service.release(
            holding.row, reason=reason[:2000], now=timezone.now(), log=traceback.format_exc()
        )
    except LeaseLost as lost:
        logger.warning("%s", lost)
