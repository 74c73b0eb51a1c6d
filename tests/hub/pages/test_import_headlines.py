from __future__ import annotations

import pytest
from django.utils import translation

from hub.pages.import_headlines import headline
from registry.models import Import, ImportItem
from registry.queries.imports import Tally


@pytest.fixture(autouse=True)
def in_english():
    """Speak English, whatever a request of another test has left behind."""
    with translation.override("en"):
        yield


def said(state, stage, *, without_base=0, **counts):
    every = dict.fromkeys(ImportItem.State.values, 0) | counts
    return headline(Import(state=state, stage=stage), Tally(every, 0, without_base))


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ({"offered": 1}, "1 adapter version can be imported"),
        ({"offered": 3, "without_base": 1}, "2 adapter versions can be imported"),
        ({"duplicate": 2}, "Nothing new is there: all of it is here already"),
        ({"duplicate": 2, "refused": 1}, "Nothing of it can be imported as it stands"),
        ({"offered": 1, "without_base": 1}, "Nothing of it can be imported as it stands"),
    ],
    ids=["one", "several", "all here already", "some refused", "no base"],
)
def test_a_plan_says_what_could_come_of_it(counts, sentence):
    assert said("planned", "plan", **counts) == sentence


def test_what_is_under_way_has_no_headline():
    assert said("running", "fetch", made=1, waiting=1) == ""


@pytest.mark.parametrize(
    ("state", "stage", "counts", "sentence"),
    [
        ("failed", "plan", {}, "It ended before there was a plan"),
        ("cancelled", "plan", {"offered": 2}, "The plan was dropped before anything was imported"),
        ("cancelled", "fetch", {"offered": 2}, "It was stopped before anything was imported"),
        ("cancelled", "fetch", {"made": 1}, "It was stopped after 1 adapter version was imported"),
        ("failed", "fetch", {"waiting": 2}, "It broke off before anything was imported"),
        ("failed", "fetch", {"made": 2}, "It broke off after 2 adapter versions were imported"),
        ("done", "fetch", {"made": 2}, "2 adapter versions were imported"),
        ("done", "fetch", {"made": 1, "failed": 3}, "1 adapter version was imported, 3 failed"),
        ("done", "fetch", {"failed": 1}, "Nothing was imported: 1 adapter version failed"),
        ("done", "fetch", {"duplicate": 2}, "Nothing was imported: all of it was here already"),
    ],
    ids=[
        "no plan",
        "a dropped plan",
        "stopped at once",
        "stopped midway",
        "broken off at once",
        "broken off midway",
        "all of it",
        "some of it",
        "none of it",
        "none of it was new",
    ],
)
def test_what_has_ended_says_what_came_of_it(state, stage, counts, sentence):
    assert said(state, stage, **counts) == sentence
