"""
The bytes of a GGUF header, given out one value after another, and the keys among them.

No length is believed: each is held against what is left of the file, and of the room that a header
may take, before anything is read or made of it.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, BinaryIO

from registry.formats.errors import NotAnAdapter, NotGguf, Truncated
from registry.formats.header import MAX_HEADER_BYTES
from registry.formats.quoting import shown

MAX_KEY = 256
MAX_ARRAYS_IN_ARRAYS = 4
MAX_KEPT = 1_000  # Longer lists (a vocabulary) are read past and not kept.

U32, U64 = struct.Struct("<I"), struct.Struct("<Q")
_SCALARS: Mapping[int, struct.Struct] = MappingProxyType(
    {
        code: struct.Struct(f"<{letter}")
        for code, letter in {
            0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 10: "Q", 11: "q", 12: "d",
        }.items()
    }
)  # fmt: skip
_BOOL, _TEXT, _ARRAY = 7, 8, 9
_SMALLEST_TEXT = 8  # The length of an empty one,
_SMALLEST_ARRAY = 12  # … and what an empty list takes.


class Bytes:
    """The bytes of the header, given out one after another and never more than there may be."""

    def __init__(self, file: BinaryIO, file_size: int) -> None:
        self._file = file
        self._size = file_size
        self.position = 0

    def take(self, count: int) -> bytes:
        self.must_hold(count)
        raw = self._file.read(count)
        if len(raw) < count:
            raise Truncated(expected=self.position + count, present=self.position + len(raw))
        self.position += count
        return raw

    def must_hold(self, count: int) -> None:
        """Refuse a length that runs beyond the file, or beyond what a header may take."""
        end = self.position + count
        if end > MAX_HEADER_BYTES:
            raise NotGguf(
                f"The header announces {count:,} more bytes after {self.position:,}; "
                f"{MAX_HEADER_BYTES:,} in all are the most that is taken."
            )
        if end > self._size:
            raise Truncated(expected=end, present=self._size)

    def number(self, kind: struct.Struct) -> Any:
        [number] = kind.unpack(self.take(kind.size))
        return number

    def count(self, things: str, *, most: int) -> int:
        number: int = self.number(U64)
        if number > most:
            raise NotGguf(f"The file announces {number:,} {things}; {most:,} are the most taken.")
        return number

    def text(self, what: str, *, most: int = MAX_HEADER_BYTES) -> str:
        length: int = self.number(U64)
        if length > most:
            raise NotGguf(f"{what} is announced with {length:,} bytes, more than is taken.")
        try:
            return self.take(length).decode("utf-8")
        except UnicodeDecodeError as error:
            raise NotGguf(f"{what} is not UTF-8 text.") from error

    def name(self, what: str, *, most: int) -> str:
        name = self.text(what, most=most)
        if not name or not name.isprintable():
            raise NotGguf(f"{what} {shown(name)} is empty or holds control characters.")
        return name


def read_keys(bytes_of: Bytes, count: int) -> dict[str, str]:
    """
    Return the next `count` keys with their values: scalars as texts, lists as JSON.

    :raises NotAnAdapter: if one of them says that the file holds a whole model
    """
    metadata: dict[str, str] = {}
    seen: set[str] = set()
    for _ in range(count):
        key = bytes_of.name("A key", most=MAX_KEY)
        if key in seen:
            raise NotGguf(f"The header has the key {shown(key)} twice.")
        seen.add(key)
        value = _read_value(bytes_of, bytes_of.number(U32), key, depth=0)
        if key == "general.type" and value != "adapter":
            # Said here already: a model's vocabulary may be longer than any header that we read.
            raise NotAnAdapter(
                f"This GGUF file says that it is of the type {shown(str(value))}, not an adapter."
            )
        if value is not None:
            metadata[key] = _as_text(value)
    return metadata


def _read_value(bytes_of: Bytes, kind: int, key: str, *, depth: int) -> Any:
    if kind in _SCALARS:
        return bytes_of.number(_SCALARS[kind])
    if kind == _TEXT:
        return bytes_of.text(f"The text of {shown(key)}")
    if kind == _BOOL:
        return _truth(bytes_of.take(1), key)
    if kind == _ARRAY:
        return _read_array(bytes_of, key, depth=depth + 1)
    raise NotGguf(f"The key {shown(key)} has a value of the unknown type {kind:,}.")


def _read_array(bytes_of: Bytes, key: str, *, depth: int) -> list[Any] | None:
    """Return the list, None if it is too long to be kept."""
    if depth > MAX_ARRAYS_IN_ARRAYS:
        raise NotGguf(f"The key {shown(key)} holds lists in lists, deeper than is taken.")
    kind: int = bytes_of.number(U32)
    count: int = bytes_of.number(U64)
    bytes_of.must_hold(count * _smallest(kind))
    keep = count <= MAX_KEPT
    if kind in _SCALARS:
        raw = bytes_of.take(count * _SCALARS[kind].size)
        return [number for (number,) in _SCALARS[kind].iter_unpack(raw)] if keep else None
    values = []
    for _ in range(count):
        value = _read_value(bytes_of, kind, key, depth=depth)
        if keep:
            values.append(value)
    return values if keep else None


def _smallest(kind: int) -> int:
    """Return the fewest bytes that a value of this type takes."""
    if kind in _SCALARS:
        return _SCALARS[kind].size
    return {_TEXT: _SMALLEST_TEXT, _ARRAY: _SMALLEST_ARRAY}.get(kind, 1)


def _truth(raw: bytes, key: str) -> bool:
    if raw not in {b"\0", b"\1"}:
        raise NotGguf(f"The key {shown(key)} is neither true nor false.")
    return raw == b"\1"


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
