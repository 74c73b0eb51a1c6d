from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.api.ranges import NoSuchRange, stretch

ETAG = '"abc"'


@pytest.mark.parametrize(
    ("asked", "begin", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=90-", 90, 100),
        ("bytes=90-1000", 90, 100),
        ("bytes=-10", 90, 100),
        ("bytes=-1000", 0, 100),
    ],
    ids=["one byte", "the middle", "the rest", "beyond the end", "the tail", "more than there is"],
)
def test_gives_a_range(asked, begin, end):
    found, partial = stretch(asked, size=100, etag=ETAG)
    assert (found.begin, found.end) == (begin, end)
    assert partial


@pytest.mark.parametrize(
    "asked",
    ["", "bytes=0-1,5-6", "lines=1-2", "bytes=-", "bytes=5-2", "bytes", "bytes=a-b"],
)
def test_gives_everything_for_what_is_no_single_range(asked):
    found, partial = stretch(asked, size=100, etag=ETAG)
    assert found.whole
    assert not partial


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=200-300", "bytes=-0"])
def test_refuses_bytes_that_are_not_there(asked):
    with pytest.raises(NoSuchRange):
        stretch(asked, size=100, etag=ETAG)


def test_gives_everything_of_another_version():
    found, partial = stretch("bytes=5-", size=100, etag=ETAG, if_range='"old"')
    assert found.whole
    assert not partial


def test_goes_on_with_the_same_version():
    found, partial = stretch("bytes=5-", size=100, etag=ETAG, if_range=ETAG)
    assert (found.begin, partial) == (5, True)


@given(st.text(max_size=40), st.integers(1, 1000))
def test_never_leaves_the_file(asked, size):
    try:
        found, _ = stretch(f"bytes={asked}", size=size, etag=ETAG)
    except NoSuchRange:
        return
    assert 0 <= found.begin < found.end <= size
