from __future__ import annotations

import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.frames import BadFrame, Frame, encode, read_frame


class Ended(Exception):
    """There are no more bytes."""


def reader(content):
    file = io.BytesIO(content)

    def read(count):
        found = file.read(count)
        if len(found) < count:
            raise Ended
        return found

    return read


def test_what_is_encoded_is_read_again():
    blobs = {"one": b"\x00\x01", "nothing": b""}

    frame = read_frame(reader(encode({"ok": {"weights": [0, 0.5]}}, blobs)))

    assert frame == Frame({"ok": {"weights": [0, 0.5]}}, blobs)


def test_what_is_no_number_is_null():
    frame = read_frame(reader(encode({"a": float("nan"), "b": [float("inf")], "c": (1.5,)})))

    assert frame.fields == {"a": None, "b": [None], "c": [1.5]}


@pytest.mark.parametrize(
    "content",
    [
        (2**40).to_bytes(8, "little"),
        (0).to_bytes(8, "little"),
        (2).to_bytes(8, "little") + b"[]",
        (4).to_bytes(8, "little") + b"nope",
        (23).to_bytes(8, "little") + b'{"blobs": [["a", -100]]}',
        (25).to_bytes(8, "little") + b'{"blobs":[["a",9e99999]]}',
        (28).to_bytes(8, "little") + b'{"blobs":[["a",99999999999]]}'[:28],
    ],
)
def test_what_is_no_frame_is_refused(content):
    with pytest.raises((BadFrame, Ended)):
        read_frame(reader(content))


@given(st.binary(max_size=100))
def test_any_bytes_are_a_frame_or_a_refusal(content):
    with suppress(BadFrame, Ended):
        read_frame(reader(content))
