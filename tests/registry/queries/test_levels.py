from __future__ import annotations

import pytest

from registry.errors import Invalid
from registry.queries.levels import Levels, read


def test_what_is_written_is_read_again():
    chosen = Levels(suggestive="blur", mature="hide", explicit="show")
    assert read(chosen.word) == chosen
    assert chosen.classes == "blur-suggestive hide-mature"


@pytest.mark.parametrize("word", ["", "s", "sss?", "xyz", "shhh", "\0\0\0"])
def test_anything_else_is_as_for_everybody(word):
    assert read(word) == Levels()
    assert Levels().classes == "blur-mature blur-explicit"


def test_another_way_is_refused():
    with pytest.raises(Invalid, match="mature is 'maybe': write show, blur or hide"):
        Levels(mature="maybe")
