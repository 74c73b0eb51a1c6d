"""
A commit as huggingface_hub sends it: a line of JSON for each act, and files in base64 within them.

Lines can be as long as an adapter is large. So all of it goes to the disk first, and the one long
text of a line is found there by its name and decoded piece by piece: memory stays flat.
"""

from __future__ import annotations

import base64
import binascii
import json
import mmap
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, BinaryIO

from registry.errors import Invalid, UploadIncomplete, UploadTooLarge

CHUNK = 1 << 20  # a multiple of four, so that pieces of base64 can be decoded one by one
MAX_LINE = 1 << 16  # without the content of its file
MAX_LINES = 2_000
# A quote inside of a JSON text has a backslash before it: this is found as a name or not at all.
_CONTENT = re.compile(rb'"content"\s*:\s*"([A-Za-z0-9+/=]*+)"')


@dataclass(frozen=True, slots=True)
class Line:
    """One act: what it is called, what is said of it, and where the content of a file lies."""

    number: int
    key: str
    value: dict[str, Any]
    content: tuple[int, int] | None = None

    def text(self, name: str) -> str:
        """:raises Invalid: if there is no text of that name"""
        value = self.value.get(name)
        if not isinstance(value, str):
            raise Invalid(f"Line {self.number} of the commit ({self.key}) has no {name}.")
        return value


class Sent:
    """The lines of a commit that is here, on the disk."""

    def __init__(self, data: mmap.mmap | bytes) -> None:
        self._data = data

    def lines(self) -> Iterator[Line]:
        """:raises Invalid: if a line is no JSON, or there are too many of them"""
        start, number = 0, 0
        while start < len(self._data):
            found = self._data.find(b"\n", start)
            end = len(self._data) if found < 0 else found
            if self._data[start : min(end, start + MAX_LINE)].strip():
                number += 1
                if number > MAX_LINES:
                    raise Invalid(
                        f"A commit has {MAX_LINES:,} lines at most: commit the folder in pieces."
                    )
                yield self._line(start, end, number)
            start = end + 1

    def _line(self, start: int, end: int, number: int) -> Line:
        found = _CONTENT.search(self._data, start, end)
        span = found.span(1) if found else None
        rest = end - start - (span[1] - span[0] if span else 0)
        if rest > MAX_LINE:
            raise Invalid(f"Line {number} of the commit is too long, or its content is no base64.")
        text = bytes(self._data[start:end]) if span is None else self._without(start, end, span)
        return _parsed(text, number, span)

    def _without(self, start: int, end: int, span: tuple[int, int]) -> bytes:
        return bytes(self._data[start : span[0]]) + bytes(self._data[span[1] : end])

    def write(self, line: Line, to: BinaryIO) -> None:
        """
        Decode the file of a line.

        :raises Invalid: if it is no base64
        """
        if line.content is None or line.value.get("encoding", "base64") != "base64":
            raise Invalid(f"Line {line.number} of the commit has no content in base64.")
        start, end = line.content
        for at in range(start, end, CHUNK):
            piece = self._data[at : min(at + CHUNK, end)]
            try:
                decoded = base64.b64decode(piece, validate=True)
            except (ValueError, binascii.Error) as error:
                raise _no_base64(line) from error
            if at + CHUNK < end and len(decoded) != CHUNK // 4 * 3:
                raise _no_base64(line)  # it was padded in the middle
            to.write(decoded)


@contextmanager
def received(stream: BinaryIO, *, length: int, most: int) -> Iterator[Sent]:
    """
    Take in the body of a request.

    :raises UploadTooLarge: if it has more than `most` bytes
    :raises UploadIncomplete: if it broke off
    """
    if length > most:
        raise UploadTooLarge(
            f"A commit of {length:,} bytes is more than the {most:,} that this hub takes at once: "
            "send large files through LFS (HF_HUB_DISABLE_XET=1), or in several commits."
        )
    with tempfile.TemporaryFile() as file:
        _copy(stream, file, length=length)
        if not length:
            yield Sent(b"")
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield Sent(data)


def _copy(stream: BinaryIO, file: IO[bytes], *, length: int) -> None:
    left = length
    while left:
        chunk = stream.read(min(CHUNK, left))
        if not chunk:
            raise UploadIncomplete("The commit broke off on its way: send it again.")
        file.write(chunk)
        left -= len(chunk)
    file.flush()


def _parsed(text: bytes, number: int, span: tuple[int, int] | None) -> Line:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid(f"Line {number} of the commit is no JSON in UTF-8.") from error
    key = said.get("key") if isinstance(said, dict) else None
    value = said.get("value") if isinstance(said, dict) else None
    if not isinstance(key, str) or not isinstance(value, dict):
        raise Invalid(f"Line {number} of the commit has no key and value.")
    return Line(number, key, value, span)


def _no_base64(line: Line) -> Invalid:
    return Invalid(f"The content in line {line.number} of the commit is no base64.")
