from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace

import pytest

from hub.pages.curves import APART, draw
from registry.models import Curve

NO_CLAIM = SimpleNamespace(weight_low=None, weight_high=None)


def drawn(*weights, claim=NO_CLAIM, spread=0.0, **said):
    points = [
        {"weight": weight, "from_zero": abs(weight) / 4, "from_previous": 0.05, "spread": spread}
        for weight in weights
    ]
    return draw(Curve(points=points, **said), claim)


class TestDraw:
    def test_places_weights_by_how_far_they_are_apart(self):
        near, middle, far = drawn(0, 0.5, 2.0).dots

        assert middle.x - near.x == pytest.approx((far.x - near.x) / 4, abs=0.1)

    def test_names_no_two_weights_over_one_another(self):
        dots = drawn(*(number / 20 for number in range(61)), best=1.15).dots

        named = [dot.x for dot in dots if dot.named]
        assert all(after - before >= APART for before, after in pairwise(named))
        assert next(dot for dot in dots if dot.weight == 1.15).named

    def test_draws_both_sides_of_a_slider(self):
        drawing = drawn(-1, 0, 1, low=-1, high=1, first_bad=1, first_bad_below=-1)

        assert drawing.bad == (drawing.left, drawing.right)
        assert drawing.band == (drawing.left, drawing.right - drawing.left)

    def test_draws_the_spread_where_there_is_any(self):
        assert drawn(0, 1).spread == ""
        assert drawn(0, 1, spread=0.1).spread.endswith("Z")

    def test_draws_how_far_seeds_are_apart_where_there_are_more(self):
        seeds = [{"weight": 1.0, "spread": 0.1}, {"weight": 0.0, "spread": 0.0}]

        near, middle, far = drawn(0, 0.5, 1, over_seeds=seeds).dots

        assert (near.by_seed, middle.by_seed, far.by_seed) == (0.0, None, 0.1)
        assert (near.whisker, middle.whisker) == (None, None)
        low, high = far.whisker
        assert low - far.y == pytest.approx(far.y - high, abs=0.2)
        assert high >= drawn(0, 1).top

    def test_draws_how_well_pictures_fit_their_prompts_where_all_were_scored(self):
        points = [
            {"weight": w, "from_zero": w / 4, "from_previous": 0.1, "facts": {"fidelity": one}}
            for w, one in ((0, 0.3), (1, 0.15), (2, 0.0))
        ]

        drawing = draw(Curve(points=points), NO_CLAIM)

        assert [dot.fidelity for dot in drawing.dots] == [0.3, 0.15, 0.0]
        assert drawing.fidelity.startswith(f"M{drawing.left:.1f} {drawing.top:.1f}")
        assert drawing.fidelity.endswith(f"{drawing.right:.1f} {drawing.bottom:.1f}")
        del points[1]["facts"]
        assert draw(Curve(points=points), NO_CLAIM).fidelity == ""

    def test_keeps_a_claim_within_the_picture(self):
        claim = SimpleNamespace(weight_low=0.5, weight_high=9.0)

        drawing = drawn(0, 1, 2, claim=claim)

        assert drawing.claim == (pytest.approx(195, abs=1), drawing.right)

    def test_one_point_is_no_drawing(self):
        assert drawn(0) is None
