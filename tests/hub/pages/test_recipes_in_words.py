"""Whatever recipes say around their lines is said in the reader's language; the lines stay."""

from __future__ import annotations

import pytest

from hub import wordings
from tests.hub.wordings.test_wordings import left
from tests.registry.exports import sayings


@pytest.fixture(scope="module")
def said():
    return sayings.said() | sayings.said_of_layouts()


def test_no_sentence_of_a_recipe_stays_in_english(said):
    assert len(said) > 300
    assert {sentence: left(sentence) for sentence in said if left(sentence)} == {}


def test_every_sentence_in_a_runtime_s_code_is_said_of_a_card_here(said):
    together = "\n".join(said)
    unsaid = [(text.pattern, where) for text, where in sayings.in_code()
              if not text.search(together)]  # fmt: skip
    assert unsaid == []


def test_every_pattern_of_recipes_is_said(said):
    """What no card says any more is taken out."""
    patterns = {*wordings.recipes.SENTENCES, *wordings.recipes.REASONS}
    used = {pattern for sentence in said for pattern in patterns_of(sentence)}
    assert patterns - used - {"It is deprecated: {0}."} == set()


def patterns_of(sentence, *, inside=False):
    apart = wordings.taken_apart(sentence, inside=inside)
    if apart is None:
        return set()
    return {apart[0]}.union(*(patterns_of(one, inside=True) for one in apart[1]))
