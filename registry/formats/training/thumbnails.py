"""
A picture in the header, as ModelSpec and the additional-networks editor put it there.

It is a stranger's picture, so it is not decoded here: its size is bounded, and its first bytes must
be those of the type that it is said to be.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass

from registry.formats.training.reading import Reading

MAX_BYTES = 4 * 1024 * 1024
_URL = re.compile(r"data:(image/[a-z]+);base64,")
_BEGIN = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "image/webp": b"RIFF"}


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A picture's bytes, undecoded, and what type they begin as."""

    type: str  # image/png, image/jpeg or image/webp
    data: bytes
    source: str

    @property
    def size(self) -> int:
        return len(self.data)


def thumbnail(metadata: Mapping[str, str]) -> Thumbnail | None:
    """Return the picture in the header, None if there is none that can be trusted to be one."""
    text = metadata.get("modelspec.thumbnail", "").strip()
    match = _URL.match(text)
    if match:
        found = _picture(text[match.end() :], "modelspec.thumbnail")
        return found if found and found.type == match[1].replace("/jpg", "/jpeg") else None
    covers = Reading(metadata, {}).json("ssmd_cover_images")
    first = covers[0] if isinstance(covers, list) and covers else ""
    return _picture(first, "ssmd_cover_images") if isinstance(first, str) else None


def _picture(encoded: str, source: str) -> Thumbnail | None:
    if not 0 < len(encoded) <= MAX_BYTES * 4 // 3 + 4:
        return None
    try:
        data = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
    for kind, begin in _BEGIN.items():
        if data.startswith(begin) and (kind != "image/webp" or data[8:12] == b"WEBP"):
            return Thumbnail(kind, data, source)
    return None
