from __future__ import annotations

import pytest

from registry.sweeps.outlines import moved


def test_the_same_outlines_have_not_moved():
    assert moved("00ff10", "00ff10") == 0


def test_opposites_are_as_far_as_anything_can_be():
    assert moved("00ff00ff", "ff00ff00") == pytest.approx(1)


def test_how_strong_the_outlines_are_does_not_count():
    assert moved("001020", "002040") == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("edges", [None, "", "zz", "00", 7, "0" * 5])
def test_what_cannot_be_read_or_laid_on_each_other_is_no_distance(edges):
    assert moved(edges, "00ff") is None
    assert moved("00ff", edges) is None
