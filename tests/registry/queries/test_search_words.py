from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from registry.queries import search_words

pytestmark = pytest.mark.django_db


def finds(asked, text):
    """Say whether PostgreSQL finds a text by what is asked."""
    with connection.cursor() as cursor:
        vector = search_words.vector([("A", text)])
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [vector, search_words.query(asked)])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("wash", "Ink wash"),
        ("INK", "Ink wash"),
        ("wa", "Ink wash"),
        ("ink/wash", "Ink wash"),
        ("cafe", "Café de nuit"),
        ("ＬｏＲＡ", "lora"),
        ("水墨", "中国水墨画风格"),
        ("墨画", "中国水墨画风格"),
        ("水墨画", "中国水墨画风格"),
        ("格", "中国水墨画风格"),
        ("中", "中国水墨画风格"),
        ("水墨 v2", "水墨画v2"),
        ("かわいい", "とてもかわいいねこ"),
        ("고양이", "귀여운 고양이 그림"),
        ("тушь", "Китайская тушь"),
        ("แมว", "รูปแมวน่ารัก"),
    ],
)
def test_finds(asked, text):
    assert finds(asked, text)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("ash", "Ink wash"),
        ("ink oil", "Ink wash"),
        ("墨水", "中国水墨画风格"),
        ("水画", "中国水墨画风格"),
        ("中国风格", "中国水墨画风格"),
        ("washing", "Ink wash"),
    ],
    ids=["inside a word", "one of two", "turned round", "with a gap", "apart", "more than it is"],
)
def test_does_not_find(asked, text):
    assert not finds(asked, text)


def test_no_phrase_reaches_over_into_another_text():
    with connection.cursor() as cursor:
        vector = search_words.vector([("A", "中国水"), ("B", "墨画")])
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [vector, search_words.query("水墨画")])
        assert not cursor.fetchone()[0]


@pytest.mark.parametrize("text", ["", "!!!", "' | 'a", "\\", "&", "…"])
def test_what_has_no_word_or_looks_like_a_query_is_harmless(text):
    assert search_words.query(text) in {"", "'a':*"}


@given(text=st.text(max_size=80))
def test_postgresql_takes_whatever_people_type(text):
    with connection.cursor() as cursor:
        vector = search_words.vector([("A", text), ("D", text)])
        cursor.execute("SELECT %s::tsvector, %s::tsquery", [vector, search_words.query(text)])


def test_a_long_text_is_cut_off_before_it_is_too_long():
    vector = search_words.vector([("D", "水墨 " * 50_000)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT length(%s::tsvector)", [vector])
        assert cursor.fetchone() == (2,)
