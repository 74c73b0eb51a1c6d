from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from registry.sweeps.measure import Point, measure

DEFAULT_WEIGHTS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2)


def row(*from_zero, weights=DEFAULT_WEIGHTS):
    """Return points that move away from weight 0 in a straight line, as far as said."""
    steps = [0.0, *(after - before for before, after in pairwise(from_zero))]
    return [
        Point(weight, distance, abs(step))
        for weight, distance, step in zip(weights, from_zero, steps, strict=True)
    ]


GRADUAL = row(0, 0.06, 0.12, 0.18, 0.24, 0.30, 0.36)
SUDDEN = row(0, 0.01, 0.02, 0.40, 0.42, 0.44, 0.45)
# Measured on the demo's own adapters, by SSIM: trained far too long, and one with a sudden style.
BREAKS_UP = [
    [*map(Point, DEFAULT_WEIGHTS, circle, steps)]
    for circle, steps in [
        (
            (0, 0.096, 0.211, 0.364, 0.501, 0.679, 0.917),
            (0, 0.096, 0.120, 0.196, 0.296, 0.556, 0.875),
        ),
        (
            (0, 0.097, 0.485, 0.632, 0.407, 0.598, 0.873),
            (0, 0.097, 0.424, 0.340, 0.646, 0.558, 0.835),
        ),
    ]
]
NEON = [
    row(0, 0.016, 0.044, 0.075, 0.827, 0.833, 0.810),
    row(0, 0.010, 0.031, 0.864, 0.877, 0.876, 0.857),
]
UNTRAINED = row(0, 0.0, 0.002, 0.004, 0.006, 0.008, 0.01)
OVERWHELMS = row(0, 0.3, 0.92, 0.95, 0.96, 0.97, 0.97)
BROKEN_AT_ONCE = row(0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)


