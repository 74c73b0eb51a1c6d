"""
The shelf of what is published, kept by each process and filled anew when something changes.

To fill it takes a second where there are a hundred thousand adapters. So it is kept for a while
that grows with what it costs, and once there is one, a large one is filled in the background: its
counts may be some seconds old, and keep nobody waiting. Where filling costs nothing they are exact,
and so are they for whoever comes first after a long silence: yesterday's counts beside today's list
would look like a fault.

While nothing changes it is not filled anew either: its thread would take the processor from those
who ask meanwhile.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from logging import getLogger

from django.db import DatabaseError, connection
from django.db.models import Count, Max

from registry.models import AdapterVersion
from registry.queries import adapters
from registry.queries.facets import bases, shelf

logger = getLogger(__name__)

AT_ONCE = 0.1  # seconds that one may be kept waiting for exact counts
FEW = 2_000  # rows that cost nothing, though a machine that was busy took long for them
SPARED = 20  # times what filling takes: for so long at least a shelf is kept
UNASKED = 60.0  # seconds, though no event tells of a change: rows may come in by another way
OLDEST = 600.0  # seconds, though there are as many rows as before: one may have been altered


@dataclass(frozen=True, slots=True)
class Mark:
    """What tells two states of the library apart, as far as that can be had cheaply."""

    revision: str  # of the events
    rows: int
    newest: int | None  # serial


@dataclass(frozen=True, slots=True)
class Kept:
    """A shelf with the tree of bases, and what is known of when it was filled."""

    shelf: shelf.Shelf
    tree: bases.Tree
    mark: Mark
    filled_at: float
    took: float
    seen_at: float  # when it was last found to be up to date


_filling = threading.Lock()
_kept: Kept | None = None


def published() -> Kept:
    """Return the shelf of what is published, filled now or not long ago."""
    kept = _kept
    if kept is None:
        return _fill()
    if not _is_stale(kept):
        return kept
    if not _is_large(kept) or time.monotonic() - kept.seen_at > OLDEST:
        return _fill()
    if not _filling.locked():
        warm()
    return kept


def warm() -> None:
    """Fill the shelf in a thread of its own, so that nobody has to wait for it."""
    threading.Thread(target=_fill_behind, name="shelf", daemon=True).start()


def forget() -> None:
    """Let the next question fill the shelf anew."""
    global _kept  # noqa: PLW0603  what a process keeps
    _kept = None


def _is_large(kept: Kept) -> bool:
    return kept.took > AT_ONCE and kept.mark.rows > FEW


def _is_stale(kept: Kept) -> bool:
    now = time.monotonic()
    spared = SPARED * kept.took if _is_large(kept) else 0.0
    if now - kept.seen_at > max(UNASKED, spared):
        return True
    return now - kept.filled_at >= spared and kept.mark.revision != adapters.revision()


def _mark() -> Mark:
    told = AdapterVersion.objects.published().aggregate(rows=Count("pk"), newest=Max("serial"))
    return Mark(adapters.revision(), **told)


def _fill() -> Kept:
    global _kept  # noqa: PLW0603
    asked = time.monotonic()
    with _filling:
        if _kept is not None and _kept.seen_at >= asked:
            return _kept  # somebody else filled it meanwhile
        began = time.monotonic()
        mark = _mark()
        if _kept is not None and _kept.mark == mark and began - _kept.filled_at < OLDEST:
            _kept = replace(_kept, seen_at=began)
            return _kept
        found = shelf.fill(AdapterVersion.objects.published())
        ended = time.monotonic()
        _kept = Kept(found, bases.tree(), mark, ended, took=ended - began, seen_at=ended)
        return _kept


def _fill_behind() -> None:
    try:
        _fill()
    except DatabaseError:
        logger.warning("The counts of facets could not be brought up to date.", exc_info=True)
    finally:
        connection.close()
