from __future__ import annotations

import pytest

from registry.exports.runtimes_page import MARK, NOTES, PAGE, write_page
from registry.exports.table import RUNTIMES

MOST_LINES = 110  # of a section: about a screen, with its blocks


def sections():
    text = PAGE.read_text(encoding="utf-8")
    return {part.splitlines()[0]: part for part in text.split("\n## ")[1:]}


def test_the_page_is_what_the_table_says():
    page = PAGE.read_text(encoding="utf-8")
    assert page == write_page(page)
    assert page.count(MARK) == 1


@pytest.mark.parametrize("runtime", RUNTIMES, ids=lambda runtime: runtime.slug)
def test_every_runtime_has_a_section_that_says_what_was_tried(runtime):
    section = sections()[runtime.title]
    assert f"`{runtime.slug}`" in section
    assert "```" in section
    assert "**Refuses** " in section
    assert "**Tried** " in section
    assert len(section.splitlines()) <= MOST_LINES


def test_no_runtime_is_noted_that_there_is_not():
    assert set(NOTES) == {runtime.slug for runtime in RUNTIMES}
