from __future__ import annotations

import pytest
from django.utils import translation

from hub.pages import curve_words
from registry.sweeps.claims import Verdict
from registry.sweeps.reasons import SENTENCES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    """Speak English, whatever a request of another test has left behind."""
    with translation.override("en"):
        yield


def test_every_sentence_of_the_registry_is_there_to_be_translated():
    assert set(curve_words.LISTED) == set(SENTENCES.values())


def test_every_verdict_on_a_claim_has_a_sentence_but_none():
    assert set(curve_words.CLAIMS) == set(Verdict) - {Verdict.NOTHING}


def test_a_code_of_a_newer_release_says_itself():
    assert curve_words.say({"about": "best", "code": "unheard-of"}) == "unheard-of"


@pytest.fixture
def curve(zebra):
    curve = zebra.grids.get().curve
    curve.reasons = [
        {"about": "first_bad", "code": "leaves", "weight": 1.2, "distance": 0.55},
        {"about": "certainty", "code": "few-rows", "rows": 2, "needed": 3},
    ]
    sign = {"code": "noise", "value": 0.5, "at_zero": 0.1, "share": 1.0, "breaks": False}
    curve.signs = [
        sign | {"weight": 1.0, "times": 5.0},
        sign | {"weight": 1.2, "times": 6.0},
        sign | {"code": "lost", "weight": 1.2, "times": 0.1, "breaks": True},
    ]
    curve.certainty = "unsure"
    curve.save()
    return curve


def test_a_curve_is_told_with_its_reasons_doubts_and_first_signs(curve, zebra):
    said = curve_words.of_curve(curve, zebra)

    assert not said.is_sure
    (why,) = said.because
    assert why.startswith("From 1.2 on it is bad: the step there changes 0.55, away from")
    assert said.doubts == ("Only 2 of 3 scenes were looked at.",)
    assert said.signs == ("At 1 it has 5 times the fine detail of the picture without it.",)


def test_there_is_nothing_to_tell_without_a_curve(zebra):
    assert curve_words.of_curve(None, zebra) is None


class TestPage:
    def test_says_that_it_is_not_sure_and_why(self, client, curve):
        page = client.get("/ink/zebra").text

        assert "Not sure:" in page
        assert "Only 2 of 3 scenes were looked at." in page

    def test_a_sure_curve_has_no_doubts(self, client, zebra):
        assert "Not sure:" not in client.get("/ink/zebra").text

    def test_draws_the_spread_jumps_and_both_breaks(self, client, curve):
        curve.points = [point | {"spread": 0.02} for point in curve.points]
        curve.jumps, curve.first_bad_below = [0.6], 0.0
        curve.save()

        page = client.get("/ink/zebra").text

        assert 'class="spread"' in page
        assert page.count('class="jump"') == 1
        assert page.count('class="bad"') == 2
        assert "It jumps at 0.6." in page
        assert "± 0.020" in page

    def test_shows_the_claim_beside_it_and_what_was_measured_says_of_it(self, client, curve, zebra):
        zebra.weight_low, zebra.weight_high, zebra.weight_default = 0.8, 1.3, 1.2
        zebra.save()

        page = client.get("/ink/zebra").text

        assert 'class="claim"' in page
        assert "Its uploader says 0.8 – 1.3." in page
        assert "Measured, it breaks before that." in page

    def test_draws_no_claim_where_there_is_none(self, client, curve, zebra):
        zebra.weight_low = zebra.weight_high = None
        zebra.save()

        assert 'class="claim"' not in client.get("/ink/zebra").text
