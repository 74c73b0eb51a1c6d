"""Every family is called as people call it."""

from __future__ import annotations

from registry.bases.family_titles import TITLES, title_of
from registry.formats.families import Family


def test_each_family_has_a_title_and_no_other_word_has():
    assert set(TITLES) == {family.value for family in Family} - {Family.UNKNOWN.value}


def test_a_family_that_nobody_has_named_is_called_by_its_word():
    assert title_of("my-own") == "my-own"
