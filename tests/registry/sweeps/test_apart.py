from __future__ import annotations

import pytest

from registry.sweeps.apart import with_what_is_left
from registry.sweeps.points import mean_of
from tests.registry.sweeps.rows import row

CIRCLE = bytes([255, 0, 0, 0, 90, 0, 0, 0])
STAR = bytes([0, 0, 0, 255, 0, 0, 90, 0])
DOTS = bytes([0, 200, 0, 0, 0, 200, 0, 200])
WEIGHTS = (0, 0.5, 1)


def together(*scenes):
    """Return the last point of the mean of rows, one for each scene's edges over weights."""
    rows = [row(0, 0.3, 0.6, weights=WEIGHTS, edges=edges) for edges in scenes]
    return with_what_is_left(mean_of(rows), rows)[-1].facts


def styled(scene, by=1.0):
    return bytes(min(255, round(one + by * dot)) for one, dot in zip(scene, DOTS, strict=True))


class TestWhatIsLeft:
    def test_all_is_left_where_nothing_changes(self):
        facts = together([CIRCLE] * 3, [STAR] * 3)

        assert facts == {"kept": pytest.approx(1), "variety": pytest.approx(1)}

    def test_what_comes_to_all_scenes_alike_is_no_loss(self):
        facts = together(
            [CIRCLE, styled(CIRCLE), styled(CIRCLE)], [STAR, styled(STAR), styled(STAR)]
        )

        assert facts["kept"] > 0.9

    def test_nothing_is_left_where_scenes_are_drowned(self):
        facts = together([CIRCLE, styled(CIRCLE), DOTS], [STAR, styled(STAR), DOTS])

        assert facts == {"kept": 0, "variety": 0}

    def test_scenes_that_come_out_as_something_else_are_lost_but_various(self):
        facts = together([CIRCLE, CIRCLE, DOTS], [STAR, STAR, DOTS[::-1]])

        assert facts["kept"] < 0.2
        assert facts["variety"] > 0.5

    def test_one_scene_over_two_seeds_tells_nothing(self):
        assert together([CIRCLE] * 3, [CIRCLE] * 3) == {}

    @pytest.mark.parametrize("other", [b"", STAR + STAR], ids=["none", "another size"])
    def test_pictures_that_cannot_be_compared_tell_nothing(self, other):
        assert together([CIRCLE] * 3, [other] * 3) == {}

    def test_a_single_row_tells_nothing(self):
        assert together([CIRCLE] * 3) == {}
