"""
How a worker and its engine child talk: frames over two pipes, never a pickle.

A frame is 8 bytes of little-endian length, that many bytes of JSON (one object), then the bytes of
its blobs one after another. The object's `blobs` field lists them as `[[name, size], ...]`. Both
ends refuse a frame beyond these bounds, since neither trusts the other's memory.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

LENGTH_BYTES = 8
MAX_JSON = 16 * 1024 * 1024
MAX_BLOBS = 512 * 1024 * 1024  # all blobs of one frame together


class BadFrame(Exception):
    """The bytes are no frame: the other side is broken, and cannot be spoken to any more."""


class Frame(NamedTuple):
    """One message: named values, and named bytes beside them."""

    fields: dict[str, Any]
    blobs: dict[str, bytes]


def encode(fields: Mapping[str, Any], blobs: Mapping[str, bytes] | None = None) -> bytes:
    """Return the bytes of a frame. A float that JSON has no word for is sent as null."""
    blobs = blobs or {}
    sizes = [[name, len(content)] for name, content in blobs.items()]
    text = json.dumps(_speakable({**fields, "blobs": sizes}), allow_nan=False).encode()
    return b"".join([len(text).to_bytes(LENGTH_BYTES, "little"), text, *blobs.values()])


def read_frame(read: Callable[[int], bytes]) -> Frame:
    """
    Return the next frame. `read(count)` gives exactly that many bytes, or raises.

    :raises BadFrame: if what was read is no frame
    """
    length = int.from_bytes(read(LENGTH_BYTES), "little")
    if not 2 <= length <= MAX_JSON:
        raise BadFrame(f"A frame gives its length as {length} bytes.")
    try:
        fields = json.loads(read(length))
        sizes = [(str(name), int(size)) for name, size in fields.pop("blobs", [])]
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise BadFrame(f"A frame's fields cannot be read: {error}.") from error
    if any(size < 0 for _, size in sizes) or sum(size for _, size in sizes) > MAX_BLOBS:
        raise BadFrame("A frame announces more bytes than a frame may carry.")
    return Frame(fields, {name: read(size) for name, size in sizes})


def _speakable(value: Any) -> Any:
    if isinstance(value, float):
        return value if value - value == 0 else None  # NaN and infinity are not JSON
    if isinstance(value, Mapping):
        return {str(key): _speakable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_speakable(inner) for inner in value]
    return value
