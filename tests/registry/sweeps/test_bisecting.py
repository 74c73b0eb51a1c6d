"""Which weights are looked at next, on curves made for the purpose."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from registry.sweeps import bisecting
from registry.sweeps.bisecting import FIRST, MOST, first_weights, next_weights
from registry.sweeps.measure import Point

ENOUGH_ROUNDS = 12


def row_of(looks, weights):
    """
    Return a row of an adapter of which `looks(weight)` says where its picture stands.

    Pictures stand on a line here: two are as far apart as their places.
    """
    ascending = sorted(weights)
    places = [looks(weight) for weight in ascending]
    return [
        Point(weight, abs(place - looks(0.0)), abs(place - before))
        for weight, place, before in zip(ascending, places, [places[0], *places[:-1]], strict=True)
    ]


def swept(*looks, slider=False, most=16):
    """Return all weights that are looked at, and in how many rounds."""
    weights: set[float] = set()
    for rounds in range(ENOUGH_ROUNDS):
        rows = [row_of(one, weights) for one in looks if weights]
        new = next_weights(rows, slider=slider, most=most)
        if not new:
            return sorted(weights), rounds
        assert not weights & set(new)
        weights |= set(new)
    raise AssertionError("It goes on and on.")


def nothing(_weight):
    return 0.0


def gradual(weight):
    return 0.25 * weight


def sudden(weight):
    return 0.5 if weight >= 0.72 else 0.05 * weight


def late(weight):
    """Hold until 2.2, and break there."""
    return 0.45 + 0.02 * weight if 0.1 < weight < 2.2 else 0.0 if weight < 1 else 1.2


class TestFirstWeights:
    def test_are_five(self):
        assert first_weights() == FIRST == (0.0, 0.3, 0.6, 0.9, 1.2)

    def test_lie_on_both_sides_of_0_for_a_slider(self):
        assert first_weights(slider=True) == (
            *(-1.2, -0.9, -0.6, -0.3),
            *(0.0, 0.3, 0.6, 0.9, 1.2),
        )


class TestNextWeights:
    def test_begins_with_the_first_round(self):
        assert next_weights([]) == FIRST

    def test_asks_for_what_the_first_round_still_lacks(self):
        assert next_weights([row_of(gradual, [0.0, 0.3, 0.9])]) == (0.6, 1.2)

    def test_looks_no_further_where_nothing_happens(self):
        weights, rounds = swept(nothing)

        assert (tuple(weights), rounds) == (FIRST, 1)

    def test_goes_on_to_3_where_nothing_breaks(self):
        weights, _ = swept(lambda weight: 0.1 * weight)

        assert weights == [*FIRST, 1.5, 2.0, 2.5, 3.0]

    def test_closes_in_on_a_sudden_change(self):
        weights, _ = swept(sudden)

        assert {0.7, 0.75} <= set(weights)
        assert not [weight for weight in weights if 0.0 < weight < 0.3]

    def test_halves_the_wide_steps_of_a_gradual_change(self):
        weights, _ = swept(lambda weight: 0.7 * min(weight, 0.9))

        assert weights == [
            *(0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.2),
            *(1.5, 2.0, 2.5, 3.0),
        ]

    def test_finds_the_first_bad_weight_past_those_that_people_use(self):
        weights, _ = swept(late)

        assert [weight for weight in weights if weight > 1.2] == [1.5, 2.0, 2.25, 2.5, 3.0]

    def test_looks_at_nothing_past_the_first_bad_weight(self):
        def broken_early(weight):
            return 0.0 if weight < 0.5 else 1.0

        weights, _ = swept(broken_early)

        assert max(weights) == 1.2
        assert {0.45, 0.5} <= set(weights)
        assert not [weight for weight in weights if 0.6 < weight < 0.9]

    def test_looks_beyond_a_break_that_only_some_scenes_have_at_the_last_weight(self):
        def breaks(weight):
            return 0.95 if weight > 1.1 else 0.2 * weight

        held, broken = row_of(gradual, FIRST), row_of(breaks, FIRST)

        assert next_weights([broken, broken, held]) == (1.05, 1.5, 2.0)
        assert next_weights([broken, broken, broken]) == (1.05,)

    def test_follows_what_rows_do_on_the_average(self):
        assert next_weights([row_of(one, FIRST) for one in (sudden, nothing, nothing)]) == (
            next_weights([row_of(lambda weight: sudden(weight) / 3, FIRST)])
        )

    def test_closes_in_on_a_striking_change_before_it_looks_beyond(self):
        assert next_weights([row_of(sudden, FIRST)], most=6) == (0.75,)

    def test_looks_beyond_before_it_halves_what_is_just_large(self):
        def large(weight):
            return 0.25 if weight >= 0.5 else 0.0

        assert next_weights([row_of(large, FIRST)], most=7) == (1.5, 2.0)
        assert next_weights([row_of(large, FIRST)], most=8) == (0.45, 1.5, 2.0)

    def test_looks_at_both_sides_of_a_slider(self):
        weights, _ = swept(
            lambda weight: 0.7 if weight <= -1.7 else 0.1 * weight, slider=True, most=30
        )

        assert min(weights) < -1.7
        assert max(weights) == MOST
        assert {-1.75, -1.5} <= set(weights)

    def test_treats_both_sides_of_a_slider_alike(self):
        weights, _ = swept(lambda weight: 0.3 * weight, slider=True, most=99)

        assert weights == [-weight for weight in reversed(weights)]


bends = st.lists(st.tuples(st.floats(-3, 3), st.floats(-1, 1)), min_size=0, max_size=6).map(
    lambda steps: lambda weight: sum(height for at, height in steps if at <= weight)
)


@given(looks=st.lists(bends, min_size=1, max_size=4), slider=st.booleans(), most=st.integers(1, 30))
def test_any_adapter_is_looked_at_within_bounds(looks, slider, most):
    weights, _ = swept(*looks, slider=slider, most=most)

    assert 0.0 in weights
    assert set(first_weights(slider=slider)) <= set(weights)
    assert len(weights) <= max(most, len(first_weights(slider=slider)))
    assert max(abs(weight) for weight in weights) <= MOST
    assert slider or min(weights) == 0.0
    gaps = [after - before for before, after in pairwise(weights)]
    assert min(gaps) >= bisecting.FINEST - 1e-9
