"""The shelf is filled anew when something changed, and not while nothing does."""

from __future__ import annotations

import pytest

from registry.queries.facets import kept
from tests.factories import EventFactory, VersionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(monkeypatch):
    """Fill the shelf with one version, and ask at each question whether it is up to date."""
    monkeypatch.setattr(kept, "UNASKED", -1.0)
    monkeypatch.setattr(kept, "SPARED", 0)
    VersionFactory(published=True)
    return kept.published()


def test_it_stays_while_nothing_changes(first):
    again = kept.published()
    assert again.shelf is first.shelf
    assert again.seen_at > first.seen_at


def test_an_event_has_it_filled_anew(first):
    EventFactory()
    assert kept.published().shelf is not first.shelf


def test_a_row_of_which_no_event_tells_is_found(first):
    VersionFactory(published=True)
    assert kept.published().shelf.size == 2


def test_an_altered_row_is_found_after_a_while(first, monkeypatch):
    monkeypatch.setattr(kept, "OLDEST", 0.0)
    assert kept.published().shelf is not first.shelf


def test_within_the_time_that_filling_is_spared_nothing_is_looked_at(
    first, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(kept, "UNASKED", 60.0)
    monkeypatch.setattr(kept, "SPARED", 1e9)
    monkeypatch.setattr(kept, "AT_ONCE", 0.0)
    monkeypatch.setattr(kept, "FEW", 0)
    VersionFactory(published=True)
    EventFactory()
    with django_assert_num_queries(0):
        assert kept.published() is first


def test_few_rows_are_counted_at_once_though_filling_them_took_long(first, monkeypatch):
    monkeypatch.setattr(kept, "AT_ONCE", 0.0)
    VersionFactory(published=True)
    assert kept.published().shelf.size == 2


def test_many_rows_are_counted_behind_the_back_of_whoever_asks(first, monkeypatch):
    begun = _many_rows(monkeypatch)
    VersionFactory(published=True)
    assert kept.published() is first
    assert begun == ["in a thread"]


def test_whoever_comes_after_a_long_silence_waits_for_todays_counts(first, monkeypatch):
    begun = _many_rows(monkeypatch)
    monkeypatch.setattr(kept, "OLDEST", -1.0)
    VersionFactory(published=True)
    assert kept.published().shelf.size == 2
    assert not begun


def _many_rows(monkeypatch):
    begun = []
    monkeypatch.setattr(kept, "AT_ONCE", 0.0)
    monkeypatch.setattr(kept, "FEW", 0)
    monkeypatch.setattr(kept, "warm", lambda: begun.append("in a thread"))
    return begun
