"""ZIP files that are written as they are sent, read by the library that everybody has."""

from __future__ import annotations

import io
import zipfile
import zlib
from functools import partial

import pytest

from registry.exports import zips
from registry.exports.zips import Member


def member(name, content):
    return Member(name, len(content), zlib.crc32(content), partial(io.BytesIO, content))


def test_the_library_reads_what_was_written():
    members = [
        member("ink-v1.safetensors", b"\0\1" * 400_000),
        member("水墨/adapter_config.json", b"{}"),
        member("empty", b""),
    ]
    content = b"".join(zips.pieces(members))

    assert len(content) == zips.size_of(members)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [one.name for one in members]
        assert archive.read("水墨/adapter_config.json") == b"{}"
        assert {one.compress_type for one in archive.infolist()} == {zipfile.ZIP_STORED}


def test_none_is_one_too():
    assert zipfile.ZipFile(io.BytesIO(b"".join(zips.pieces([])))).namelist() == []


def test_the_same_members_make_the_same_file():
    members = [member("a", b"1")]
    assert list(zips.pieces(members)) == list(zips.pieces(members))


class Zeros(io.RawIOBase):
    """So many zeros, that nobody has to hold."""

    def __init__(self, size):
        self.left = size

    def read(self, size=-1):
        given = min(size, self.left)
        self.left -= given
        return bytes(given)


class Sink(io.RawIOBase):
    """A file of which only the two ends are kept, as readers of ZIP files want them."""

    def __init__(self):
        self.size, self.parts, self.at = 0, [], 0

    def feed(self, piece):
        if len(piece) < zips.BLOCK:
            self.parts.append((self.size, piece))
        self.size += len(piece)

    def seekable(self):
        return True

    def readable(self):
        return True

    def seek(self, offset, whence=0):
        self.at = offset + (0, self.at, self.size)[whence]
        return self.at

    def tell(self):
        return self.at

    def read(self, size=-1):
        wanted = self.size - self.at if size < 0 else min(size, self.size - self.at)
        found = bytearray(wanted)
        for begin, piece in self.parts:
            for number, byte in enumerate(piece):
                place = begin + number - self.at
                if 0 <= place < wanted:
                    found[place] = byte
        self.at += wanted
        return bytes(found)


def test_a_file_of_more_than_four_gib_is_found_and_what_comes_after_it():
    size = 2**32 + 5
    members = [Member("large", size, 0, partial(Zeros, size)), member("after", b"here")]
    sink = Sink()
    for piece in zips.pieces(members):
        sink.feed(piece)

    assert sink.size == zips.size_of(members)
    archive = zipfile.ZipFile(sink)
    assert [(one.filename, one.file_size) for one in archive.infolist()] == [
        ("large", size), ("after", 4),
    ]  # fmt: skip
    assert archive.read("after") == b"here"


def test_bytes_that_are_too_few_end_it_early_and_not_with_a_sound_file():
    cut = Member("cut", 10, 0, partial(io.BytesIO, b"123"))
    with pytest.raises(ValueError, match="cut ends 7 bytes too early"):
        list(zips.pieces([cut]))
