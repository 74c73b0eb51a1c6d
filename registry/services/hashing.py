"""A stream that is hashed while it is read."""

from __future__ import annotations

import hashlib
import io
from typing import BinaryIO


class Hashing(io.RawIOBase):
    """Passes bytes on, and knows the sha256 of what has gone through."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self._digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        chunk = self._stream.read(size)
        self._digest.update(chunk)
        return chunk

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()
