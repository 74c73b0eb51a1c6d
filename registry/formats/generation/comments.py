"""EXIF's UserComment: eight letters that name an encoding, then the text."""

from __future__ import annotations


def decode(raw: bytes | str) -> str:
    """Return the text; "" where it is none. Programs seldom write the byte order they promise."""
    if isinstance(raw, str):
        return raw
    if raw.startswith(b"UNICODE\0"):
        body = raw[8:]
        order = "utf-16-le" if body[1::2].count(0) > body[0::2].count(0) else "utf-16-be"
        return body.decode(order, "replace").strip("\0")
    body = raw[8:] if raw[:8] in (b"ASCII\0\0\0", b"\0" * 8, b"JIS\0\0\0\0\0") else raw
    return body.decode("utf-8", "replace").strip("\0")