class TestMeasure:
    def test_a_gradual_adapter_is_good_from_where_it_shows(self):
        curve = measure([GRADUAL])

        assert (curve.onset, curve.low, curve.high) == (0.4, 0.4, 1.2)
        assert curve.best == 0.8
        assert curve.jumps == ()
        assert curve.first_bad is None

    def test_a_sudden_adapter_is_good_after_its_jump(self):
        curve = measure([SUDDEN])

        assert curve.jumps == (0.6,)
        assert (curve.onset, curve.low, curve.best, curve.high) == (0.6, 0.6, 1.0, 1.2)
        assert curve.first_bad is None

    @pytest.mark.parametrize(("reworded", "onset"), [(4, 0.8), (2, 0.4), (7, 0.4)])
    def test_an_answer_that_is_the_same_word_for_word_does_not_show_it_yet(self, reworded, onset):
        """Unless no answer is another: then what is expected next is all there is to tell by."""
        agreement = [1.0] * reworded + [0.5] * (len(DEFAULT_WEIGHTS) - reworded)
        answers = [
            replace(point, facts={"agreement": one})
            for point, one in zip(GRADUAL, agreement, strict=True)
        ]

        assert measure([answers] * 3, by="kl").onset == onset

    def test_leaving_what_it_plainly_showed_is_where_it_breaks(self):
        curve = measure(BREAKS_UP)

        assert curve.first_bad == 0.8
        assert (curve.onset, curve.low, curve.best, curve.high) == (0.4, 0.4, 0.4, 0.6)

    @pytest.mark.parametrize(("stirs", "first_bad"), [(0.2, 2.5), (0.12, None)])
    def test_what_rested_and_gives_way_is_bad_though_no_step_is_large(self, stirs, first_bad):
        weights = (0.0, 0.4, 0.8, 1.2, 1.6, 2.0, 2.25, 2.5)
        walk = row(0, 0.1, 0.58, 0.59, 0.6, 0.61, 0.63, 0.66, weights=weights)
        resting = [replace(point, from_previous=0.1) for point in walk[3:-2]]
        stirring = [replace(point, from_previous=stirs) for point in walk[-2:]]

        assert measure([[*walk[:3], *resting, *stirring]] * 3).first_bad == first_bad

    @pytest.mark.parametrize(
        ("shown", "stirs", "first_bad"),
        [(0.3, 0.18, 3.0), (0.3, 0.14, None), (0.1, 0.18, None)],
        ids=["gives way", "stirs", "is on its way"],
    )
    def test_behind_a_deep_rest_less_is_seen_to_give_way(self, shown, stirs, first_bad):
        weights = (0.0, 0.4, 0.8, 1.2, 1.6, 2.0, 2.5, 3.0)
        resting = row(0, shown, shown, shown, shown, shown, shown, shown + 0.1, weights=weights)
        stirring = [replace(resting[-1], from_previous=stirs)]

        assert measure([[*resting[:-1], *stirring]] * 3).first_bad == first_bad

    @pytest.mark.parametrize(
        ("reworded", "first_bad"),
        [
            ((0, 0, 0.6, 0.2, 0, 0, 0.5), 1.2),
            ((0, 0, 0.6, 0.2, 0, 0, 0.3), None),
            ((0, 0, 0.6, 0.5, 0.5, 0.5, 0.6), None),
        ],
        ids=["another", "a word", "never stood"],
    )
    def test_an_answer_that_stood_and_is_another_is_bad(self, reworded, first_bad):
        shifting = row(0, 0.2, 0.9, 1.6, 2.3, 3, 3.7)
        answers = [
            replace(point, reworded=words) for point, words in zip(shifting, reworded, strict=True)
        ]
        assert measure([answers] * 3, by="kl").first_bad == first_bad

    def test_what_never_rested_may_go_on_changing_by_as_much(self):
        weights = (0.0, 0.4, 0.8, 1.2, 1.6, 2.0, 2.25, 2.5)
        going = row(0, 0.14, 0.28, 0.42, 0.5, 0.6, 0.7, 0.8, weights=weights)

        assert measure([going] * 3).first_bad is None

    def test_scenes_that_jump_apart_break_nothing(self):
        curve = measure(NEON)

        assert curve.jumps == (0.6, 0.8)
        assert curve.first_bad is None
        assert (curve.low, curve.best, curve.high) == (0.6, 1.0, 1.2)

    def test_one_row_of_three_is_not_believed(self):
        curve = measure([GRADUAL, GRADUAL, OVERWHELMS])

        assert curve.first_bad is None
        assert curve.jumps == ()

    def test_one_scene_of_three_that_breaks_is_told_beside_the_others_that_hold(self):
        """It leaves what it plainly showed at 1, in one step."""
        left = row(0, 0.06, 0.42, 0.44, 0.45, 0.90, 0.89)[:5]
        left += [Point(weight, 0.6, 0.5) for weight in (1.0, 1.2)]

        curve = measure([GRADUAL, GRADUAL, left])

        assert (curve.first_bad, curve.first_bad_in_part) == (None, 1.0)
        why = next(reason for reason in curve.reasons if reason.about == "first_bad_in_part")
        assert "From 1 on 1 of 3 scenes are bad" in why.sentence
        assert measure([GRADUAL, left, left]).first_bad_in_part is None, "most of them break"
        assert measure([GRADUAL] * 3).first_bad_in_part is None

    def test_one_scene_that_is_far_off_alone_has_more_of_the_adapter_and_is_not_bad(self):
        curve = measure([GRADUAL, GRADUAL, OVERWHELMS])

        assert (curve.first_bad, curve.first_bad_in_part) == (None, None)

    def test_below_zero_it_is_told_in_the_weights_that_people_set(self):
        left = [Point(-1.2, 0.6, 0.0), Point(-1.0, 0.6, 0.5), Point(-0.8, 0.45, 0.5)]
        left += [Point(-0.6, 0.44, 0.01), Point(-0.4, 0.42, 0.02), Point(-0.2, 0.06, 0.36)]
        calm = [
            Point(round(-1.2 + 0.2 * place, 1), 0.36 - 0.06 * place, 0.06) for place in range(6)
        ]

        curve = measure([[*calm, *GRADUAL], [*calm, *GRADUAL], [*left, *GRADUAL]])

        assert (curve.first_bad_below, curve.first_bad_in_part_below) == (None, -1.0)

    def test_an_adapter_that_leaves_nothing_of_the_scene_is_bad(self):
        curve = measure([OVERWHELMS])

        assert curve.first_bad == 0.4
        assert (curve.onset, curve.low, curve.high) == (0.2, 0.2, 0.2)

    def test_an_adapter_that_never_shows_has_no_range(self):
        curve = measure([UNTRAINED])

        assert curve.onset is curve.low is curve.best is curve.high is curve.first_bad is None
        assert len(curve.points) == len(DEFAULT_WEIGHTS)

    def test_an_adapter_that_is_bad_from_the_start_has_no_range(self):
        curve = measure([BROKEN_AT_ONCE])

        assert curve.first_bad == 0.2
        assert curve.low is curve.best is curve.high is None

    def test_the_curve_is_the_mean_of_the_rows(self):
        curve = measure([row(0, 0.1, weights=(0, 1)), row(0, 0.3, weights=(0, 1))])

        told = [(point.weight, point.from_zero, point.spread) for point in curve.points]
        assert told == [(0, 0, 0), (1, pytest.approx(0.2), pytest.approx(0.1))]

    def test_gaining_speed_is_no_jump(self):
        assert measure([row(0, 0.01, 0.02, 0.04, 0.07, 0.12, 0.2)]).jumps == ()

    def test_only_the_first_of_many_fast_steps_is_a_jump(self):
        assert measure([row(0, 0.01, 0.02, 0.03, 0.31, 0.59, 0.87)]).jumps == (0.8,)

    def test_steps_of_unequal_length_are_no_jumps(self):
        curve = measure([row(0, 0.1, 0.2, 0.3, 0.8, weights=(0, 0.2, 0.4, 0.6, 1.6))])

        assert curve.jumps == ()

    @pytest.mark.parametrize("height", [0.01, 0.15], ids=["noise", "hardly to be seen"])
    def test_what_changes_little_does_not_jump(self, height):
        steps = (0, 0.001, 0.001 + height, 0.002 + height, 0.003 + height, 0.004 + height)
        assert measure([row(*steps, weights=DEFAULT_WEIGHTS[:6])]).jumps == ()

    @pytest.mark.parametrize("rows", [[], [[]], [[Point(0, 0, 0)]]], ids=["none", "bare", "one"])
    def test_too_little_says_nothing(self, rows):
        assert measure(rows).best is None
