"""What further seeds say of a curve, and say against it."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from registry.sweeps.measure import measure
from registry.sweeps.over_seeds import with_seeds
from registry.sweeps.points import Point
from tests.registry.sweeps.rows import row

MEASURED = Path(__file__).parent / "measured" / "seeds"
FAR = (0.0, 0.02, 0.1, 0.2, 0.3, 0.35, 0.38)
WEIGHTS = (0.0, 0.6, 1.2)
UPPER = bytes([255] * 72 + [0] * 72)  # all edges above
LOWER = bytes([0] * 72 + [255] * 72)
MIDDLE = bytes([0] * 36 + [255] * 72 + [0] * 36)


def seed(*from_zero, edges=(UPPER, UPPER, UPPER), saw_nan=False):
    return [
        Point(weight, distance, distance, edges=seen, saw_nan=saw_nan)
        for weight, distance, seen in zip(WEIGHTS, from_zero, edges, strict=True)
    ]


@pytest.fixture
def curve():
    curve = measure([row(*FAR), row(*FAR), row(*FAR)])
    assert (curve.low, curve.best, curve.high) == (0.4, 0.8, 1.2)
    return curve


def best_at(curve, weight):
    return replace(curve, best=weight)  # there is no row by seeds at its own


def codes(curve):
    return [reason.code for reason in curve.reasons if reason.about == "certainty"]


class TestSpread:
    def test_is_over_the_seeds_of_a_scene_and_not_over_scenes(self, curve):
        near = [seed(0, 0.1, 0.2), seed(0, 0.1, 0.3)]
        far = [seed(0, 0.5, 0.7), seed(0, 0.5, 0.8)]

        found = with_seeds(curve, [near, far]).over_seeds

        assert [one.weight for one in found] == list(WEIGHTS)
        assert [one.spread for one in found] == pytest.approx([0, 0, 0.05])
        assert {(one.scenes, one.seeds) for one in found} == {(2, 2)}

    def test_a_curve_without_further_seeds_stays_as_it_was(self, curve):
        assert with_seeds(curve, []) == curve
        assert with_seeds(curve, [[seed(0, 0.1, 0.2)]]) == curve

    def test_never_moves_what_the_curve_says(self, curve):
        found = with_seeds(curve, [[seed(0, 0.9, 1.5), seed(0, 0.9, 1.5, saw_nan=True)]])

        for name in ("points", "onset", "low", "best", "high", "first_bad", "jumps"):
            assert getattr(found, name) == getattr(curve, name)


class TestVariety:
    def test_is_what_is_left_of_what_seeds_differ_by(self, curve):
        two = [
            seed(0, 0.1, 0.2, edges=(UPPER, UPPER, MIDDLE)),
            seed(0, 0.1, 0.2, edges=(LOWER, MIDDLE, MIDDLE)),
        ]

        found = with_seeds(curve, [two])

        assert [round(one.variety, 2) for one in found.over_seeds] == [1, 0.71, 0]
        assert [(sign.weight, sign.code, sign.breaks) for sign in found.signs] == [
            (1.2, "seeds-alike", False)
        ]

    def test_is_not_told_where_seeds_draw_the_same_without_it(self, curve):
        two = [seed(0, 0.1, 0.2), seed(0, 0.1, 0.2)]

        found = with_seeds(curve, [two])

        assert {one.variety for one in found.over_seeds} == {None}
        assert not found.signs

    def test_one_picture_by_all_seeds_within_the_range_is_a_doubt(self, curve):
        two = [seed(0, 0.1, 0.2, edges=(one, UPPER, UPPER)) for one in (UPPER, LOWER)]

        found = with_seeds(curve, [two])

        assert codes(found) == [*codes(curve), "alike-within"]
        assert found.certainty == "unsure"


class TestDoubts:
    def test_an_effect_that_another_seed_hardly_shows(self, curve):
        found = with_seeds(best_at(curve, 0.6), [[seed(0, 0.3, 0.4), seed(0, 0.1, 0.4)]])

        assert codes(found) == [*codes(curve), "weaker-seed"]

    def test_not_one_that_it_shows_as_well(self, curve):
        found = with_seeds(best_at(curve, 0.6), [[seed(0, 0.3, 0.4), seed(0, 0.2, 0.4)]])

        assert codes(found) == codes(curve)

    @pytest.mark.parametrize("broken", [seed(0, 0.95, 1.0), seed(0, 0.1, 0.2, saw_nan=True)])
    def test_a_range_that_another_seed_breaks_in(self, curve, broken):
        found = with_seeds(curve, [[seed(0, 0.3, 0.4), broken]])

        assert codes(found) == [*codes(curve), "breaks-seed"]
        assert found.reasons[-1].numbers["weight"] == 0.6

    def test_no_seed_that_goes_as_far_as_the_scene_s_own(self, curve):
        """The glow on black of a whole picture turns it over by every seed."""
        found = with_seeds(curve, [[seed(0, 0.89, 0.93), seed(0, 0.93, 0.95)]])

        assert codes(found) == codes(curve)

    def test_not_what_breaks_beyond_it(self, curve):
        short = replace(curve, high=0.6)

        assert codes(with_seeds(short, [[seed(0, 0.3, 0.4), seed(0, 0.3, 1.0)]])) == codes(curve)


def measured(name):
    told = json.loads(gzip.decompress((MEASURED / f"{name}.json.gz").read_bytes()))
    return [
        [
            [
                Point(
                    cell["weight"],
                    (cell["from_zero"] or {}).get("ssim", 0.0),
                    (cell["from_previous"] or {}).get("ssim", 0.0),
                    edges=bytes.fromhex(cell["edges"]),
                )
                for cell in cells
            ]
            for cells in rows
        ]
        for rows in told
    ]


class TestOnPictures:
    """Adapters of the demo base, on a prompt that leaves it to the seed what is drawn."""

    def test_what_knows_one_picture_draws_it_by_every_seed(self, curve):
        found = with_seeds(curve, measured("one-memory"))

        assert {sign.weight for sign in found.signs if sign.code == "seeds-alike"} == {0.6, 1, 1.6}

    @pytest.mark.parametrize("name", ["two-memories", "neon-glow", "gilt-frame"])
    def test_what_knows_a_style_does_not(self, curve, name):
        found = with_seeds(curve, measured(name))

        assert all(one.variety is not None for one in found.over_seeds)
        assert not [sign for sign in found.signs if sign.code == "seeds-alike"]
