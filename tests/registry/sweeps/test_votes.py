from __future__ import annotations

import pytest

from registry.sweeps.votes import ENOUGH, range_of


@pytest.mark.parametrize("weights", [[], [0.7], [0.7] * (ENOUGH - 1)])
def test_few_votes_make_no_range(weights):
    assert range_of(weights) is None


def test_the_range_is_the_middle_half():
    found = range_of([0.5, 0.6, 0.7, 0.8, 0.9])

    assert (found.low, found.best, found.high) == (0.6, 0.7, 0.8)


def test_one_who_uses_ten_times_as_much_hardly_moves_it():
    with_him = range_of([0.6, 0.65, 0.7, 0.75, 4.0])

    assert (with_him.low, with_him.high) == (0.65, 0.75)


def test_all_of_one_mind_are_a_range_of_one_weight():
    found = range_of([0.7, 0.7, 0.7])

    assert found.low == found.best == found.high == 0.7
