from __future__ import annotations

import pytest

from registry.sweeps.jumps import agreed, comes_at_once, in_most, jumps_of
from registry.sweeps.measure import measure
from registry.sweeps.points import walked
from registry.sweeps.thresholds import MEASURES
from tests.registry.sweeps.rows import row

AT = MEASURES["ssim"]
FAR = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0)
AT_TWO = row(0, 0.05, 0.1, 0.15, 0.8, 0.81, 0.82, weights=FAR)
AT_HALF_PAST = row(0, 0.05, 0.1, 0.13, 0.14, 0.8, 0.82, weights=FAR)
AT_THREE = row(0, 0.05, 0.1, 0.11, 0.12, 0.13, 0.8, weights=FAR)
GRADUAL = row(0, 0.15, 0.3, 0.45, 0.5, 0.55, 0.6, weights=FAR)


class TestComesAtOnce:
    def test_is_told_row_by_row_the_earliest_first(self):
        rows = [*map(walked, (AT_THREE, AT_TWO, AT_HALF_PAST))]

        assert comes_at_once(rows, AT) == [(1.5, 2.0), (2.0, 2.5), (2.5, 3.0)]

    def test_is_not_said_of_a_row_that_comes_by_and_by(self):
        assert comes_at_once([*map(walked, (AT_TWO, GRADUAL))], AT) == [(1.5, 2.0)]

    def test_is_not_said_of_a_jump_behind_what_was_plain(self):
        broken = walked(row(0, 0.15, 0.3, 0.45, 0.46, 0.47, 0.99, weights=FAR))

        assert jumps_of(broken, AT) == [3.0]
        assert comes_at_once([broken], AT) == []

    def test_is_not_said_of_what_was_half_there(self):
        half = walked(row(0, 0.15, 0.2, 0.21, 0.22, 0.23, 0.6, weights=FAR))

        assert jumps_of(half, AT) == [3.0]
        assert comes_at_once([half], AT) == []

    def test_is_not_said_of_nothing(self):
        assert comes_at_once([], AT) == []

    @pytest.mark.parametrize(("rows", "place"), [(1, 0), (2, 1), (3, 1), (4, 2), (6, 3)])
    def test_it_has_come_by_the_step_of_most_rows(self, rows, place):
        steps = [(float(number), number + 1.0) for number in range(rows)]

        assert in_most(steps, rows) == steps[place]

    @pytest.mark.parametrize(("steps", "rows"), [(0, 0), (0, 3), (1, 2), (1, 3), (2, 4)])
    def test_it_has_not_where_most_come_otherwise(self, steps, rows):
        assert in_most([(1.0, 2.0)] * steps, rows) is None


class TestAgreed:
    WEIGHTS = (0.0, 0.3, 0.6, 0.65, 0.7, 0.75, 0.9)

    def test_jumps_within_a_usual_step_are_one(self):
        soon = walked(row(0, 0.01, 0.02, 0.45, 0.46, 0.47, 0.48, weights=self.WEIGHTS))
        late = walked(row(0, 0.01, 0.02, 0.03, 0.04, 0.47, 0.48, weights=self.WEIGHTS))

        assert agreed([soon, late], AT) == [0.65]
        assert agreed([soon, late, late], AT) == [0.75]

    def test_of_jumps_further_apart_each_needs_its_rows(self):
        assert agreed([*map(walked, (AT_TWO, AT_HALF_PAST, AT_THREE))], AT) == []
        assert agreed([*map(walked, (AT_TWO, AT_HALF_PAST))], AT) == [2.0, 2.5]


class TestAJumpThatWasLookedAtInItsMiddle:
    HALVED = (0.0, 0.5, 1.0, 1.5, 2.0, 2.25, 2.5, 3.0)

    def test_is_no_less_of_one(self):
        halfway = walked(row(0, 0.01, 0.02, 0.03, 0.04, 0.19, 0.35, 0.37, weights=self.HALVED))

        assert jumps_of(halfway, AT) == []
        assert agreed([halfway], AT) == [2.5]

    def test_is_the_same_as_that_of_a_scene_that_makes_it_in_one_half(self):
        halfway = walked(row(0, 0.01, 0.02, 0.03, 0.04, 0.19, 0.35, 0.37, weights=self.HALVED))
        early = walked(row(0, 0.01, 0.02, 0.03, 0.04, 0.45, 0.5, 0.52, weights=self.HALVED))
        never = walked(row(0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, weights=self.HALVED))

        assert agreed([halfway, early, never], AT) == [2.25]

    def test_is_none_where_it_was_looked_at_as_finely_before(self):
        even = walked(row(0, 0.01, 0.02, 0.03, 0.04, 0.19, 0.35, weights=FAR))

        assert agreed([even], AT) == []


class TestWhatComesAtOnce:
    def test_begins_to_show_with_the_first_jump_and_not_with_what_creeps_before(self):
        curve = measure([AT_TWO, AT_HALF_PAST, AT_THREE])

        assert next(point for point in curve.points if point.from_zero >= 0.1).weight == 1.0
        assert curve.onset == 2.0

    def test_is_best_where_most_of_the_scenes_have_it(self):
        assert measure([AT_TWO, AT_HALF_PAST, AT_THREE]).best == 2.5

    def test_is_best_so_even_if_another_comes_by_and_by(self):
        weights = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
        sudden = row(0, 0.05, 0.1, 0.12, 0.42, 0.95, weights=weights)
        slow = row(0, 0.1, 0.2, 0.3, 0.35, 0.95, weights=weights)

        curve = measure([sudden, sudden, slow])

        assert (curve.onset, curve.best) == (0.4, 0.8)

    def test_by_and_by_begins_where_it_is_far_enough(self):
        assert measure([AT_TWO, AT_HALF_PAST, GRADUAL]).onset == 1.0

    def test_in_two_short_steps_is_one_jump_and_no_break(self):
        weights = (0.0, 0.2, 0.3, 0.35, 0.4, 0.6, 0.8)
        short = row(0, 0.02, 0.06, 0.45, 0.86, 0.87, 0.88, weights=weights)

        curve = measure([short] * 3)

        assert curve.first_bad is None
        assert curve.onset == 0.35

    def test_once_it_had_come_a_step_as_large_leads_away(self):
        weights = (0.0, 0.2, 0.3, 0.35, 0.4, 0.6, 0.8)
        later = row(0, 0.02, 0.06, 0.44, 0.45, 0.46, 0.87, weights=weights)

        assert measure([later] * 3).first_bad == 0.8
