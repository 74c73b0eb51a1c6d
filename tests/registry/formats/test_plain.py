"""Lines that people wrote, as they are kept."""

from __future__ import annotations

import pytest

from registry.formats import plain


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  ink \t wash\n", "ink wash"),
        ("ink\u202egnp.exe", "inkgnp.exe"),
        ("in\u200bk", "ink"),
        ("\x1b]0;owned\x07ink\x1b[201~", "]0;ownedink[201~"),
        ("ink\u2028wash\x85\x0bdry", "ink wash dry"),
        ("ink\U000e0072\U000e006d", "ink"),
        ("in\ud800k\0", "ink"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # kept apart on purpose
        ("👩\u200d🎨 墨 ❤\ufe0f", "👩\u200d🎨 墨 ❤\ufe0f"),
        ("שלום\u200f!", "שלום\u200f!"),
    ],
)
def test_keeps_what_is_read_and_nothing_that_is_obeyed(written, kept):
    assert plain.line(written) == kept


def test_words_that_differ_in_nothing_seen_are_one():
    assert plain.words(["ink", "i\u200bnk", " ink ", "\u202e", "wash"]) == ["ink", "wash"]
