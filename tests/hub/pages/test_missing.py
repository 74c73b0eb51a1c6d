from __future__ import annotations

from hub.pages import missing
from registry.checks.requirements import REQUIREMENTS, Missing


def test_every_saying_of_the_registry_is_listed_for_the_translators():
    assert {saying for row in REQUIREMENTS for saying in row.sayings} == set(missing.SAYINGS)


def test_sayings_are_filled_in():
    said = Missing("x", missing.SAYINGS[1], {"level": "fits", "needed": "loads"})

    assert missing.in_words([said]) == [
        "it is proved to the level “Fits” and its team asks for “Loads”"
    ]
