"""
Holding a blueprint while its manifest is made: the claim, the renewals, what becomes of an error.

As workers/holding.py does for runs. A manifest takes seconds, and the engine calls back about once
a second while it works: so there is no thread for the heartbeat.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils import timezone

from registry.errors import RegistryError, WrongState
from registry.models import Blueprint
from registry.services import making
from workers.engine_link import EngineError, EngineRefused, EngineTimedOut

logger = logging.getLogger(__name__)

OUR_FAULT = {"unknown_verb", "bad_fields", "failed"}  # … of an engine of another day, or with a bug


class Held:
    """A blueprint that this task holds."""

    def __init__(self, blueprint: Blueprint) -> None:
        self.blueprint = blueprint
        self._renewed = time.monotonic()

    def check(self) -> None:
        """
        Renew the lease where it is time to.

        :raises LeaseLost: if another worker has taken the blueprint over
        """
        if time.monotonic() - self._renewed >= settings.LEASE.total_seconds() / 3:
            making.renew(self.blueprint, now=timezone.now())
            self._renewed = time.monotonic()


@contextmanager
def held(blueprint_id: str) -> Iterator[Held | None]:
    """Claim the blueprint for the time of the block; None where there is nothing (more) to do."""
    try:
        blueprint = making.claim(blueprint_id, now=timezone.now())
    except WrongState as nothing:
        logger.info("%s", nothing)
        yield None
        return
    with carried(blueprint) as holding:
        yield holding


@contextmanager
def carried(blueprint: Blueprint) -> Iterator[Held]:
    """See to what becomes of an error while a blueprint is held."""
    try:
        yield Held(blueprint)
    except WrongState as gone:  # another worker has it, or its base was removed meanwhile
        logger.warning("%s", gone)
    except Exception as error:  # whatever went wrong, the base must not be left waiting
        logger.exception("blueprint %s", blueprint.pk)
        _end(blueprint, error)


def _end(blueprint: Blueprint, error: Exception) -> None:
    now = timezone.now()
    try:
        if isinstance(error, EngineTimedOut):
            making.fail(blueprint, reason=_too_slow(), now=now)
        elif isinstance(error, EngineRefused) and error.code not in OUR_FAULT:
            making.fail(blueprint, reason=str(error), now=now)
        else:
            told = isinstance(error, RegistryError | EngineError)
            reason = str(error) if told else f"{type(error).__name__}: {error}"
            making.release(blueprint, reason=reason, now=now)
    except WrongState as lost:
        logger.warning("%s", lost)


def _too_slow() -> str:
    return (
        f"A model of this configuration is not laid out within {settings.MANIFEST_SECONDS} "
        "seconds: it is too large, or too deeply nested."
    )
