from __future__ import annotations

import pytest

from registry.sweeps.points import Point, above, below, mean_of
from tests.registry.sweeps.rows import row

SLIDER = [
    Point(-1.0, 0.5, 0.0),
    Point(-0.4, 0.2, 0.3),
    Point(0.0, 0.0, 0.2),
    Point(0.2, 0.1, 0.1),
    Point(1.2, 0.6, 0.5),
]


class TestSides:
    def test_above_begins_at_weight_zero(self):
        side = above(SLIDER)

        assert [(point.weight, point.from_previous) for point in side] == [
            (0.0, 0.2),
            (0.2, 0.1),
            (1.2, 0.5),
        ]
        assert [point.step for point in side] == [0.0, pytest.approx(0.2), pytest.approx(1.0)]

    def test_below_is_walked_away_from_zero(self):
        side = below(SLIDER)

        assert [(point.weight, point.from_zero, point.from_previous) for point in side] == [
            (0.0, 0.0, 0.0),
            (0.4, 0.2, 0.2),  # the step that the cell at 0 has to its left
            (1.0, 0.5, 0.3),
        ]
        assert [point.step for point in side[1:]] == [pytest.approx(0.4), pytest.approx(0.6)]

    def test_there_is_no_side_below_where_nothing_was_rendered_there(self):
        assert below(row(0, 0.1, weights=(0, 1))) == []


class TestRate:
    def test_is_the_change_over_a_usual_step(self):
        assert Point(1.0, 0.5, 0.4, step=0.4).rate == pytest.approx(0.2)
        assert Point(1.0, 0.5, 0.4, step=0.2).rate == pytest.approx(0.4)

    def test_is_nothing_where_a_row_begins(self):
        assert Point(0.0, 0.0, 0.0, step=0.0).rate == 0


class TestMean:
    def test_has_every_weight_that_any_row_has(self):
        mean = mean_of([row(0, 0.2, weights=(0, 1)), row(0, 0.1, 0.4, weights=(0, 0.5, 1))])

        assert [(point.weight, point.from_zero) for point in mean] == [
            (0, 0),
            (0.5, 0.1),
            (1, pytest.approx(0.3)),
        ]
        assert mean[2].spread == pytest.approx(0.1)

    def test_of_a_fact_is_of_the_rows_that_have_it(self):
        rows = [row(0, weights=(0,), facts=[{"detail": 2.0}]), row(0, weights=(0,))]

        assert mean_of(rows)[0].facts == {"detail": 2.0}
