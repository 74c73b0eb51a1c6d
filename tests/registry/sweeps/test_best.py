from __future__ import annotations

import pytest

from registry.sweeps.measure import measure
from tests.registry.sweeps.rows import row

FINE = tuple(round(0.05 * number, 2) for number in range(49))
COARSE = (0.0, 0.3, 0.6, 0.9, 1.2, 1.5, 2.0)


def sudden(weight):
    """A jump at 0.4 to nearly all that there is, and a break at 2."""
    return 0.0 if weight < 0.4 else 0.8 + 0.02 * weight if weight < 2 else 0.95


def gradual(weight):
    """Grows like the square of the weight, and breaks at 1.5."""
    return 0.3 * weight**2 if weight < 1.5 else 0.95


def saturating(weight):
    """Comes to its plateau at 1 and stays there: it breaks nowhere."""
    return min(weight, 1.0) * 0.3


def curve_of(shape, weights):
    return measure([row(*map(shape, weights), weights=weights)] * 3)


class TestBest:
    def test_is_not_right_behind_a_jump_however_large_that_was(self):
        assert 0.8 <= curve_of(sudden, FINE).best <= 1.0

    def test_is_where_most_of_it_has_come(self):
        best = curve_of(gradual, FINE).best

        assert gradual(best) >= 0.7 * gradual(1.0)
        assert best <= 1.1

    def test_of_what_breaks_nowhere_is_part_of_the_way_to_the_end(self):
        assert 0.7 <= curve_of(saturating, FINE).best <= 1.1

    @pytest.mark.parametrize("shape", [sudden, gradual, saturating])
    def test_does_not_depend_on_which_weights_were_looked_at(self, shape):
        fine, coarse = curve_of(shape, FINE).best, curve_of(shape, COARSE).best

        assert abs(fine - coarse) <= 0.15 + 1e-9

    @pytest.mark.parametrize("shape", [sudden, saturating])
    def test_does_not_sink_because_a_sweep_stopped_early(self, shape):
        near = tuple(weight for weight in FINE if weight <= 1.2)

        assert abs(curve_of(shape, near).best - curve_of(shape, FINE).best) <= 0.15 + 1e-9

    def test_is_not_where_only_some_of_the_scenes_have_come(self):
        weights = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4)
        soon = row(0, 0.01, 0.02, 0.03, 0.60, 0.62, 0.64, 0.95, weights=weights)
        late = row(0, 0.01, 0.02, 0.03, 0.04, 0.62, 0.64, 0.95, weights=weights)

        assert measure([soon, soon, soon]).best == 0.8
        assert measure([soon, soon, late, late]).best == 1.0

    @pytest.mark.parametrize(("before", "best"), [(0.14, 0.8), (0.28, 0.4)])
    def test_is_not_the_nearer_weight_where_it_is_half_made_there(self, before, best):
        weights = (0.0, 0.2, 0.4, 0.8, 0.9, 1.0, 1.2)
        half = row(0, 0.08, before, 0.4, 0.41, 0.42, 0.95, weights=weights)

        assert measure([half] * 3).best == best

    @pytest.mark.parametrize(("same", "best"), [(0.95, 0.8), (0.5, 0.6)])
    def test_of_an_answer_is_where_half_of_it_is_said(self, same, best):
        facts = [{"agreement": words} for words in (1, 0.95, 0.95, same, 0.4, 0.4, 0.4)]
        answer = row(0, 0.2, 0.5, 0.6, 0.62, 0.64, 0.66, facts=facts)

        assert measure([answer] * 3, by="kl").best == best

    def test_is_the_only_weight_that_is_not_bad(self):
        curve = measure([row(0, 0.3, 0.92, 0.95, weights=(0, 0.2, 0.4, 0.6))])

        assert (curve.low, curve.best, curve.high) == (0.2, 0.2, 0.2)

    def test_says_how_much_is_there_and_how_far_in_it_lies(self):
        curve = curve_of(saturating, (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0))

        why = next(reason for reason in curve.reasons if reason.about == "best")
        assert (why.code, why.numbers["weight"], why.numbers["share"]) == ("within", curve.best, 75)
        assert 25 <= why.numbers["way"] <= 35
