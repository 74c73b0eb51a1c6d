from __future__ import annotations

import math

import numpy as np
import pytest

from workers.engine.texts import (
    LEAST,
    TextShot,
    divergence,
    perplexity,
    repetition,
    variation,
    words_apart,
)


def expecting(*rows):
    with np.errstate(divide="ignore"):
        return np.log(np.array(rows, np.float32))


def shot(text="a b c", expected=((0.5, 0.5),), about="here", tokens=(), **told):
    return TextShot(text, tuple(tokens), expecting(*expected), about, told)


class TestDistances:
    def test_are_nothing_between_the_same(self):
        assert shot().distances(shot()) == {"kl": 0, "words": 0}
        assert shot().change(shot()) == 0

    def test_tell_the_divergence_of_the_other_from_this_one(self):
        found = shot(expected=[(0.5, 0.5)]).distances(shot(expected=[(0.25, 0.75)]))

        assert found["kl"] == pytest.approx(0.5 * math.log(2) + 0.5 * math.log(0.5 / 0.75))

    def test_are_the_mean_over_all_places(self):
        one, other = expecting((0.5, 0.5), (1, 0)), expecting((0.5, 0.5), (0.5, 0.5))

        assert divergence(one, other) == pytest.approx(math.log(2) / 2)
        assert variation(one, other) == pytest.approx(0.25)

    def test_compare_only_the_words_of_answers_to_different_prompts(self):
        there = shot("a b d", expected=[(0.1, 0.9), (0.2, 0.8)], about="there")

        assert shot("a b c").distances(there) == {"words": pytest.approx(1 / 3)}
        assert shot("a b c").change(there) == pytest.approx(1 / 3)

    def test_take_what_is_no_number_for_what_is_never_expected(self):
        spoiled = TextShot("", (), np.full((1, 2), np.nan, np.float32), "here")

        assert not spoiled.is_finite
        assert shot().distances(spoiled)["kl"] == pytest.approx(math.log(0.5) - LEAST)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [("", "", 0), ("a", "", 1), ("a b", "c d", 1), ("a b c d", "a b c e", 0.25)],
)
def test_words_are_apart_by_those_that_are_not_in_common(one, other, apart):
    assert words_apart(one, other) == apart


@pytest.mark.parametrize(
    ("tokens", "share"),
    [((), 0), ((1, 2), 0), ((1, 2, 3, 4), 0), ((1, 1, 1, 1, 1), 2 / 3), ((1, 2, 1, 2, 1, 2), 0.5)],
)
def test_repetition_is_the_share_of_runs_that_came_before(tokens, share):
    assert repetition(tokens) == pytest.approx(share)


def test_perplexity_is_the_number_of_choices_that_were_as_likely():
    assert perplexity([math.log(1 / 8)] * 5) == pytest.approx(8)
    assert math.isfinite(perplexity([float("nan"), float("-inf")]))


def test_a_shot_tells_its_text_and_how_it_agrees_with_the_base():
    told = shot("a b c", tokens=[1, 1, 1, 1], perplexity=3.0)

    assert told.fields["text"] == "a b c"
    assert told.fields["medium"] == "text"
    assert told.files() == {}
    assert told.measures(shot("a b x")) == {
        "repetition": 0.5,
        "tokens": 4,
        "agreement": pytest.approx(2 / 3),
        "perplexity": 3.0,
    }
