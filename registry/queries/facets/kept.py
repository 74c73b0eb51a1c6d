"""
The shelf of what is published, kept by each process and filled anew when something changes.

To fill it takes a second where there are a hundred thousand adapters. So it is kept for a while
that grows with what it costs, and once there is one, a large one is filled in the background: its
counts may be some seconds old, and keep nobody waiting. Where filling costs nothing they are exact.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from logging import getLogger

from django.db import DatabaseError, connection

from registry.models import AdapterVersion
from registry.queries import adapters
from registry.queries.facets import bases, shelf

logger = getLogger(__name__)

AT_ONCE = 0.1  # seconds that one may be kept waiting for exact counts
SPARED = 20  # times what filling takes: for so long at least a shelf is kept
OLDEST = 60.0  # seconds, though nothing tells of a change: rows may come in by another way


@dataclass(frozen=True, slots=True)
class Kept:
    """A shelf with the tree of bases, and what is known of when it was filled."""

    shelf: shelf.Shelf
    tree: bases.Tree
    revision: str
    at: float
    took: float


_filling = threading.Lock()
_kept: Kept | None = None


def published() -> Kept:
    """Return the shelf of what is published, filled now or not long ago."""
    kept = _kept
    stale = kept is not None and _is_stale(kept)
    if kept is None or (stale and kept.took <= AT_ONCE):
        return _fill()
    if stale and not _filling.locked():
        warm()
    return kept


def warm() -> None:
    """Fill the shelf in a thread of its own, so that nobody has to wait for it."""
    threading.Thread(target=_fill_behind, name="shelf", daemon=True).start()


def forget() -> None:
    """Let the next question fill the shelf anew."""
    global _kept  # noqa: PLW0603  what a process keeps
    _kept = None


def _is_stale(kept: Kept) -> bool:
    age = time.monotonic() - kept.at
    if age > max(OLDEST, SPARED * kept.took):
        return True
    spared = SPARED * kept.took if kept.took > AT_ONCE else 0.0
    return age >= spared and kept.revision != adapters.revision()


def _fill() -> Kept:
    global _kept  # noqa: PLW0603
    asked = time.monotonic()
    with _filling:
        if _kept is not None and _kept.at >= asked:
            return _kept  # somebody else filled it meanwhile
        began = time.monotonic()
        revision = adapters.revision()
        found = shelf.fill(AdapterVersion.objects.published())
        ended = time.monotonic()
        _kept = Kept(found, bases.tree(), revision, at=ended, took=ended - began)
        return _kept


def _fill_behind() -> None:
    try:
        _fill()
    except DatabaseError:
        logger.warning("The counts of facets could not be brought up to date.", exc_info=True)
    finally:
        connection.close()
