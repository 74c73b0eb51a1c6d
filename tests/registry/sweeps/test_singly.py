from __future__ import annotations

import pytest

from registry.sweeps.measure import measure
from registry.sweeps.singly import OWN, is_lost, with_own
from registry.sweeps.thresholds import MEASURES
from tests.registry.sweeps.rows import row

AT = MEASURES["ssim"]
CELLS = 48


def pattern(**edges):
    """Return where a picture has edges: `at3=255` is a strong one in the fourth place."""
    return bytes(edges.get(f"at{place}", 0) for place in range(CELLS))


CIRCLE, STAR, HEART = pattern(at0=255, at4=90), pattern(at3=255, at6=90), pattern(at8=255, at9=90)
MUSH = pattern(at20=120, at21=80, at30=120)
FAINT = pattern(at0=80, at4=28, at20=120, at21=80, at30=120)
DOTS = pattern(at40=60, at43=60, at46=60)
WEIGHTS = (0.0, 0.4, 0.8, 1.2)


def with_dots(scene):
    return bytes(min(255, one + dot) for one, dot in zip(scene, DOTS, strict=True))


def scene(*edges, away=(0, 0.1, 0.3, 0.5), detail=(0.02,) * 4):
    facts = [{"detail": value} for value in detail]
    return row(*away, weights=WEIGHTS, edges=list(edges), facts=facts)


def own(*scenes):
    """Return what is left of each scene at the last weight."""
    return [one[-1].facts.get(OWN) for one in with_own(scenes)]


class TestWhatIsLeftOfAScene:
    def test_is_all_where_nothing_changes(self):
        assert own(scene(*[CIRCLE] * 4), scene(*[STAR] * 4)) == pytest.approx([1, 1])

    def test_is_most_where_a_style_comes_to_all_alike(self):
        styled = [scene(one, *[with_dots(one)] * 3) for one in (CIRCLE, STAR)]

        assert min(own(*styled)) > 0.85

    def test_is_nothing_of_the_one_that_is_eaten_and_all_of_the_other(self):
        eaten, whole = own(scene(CIRCLE, CIRCLE, MUSH, MUSH), scene(*[STAR] * 4))

        assert abs(eaten) < 0.2
        assert whole > 0.8

    def test_nobody_knows_of_one_scene_over_two_seeds(self):
        assert own(scene(*[CIRCLE] * 4), scene(*[CIRCLE] * 4)) == [None, None]

    def test_nobody_knows_where_another_weight_was_looked_at(self):
        other = row(0, 0.1, weights=(0.0, 0.5), edges=[STAR, STAR])

        assert own(scene(*[CIRCLE] * 4), other) == [None, None]


class TestIsLost:
    def lost(self, *edges, **told):
        walk, _ = with_own([scene(*edges, **told), scene(*[STAR] * 4)])
        return is_lost(walk, AT)

    def test_is_what_little_is_left_of_so_far_away(self):
        assert self.lost(CIRCLE, CIRCLE, CIRCLE, MUSH)

    def test_is_not_what_is_no_further_away_than_what_moves(self):
        assert not self.lost(CIRCLE, CIRCLE, CIRCLE, MUSH, away=(0, 0.1, 0.2, 0.45))

    @pytest.mark.parametrize(("detail", "lost"), [(0.015, True), (0.02, False)])
    def test_is_what_goes_with_its_edges_long_after_it_had_come(self, detail, lost):
        told = {"away": (0, 0.28, 0.29, 0.3), "detail": (0.02, 0.02, 0.02, detail)}

        assert self.lost(CIRCLE, CIRCLE, CIRCLE, MUSH, **told) is lost

    @pytest.mark.parametrize(("detail", "lost"), [(0.006, True), (0.016, False)])
    def test_is_the_sooner_the_fainter_the_edges_are_that_are_left(self, detail, lost):
        """A third of its own is left, of all the edges that there are."""
        told = {"away": (0, 0.28, 0.29, 0.3), "detail": (0.02, 0.02, 0.02, detail)}

        assert self.lost(CIRCLE, CIRCLE, CIRCLE, FAINT, **told) is lost

    def test_is_not_what_a_pattern_lies_over(self):
        assert not self.lost(CIRCLE, CIRCLE, CIRCLE, MUSH, detail=(0.02, 0.02, 0.03, 0.05))

    def test_is_nothing_that_has_no_edges(self):
        assert not is_lost(row(0, 0.3, 0.6, 0.8, weights=WEIGHTS), AT)


class TestScenesThatAreLostOneByOne:
    def rows(self, *lost_at):
        return [
            scene(*(MUSH if weight >= at else one for weight in WEIGHTS))
            for one, at in zip((CIRCLE, STAR, HEART), lost_at, strict=True)
        ]

    def test_are_bad_when_half_of_them_are(self):
        curve = measure(self.rows(1.2, 1.2, 9))

        assert curve.first_bad == 1.2
        assert next(one.code for one in curve.reasons if one.about == "first_bad") == "lost-singly"

    def test_are_good_while_most_hold(self):
        assert measure(self.rows(1.2, 9, 9)).first_bad is None


class TestScenesThatFray:
    """Nearer to weight 0 than what is lost, and little of them left all the same."""

    def curve(self, *frayed_at, away=(0, 0.2, 0.3, 0.35)):
        rows = [
            scene(*(MUSH if weight >= at else one for weight in WEIGHTS), away=away)
            for one, at in zip((CIRCLE, STAR, HEART), frayed_at, strict=True)
        ]
        return measure(rows)

    def test_end_the_range_where_half_of_them_have(self):
        curve = self.curve(1.2, 1.2, 9)

        assert (curve.first_bad, curve.best, curve.high) == (None, 0.8, 0.8)
        why = next(one for one in curve.reasons if one.about == "high")
        assert "No weight beyond 0.8 is suggested: at 1.2 2 of 3 scenes" in why.sentence

    def test_leave_the_range_as_it_is_while_most_hold(self):
        curve = self.curve(1.2, 9, 9)

        assert curve.high == 1.2
        assert "high" not in {one.about for one in curve.reasons}

    def test_leave_it_where_they_have_hardly_moved(self):
        assert self.curve(1.2, 1.2, 9, away=(0, 0.2, 0.21, 0.22)).high == 1.2

    def test_never_end_it_below_what_is_best(self):
        curve = self.curve(0.4, 0.4, 0.4)

        assert curve.best is None or curve.low <= curve.best <= curve.high
