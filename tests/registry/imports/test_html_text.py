"""Descriptions in HTML become Markdown, whoever wrote them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.imports.html_text import LONGEST, as_markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("plain words", "plain words"),
        ("<p>One</p><p>Two &amp; <b>three</b></p>", "One\n\nTwo & **three**"),
        ("<h1>Use</h1><ul><li>a</li><li>b</li></ul>", "## Use\n\n- a\n- b"),
        ('<a href="https://example.org/x">here</a>', "[here](https://example.org/x)"),
        ('<a href="javascript:alert(1)">here</a>', "here"),
        ('<a href="https://example.org/) [x](javascript:1">here</a>', "here"),
        ("a<script>alert(1)</script>b<style>p{}</style>", "ab"),
        ("<p>2 < 3 <![endif]> kept", "2 < 3 kept"),
        ("line<br>line", "line\nline"),
    ],
)
def test_says_the_same_in_markdown(html, markdown):
    assert as_markdown(html) == markdown


@pytest.mark.parametrize("piece", ["<!--", "<a ", '<a href="', "<![", "<", "&", "<script>", "<b>"])
def test_what_never_closes_is_read_quickly(piece):
    assert isinstance(as_markdown("<p>" + piece * (LONGEST // len(piece))), str)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(["<", "<a ", "<![", "</p", ">", "&#x", "\0", "x", '"'])).map("".join)
)
def test_anything_is_read(html):
    as_markdown(html)
