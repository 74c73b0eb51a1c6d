"""Every way of naming tensors is called as people call it."""

from __future__ import annotations

from registry.formats.dialect_titles import TITLES, title_of
from registry.formats.spellings import Dialect


def test_each_dialect_has_a_title_of_its_own():
    assert set(TITLES) == set(Dialect)
    assert len(set(TITLES.values())) == len(TITLES)


def test_a_dialect_that_nobody_has_named_is_called_by_its_word():
    assert title_of("my-own") == "my-own"
