from __future__ import annotations

import pytest

from registry.sweeps.claims import Verdict, hold
from registry.sweeps.measure import Curve

MEASURED = Curve("ssim", (), onset=0.4, low=0.4, best=0.8, high=1.2, first_bad=1.6)
SLIDER = Curve(
    "ssim", (), onset=0.4, low=-1.0, best=0.8, high=1.2, onset_below=-0.4, first_bad_below=-1.2
)


@pytest.mark.parametrize(
    ("best", "high", "verdict"),
    [
        (0.8, 2.0, Verdict.AGREES),
        (None, 1.2, Verdict.AGREES),
        (1.4, None, Verdict.BEYOND),
        (1.6, None, Verdict.BREAKS),
        (0.2, 1.0, Verdict.UNSEEN),
        (None, None, Verdict.NOTHING),
    ],
)
def test_a_claim_is_held_against_the_curve(best, high, verdict):
    assert hold(best, high, MEASURED) is verdict


@pytest.mark.parametrize(
    ("best", "verdict"),
    [(-0.8, Verdict.AGREES), (-1.2, Verdict.BREAKS), (-0.2, Verdict.UNSEEN), (0.8, Verdict.AGREES)],
)
def test_a_claim_below_zero_is_held_against_that_side(best, verdict):
    assert hold(best, None, SLIDER) is verdict


@pytest.mark.parametrize("measured", [None, Curve("ssim", ())], ids=["no curve", "never shows"])
def test_there_is_nothing_to_say_where_nothing_was_measured(measured):
    assert hold(1.0, None, measured) is Verdict.NOTHING
