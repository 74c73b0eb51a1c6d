from __future__ import annotations

import pytest

from registry.models import Import, ImportItem
from registry.queries.import_endings import Ending, ending_of
from registry.queries.imports import Tally


def ended(state, stage, **counts):
    every = dict.fromkeys(ImportItem.State.values, 0) | counts
    return ending_of(Import(state=state, stage=stage), Tally(every, 0, 0))


@pytest.mark.parametrize(
    ("state", "stage"),
    [("queued", "plan"), ("running", "fetch"), ("planned", "plan")],
    ids=["waiting", "under way", "planned"],
)
def test_what_goes_on_has_no_ending(state, stage):
    assert ended(state, stage, offered=2) is None


@pytest.mark.parametrize(
    ("state", "stage", "counts", "ending"),
    [
        ("cancelled", "plan", {}, Ending.UNPLANNED),
        ("failed", "plan", {}, Ending.UNPLANNED),
        ("cancelled", "plan", {"offered": 2}, Ending.DROPPED),
        ("cancelled", "fetch", {"offered": 2}, Ending.STOPPED),
        ("failed", "fetch", {"made": 1, "waiting": 1}, Ending.BROKEN_OFF),
        ("done", "fetch", {"made": 2, "duplicate": 1}, Ending.IMPORTED),
        ("done", "fetch", {"made": 1, "failed": 1}, Ending.IN_PART),
        ("done", "fetch", {"failed": 1}, Ending.NOTHING),
        ("done", "fetch", {"duplicate": 2}, Ending.HERE_ALREADY),
    ],
    ids=[
        "stopped while it was planned",
        "failed while it was planned",
        "a dropped plan",
        "stopped midway",
        "failed midway",
        "all of it",
        "some of it",
        "none of it",
        "none of it was new",
    ],
)
def test_what_has_ended_says_how(state, stage, counts, ending):
    assert ended(state, stage, **counts) is ending
