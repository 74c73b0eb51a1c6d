from __future__ import annotations

import pytest

from registry.sweeps.measure import measure
from tests.registry.sweeps.rows import row

FAR = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.4, 1.8, 2.4, 3.0)
SOUND = (0, 0.05, 0.1, 0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.95)  # breaks at 3


def far(*from_zero):
    return row(*from_zero, weights=FAR)


def doubts(curve):
    return {reason.code for reason in curve.reasons if reason.about == "certainty"}


class TestDoubts:
    def test_a_sound_adapter_looked_at_far_enough_is_sure(self):
        curve = measure([far(*SOUND)] * 3)

        assert (curve.certainty, doubts(curve)) == ("sure", set())
        assert curve.first_bad == 3.0

    def test_two_rows_are_too_few(self):
        curve = measure([far(*SOUND)] * 2)

        assert (curve.certainty, doubts(curve)) == ("unsure", {"few-rows"})

    def test_three_weights_are_too_few(self):
        curve = measure([row(0, 0.3, 0.95, weights=(0, 1, 2))] * 3)

        assert "few-weights" in doubts(curve)

    def test_what_was_not_looked_at_may_be_good_too(self):
        curve = measure([row(0, 0.06, 0.12, 0.18, 0.24, 0.30, 0.36)] * 3)

        assert doubts(curve) == {"not-reached"}

    def test_nobody_goes_further_than_three(self):
        calm = (0, 0.05, 0.1, 0.2, 0.3, 0.35, 0.36, 0.37, 0.38, 0.39)

        assert doubts(measure([far(*calm)] * 3)) == set()

    def test_what_is_hardly_there_is_doubted(self):
        faint = (0, 0.005, 0.01, 0.015, 0.02, 0.025, 0.03, 0.035, 0.04, 0.045)

        assert doubts(measure([far(*faint)] * 3)) == {"faint"}

    def test_rows_that_move_by_different_lengths_are_doubted(self):
        still = [number / 20 for number in SOUND[:-1]] + [0.95]

        assert "rows-apart" in doubts(measure([far(*SOUND), far(*still), far(*SOUND), far(*still)]))

    def test_rows_that_show_late_are_doubted(self):
        late = (0, 0, 0, 0, 0, 0, 0.01, 0.35, 0.5, 0.95)

        assert "onset-apart" in doubts(measure([far(*SOUND), far(*SOUND), far(*late)]))

    def test_a_break_that_half_the_rows_do_not_have_is_doubted(self):
        breaks = (0, 0.1, 0.45, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95)
        curve = measure([far(*breaks), far(*SOUND), far(*breaks), far(*SOUND)])

        assert curve.first_bad == 0.6
        assert "bad-apart" in doubts(curve)

    def test_a_break_that_some_have_and_only_at_the_last_weight_is_doubted(self):
        calm = (0, 0.05, 0.1, 0.2, 0.3, 0.35, 0.36, 0.37, 0.38, 0.39)
        soon = (0, 0.05, 0.1, 0.2, 0.3, 0.35, 0.4, 0.5, 0.95, 0.95)

        assert doubts(measure([far(*SOUND), far(*SOUND), far(*calm)])) == {"seen-once"}
        assert doubts(measure([far(*soon), far(*SOUND), far(*calm)])) == set()

    @pytest.mark.parametrize(("held", "doubted"), [(3, {"bad-apart"}), (8, set())])
    def test_one_scene_that_broke_long_ago_is_a_doubt_that_all_is_good(self, held, doubted):
        calm = (0, 0.25, 0.3, 0.32, 0.33, 0.35, 0.36, 0.37, 0.38, 0.39)
        broken = (*calm[: held + 1], *[0.95] * (9 - held))
        curve = measure([far(*calm), far(*calm), far(*broken)])

        assert curve.first_bad is None
        assert doubts(curve) - {"rows-apart"} == doubted

    @pytest.mark.parametrize("rows", [[], [[]]], ids=["none", "bare"])
    def test_nothing_looked_at_is_not_sure(self, rows):
        assert measure(rows).certainty == "unsure"
