"""
ZIP files of bytes that lie elsewhere: stored and not deflated, so that their size is known before.

Each member's size and CRC-32 are known, so its header is written before its bytes, and nothing is
held or sought. Members of 4 GiB and more get ZIP64's fields, and others none.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

BLOCK = 1 << 18
_MOST = 0xFFFFFFFF
_UTF8 = 0x0800
_DAY = 0x21  # the first of 1980: of one date, the same members make the same file
_PLAIN, _LARGE = 20, 45  # the version that a reader needs


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a ZIP file."""

    name: str
    size: int
    crc32: int
    open: Callable[[], BinaryIO]


def size_of(members: Sequence[Member]) -> int:
    """Return how many bytes the ZIP file has."""
    offsets, size = _places(members)
    return size + len(_directory(members, offsets, at=size))


def pieces(members: Sequence[Member]) -> Iterator[bytes]:
    """
    Yield the ZIP file piece by piece.

    :raises ValueError: if a member's bytes are not as many as were announced
    """
    offsets, size = _places(members)
    for member in members:
        yield _local(member)
        yield from _bytes_of(member)
    yield _directory(members, offsets, at=size)


def _bytes_of(member: Member) -> Iterator[bytes]:
    left = member.size
    with member.open() as file:
        while left and (piece := file.read(min(BLOCK, left))):
            left -= len(piece)
            yield piece
    if left:
        raise ValueError(f"{member.name} ends {left} bytes too early.")


def _places(members: Sequence[Member]) -> tuple[list[int], int]:
    """Return where each member begins, and where the last ends."""
    offsets, at = [], 0
    for member in members:
        offsets.append(at)
        at += len(_local(member)) + member.size
    return offsets, at


def _local(member: Member) -> bytes:
    name = member.name.encode()
    large = member.size >= _MOST
    extra = struct.pack("<HHQQ", 1, 16, member.size, member.size) if large else b""
    size = _MOST if large else member.size
    fields = struct.pack(
        "<IHHHHHIIIHH", 0x04034B50, _LARGE if large else _PLAIN, _UTF8, 0, 0, _DAY,
        member.crc32, size, size, len(name), len(extra),
    )  # fmt: skip
    return fields + name + extra


def _directory(members: Sequence[Member], offsets: Sequence[int], *, at: int) -> bytes:
    entries = b"".join(map(_entry, members, offsets))
    count, size = len(members), len(entries)
    if at < _MOST and at + size < _MOST:
        return entries + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, size, at, 0)
    large = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, _LARGE, _LARGE, 0, 0, count, count, size, at)
    place = struct.pack("<IIQI", 0x07064B50, 0, at + size, 1)
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, min(size, _MOST), _MOST, 0)
    return entries + large + place + end


def _entry(member: Member, offset: int) -> bytes:
    name = member.name.encode()
    numbers = b""
    if member.size >= _MOST:
        numbers += struct.pack("<QQ", member.size, member.size)
    if offset >= _MOST:
        numbers += struct.pack("<Q", offset)
    extra = struct.pack("<HH", 1, len(numbers)) + numbers if numbers else b""
    size = min(member.size, _MOST)
    needs = _LARGE if numbers else _PLAIN
    fields = struct.pack(
        "<IHHHHHHIIIHHHHHII", 0x02014B50, needs, needs, _UTF8, 0, 0, _DAY, member.crc32,
        size, size, len(name), len(extra), 0, 0, 0, 0, min(offset, _MOST),
    )  # fmt: skip
    return fields + name + extra
