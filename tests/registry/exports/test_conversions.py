from __future__ import annotations

import pytest

from registry.exports.conversions import OFFERS, offered, why_not
from registry.exports.conversions_page import PAGE, write_page
from registry.formats.families import Family


def test_the_page_says_what_the_tables_say():
    """`python -m registry.exports.conversions_page` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == write_page()


@pytest.mark.parametrize("family", Family)
def test_every_family_is_offered_its_own_layout(family):
    assert "original" in [offer.layout for offer in offered(family)]


def test_what_is_offered_has_no_reason_against_it():
    for offer in OFFERS:
        for family in Family:
            assert (why_not(offer.layout, family) == "") == (offer in offered(family))


def test_a_refused_layout_is_told_with_those_that_are_offered():
    assert "original, kohya, diffusers, peft" in why_not("gguf", "sdxl")
    assert "no layout" in why_not("pickle", "sdxl")
