"""Which scenes are drawn by further seeds, and at which weights."""

from __future__ import annotations

import pytest

from registry.sweeps import seeds
from registry.sweeps.measure import Curve, measure
from registry.sweeps.plan import Scene
from registry.sweeps.points import Point
from registry.sweeps.rows import plan_rows
from tests.registry.sweeps.rows import row

SCENES = [Scene("star", "A star", "a star", seed=2), Scene("pair", "A pair", "two", seed=3)]
CURVE = Curve(
    measure="ssim",
    points=tuple(Point(weight, 0.1, 0.1) for weight in (0.0, 0.3, 0.6, 0.9, 1.2, 1.5)),
    onset=0.3,
    best=0.6,
    low=0.3,
    high=0.9,
    first_bad=1.2,
)


def plan(curve=CURVE, *, scenes=SCENES, named=None, usual=1, cells=80):
    counting = [one for one in plan_rows(scenes) if one.counts]
    return seeds.plan(counting, curve, named=named or {}, usual=usual, cells=cells)


class TestRows:
    def test_each_scene_is_drawn_by_its_own_seed_and_one_more(self):
        found = plan()

        assert [(one.scene.slug, one.scene.seed) for one in found.rows] == [
            ("star", 2), ("star", 1002), ("pair", 3), ("pair", 1003),
        ]  # fmt: skip
        assert [one.number for one in found.rows] == [0, 1, 2, 3]
        assert found.seeds == (2, 1002, 3, 1003)

    def test_a_scene_that_names_seeds_is_drawn_by_those(self):
        found = plan(named={"pair": [7, 3, 8, 7]}, usual=0)

        assert [(one.scene.slug, one.scene.seed) for one in found.rows] == [
            ("pair", 3), ("pair", 7), ("pair", 8),
        ]  # fmt: skip

    def test_no_more_than_a_worker_should_spend(self):
        found = plan(named={"star": range(10, 30)}, usual=0)

        assert len(found.rows) == 1 + seeds.MOST

    def test_nothing_where_no_seed_is_asked_for(self):
        assert plan(usual=0) is None

    def test_nothing_where_there_is_no_curve(self):
        assert plan(Curve(measure="ssim", points=())) is None


class TestWeights:
    def test_are_those_that_the_curve_says_something_of(self):
        assert plan().weights == (0.0, 0.3, 0.6, 0.9, 1.2)

    def test_the_highest_stands_for_what_was_never_bad(self):
        never = measure([row(0, 0.1, 0.2, 0.3, 0.35, 0.4, 0.42)])

        assert never.first_bad is None
        assert plan(never).weights[-1] == 1.2

    def test_of_what_never_shows_the_highest_alone(self):
        assert plan(measure([row(0, 0, 0, 0, 0, 0, 0)])).weights == (0.0, 1.2)

    def test_a_slider_is_looked_at_on_both_sides(self):
        curve = measure([row(0.5, 0.3, 0, 0.3, 0.5, weights=(-0.6, -0.3, 0.0, 0.3, 0.6))])

        assert plan(curve).weights[0] == -0.6

    @pytest.mark.parametrize(("cells", "weights"), [(80, 5), (24, 4), (18, 3), (6, 3)])
    def test_are_no_more_than_a_third_of_the_sweep_comes_to(self, cells, weights):
        assert len(plan(cells=cells).weights) == weights

    def test_the_best_and_the_break_are_the_last_to_go(self):
        assert plan(cells=12).weights == (0.0, 0.6, 1.2)

    def test_seeds_that_a_scene_names_are_drawn_at_all_of_them(self):
        assert len(plan(cells=6, named={"star": [5]}).weights) == 5
