"""A file that is read over the network, a window at a time."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

FIRST_WINDOW = 256 * 2**10  # bytes; enough for most headers
LAST_WINDOW = 8 * 2**20


class RangedFile(io.RawIOBase):
    """
    Reads by asking for ranges of bytes.

    One that looks here and there gets little more than it asks for; one that reads on and on gets
    larger and larger windows, and never more than LAST_WINDOW bytes are held.
    """

    def __init__(self, read_range: Callable[[int, int], bytes], *, size: int) -> None:
        super().__init__()
        self._read_range = read_range  # (start, stop) → just those bytes
        self._size = size
        self._position = 0
        self._start = 0
        self._window = b""
        self._next = FIRST_WINDOW

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if origin + offset < 0:
            raise ValueError(f"There is nothing before the start: {origin + offset}.")
        self._position = origin + offset
        return self._position

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        target = memoryview(buffer).cast("B")
        if self._position >= self._size or not target:
            return 0
        if not self._start <= self._position < self._start + len(self._window):
            self._load()
        at = self._position - self._start
        piece = memoryview(self._window)[at : at + len(target)]
        target[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def _load(self) -> None:
        reads_on = self._window and self._position == self._start + len(self._window)
        self._next = min(self._next * 2, LAST_WINDOW) if reads_on else FIRST_WINDOW
        self._window = b""  # Before the next one comes, not after.
        stop = min(self._position + self._next, self._size)
        self._window = self._read_range(self._position, stop)
        self._start = self._position
