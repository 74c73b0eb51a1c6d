"""
Which bytes of a file a request asks for: RFC 9110, part 14, for one range of bytes.

A request for several ranges at once, or in a unit we do not know, gets the whole file, as the RFC
allows.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_ONE_RANGE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*")


class Stretch(NamedTuple):
    """Bytes `begin` up to, not including, `end`, of `size`."""

    begin: int
    end: int
    size: int

    @property
    def length(self) -> int:
        return self.end - self.begin

    @property
    def whole(self) -> bool:
        return self.length == self.size

    @property
    def content_range(self) -> str:
        return f"bytes {self.begin}-{self.end - 1}/{self.size}"


class NoSuchRange(Exception):
    """The file has none of the bytes asked for."""


def stretch(asked: str, *, size: int, etag: str, if_range: str = "") -> tuple[Stretch, bool]:
    """
    Return the bytes to send, and whether they are the answer to a range.

    :param asked: the Range field, "" for none
    :param if_range: the If-Range field: where it is another version's ETag, all bytes are sent
    :raises NoSuchRange: if the file has none of the bytes asked for
    """
    everything = Stretch(0, size, size)
    found = _ONE_RANGE.fullmatch(asked)
    if found is None or (if_range and if_range != etag):
        return everything, False
    first, last = found.groups()
    if first:
        begin, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < begin:
            return everything, False  # not a range at all
    elif last:
        begin, end = max(size - int(last), 0), size
    else:
        return everything, False
    if begin >= end:
        raise NoSuchRange
    return Stretch(begin, end, size), True
