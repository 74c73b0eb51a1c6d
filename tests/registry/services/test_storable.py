from __future__ import annotations

from datetime import UTC, datetime

from registry.services.storable import as_json


def test_texts_lose_the_one_character_that_no_row_keeps():
    assert as_json({"a\0": ["b\0c", 1, None]}) == {"a": ["bc", 1, None]}


def test_tuples_and_dates_are_what_json_makes_of_them():
    day = datetime(2026, 1, 2, tzinfo=UTC)
    assert as_json({"size": (1, 2), "at": day}) == {
        "size": [1, 2],
        "at": "2026-01-02 00:00:00+00:00",
    }
