"""How an import has ended, by what was done to it and what has come of its items."""

from __future__ import annotations

from enum import StrEnum

from registry.models import Import, ImportItem
from registry.queries.imports import LIVING, Tally

State = ImportItem.State


class Ending(StrEnum):
    UNPLANNED = "unplanned"  # stopped, or given up, before there was a plan
    DROPPED = "dropped"  # the plan was, and nothing of it was begun
    STOPPED = "stopped"  # by a person, while it was fetched
    BROKEN_OFF = "broken-off"  # it failed while it was fetched
    NOTHING = "nothing"  # all of it was tried and none came in
    HERE_ALREADY = "here-already"  # all of it was, as turned out once it was fetched
    IN_PART = "in-part"  # some came in and some failed
    IMPORTED = "imported"


def ending_of(row: Import, tally: Tally) -> Ending | None:
    """Return how it has ended, None while it is under way or planned."""
    if row.state in LIVING or row.state == Import.State.PLANNED:
        return None
    if row.state == Import.State.DONE:
        return _of_done(tally)
    if row.stage == Import.Stage.FETCH:
        return Ending.STOPPED if row.state == Import.State.CANCELLED else Ending.BROKEN_OFF
    return Ending.DROPPED if any(tally.counts.values()) else Ending.UNPLANNED


def _of_done(tally: Tally) -> Ending:
    made, failed = tally.counts[State.MADE], tally.counts[State.FAILED]
    if made:
        return Ending.IN_PART if failed else Ending.IMPORTED
    return Ending.NOTHING if failed else Ending.HERE_ALREADY
