from __future__ import annotations

import string

import pytest

from registry.sweeps.measure import measure
from registry.sweeps.reasons import SENTENCES, Reason, sentence
from registry.sweeps.thresholds import LIMITS
from tests.registry.sweeps.rows import row

BREAKS = row(0, 0.1, 0.45, 0.5, 0.55, 0.95, 0.97)
SUDDEN = row(0, 0.01, 0.02, 0.60, 0.62, 0.64, 0.65)


class TestReason:
    def test_is_a_sentence_of_its_numbers(self):
        reason = Reason("first_bad", "leaves", {"weight": 0.8, "distance": 0.51234})

        assert reason.sentence == (
            "From 0.8 on it is bad: the step there changes 0.512, away from what it plainly "
            "showed before."
        )
        stored = {"about": "first_bad", "code": "leaves", "weight": 0.8, "distance": 0.512}
        assert reason.as_stored() == stored

    def test_is_refused_without_a_sentence(self):
        with pytest.raises(KeyError):
            Reason("first_bad", "bad luck")

    def test_of_a_newer_release_says_its_code(self):
        assert sentence("unheard-of", {}) == "unheard-of"

    @pytest.mark.parametrize("rows", [[BREAKS] * 3, [SUDDEN] * 3, [BREAKS, SUDDEN]])
    def test_has_all_the_numbers_that_its_sentence_names(self, rows):
        for reason in measure(rows).reasons:
            assert "{" not in reason.sentence

    def test_there_is_one_for_each_thing_said(self):
        told = {reason.about: reason.code for reason in measure([SUDDEN] * 3).reasons}

        assert told == {
            "onset": "shows",
            "best": "within",
            "jumps": "jump",
            "certainty": "not-reached",
        }


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.code)
def test_every_sign_has_a_sentence_of_its_numbers(limit):
    holes = {name for _, name, _, _ in string.Formatter().parse(SENTENCES[limit.code]) if name}

    assert holes <= {"weight", "value", "at_zero", "times"}
