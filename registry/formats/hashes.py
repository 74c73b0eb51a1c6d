"""
Every name that a file's bytes go by, from one pass over them.

Tools look adapters up by six public hashes (written here in lower case; people see upper). Beside
them stands our own tensor digest: the same weights under another header, or in another order in the
file, have another SHA256 but the same tensor digest.

BLAKE3 is not in the standard library, and this package is plain Python: who has a hasher passes it.
"""

from __future__ import annotations

import hashlib
import zlib
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from registry.formats.header import Header, Tensor

AUTOV1_FROM = 0x100000
AUTOV1_TO = 0x110000


class Hasher(Protocol):
    """What hashlib's objects, and blake3's, have in common."""

    def update(self, data: memoryview, /) -> object: ...
    def hexdigest(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Hashes:
    """The public hashes of a file, in lower-case hex."""

    sha256: str
    autov1: str  # Of 64 KiB at 1 MiB; says nothing of smaller files, and is empty for them.
    autov2: str
    autov3: str  # Of all that follows the header, so it survives edited metadata; "" without one.
    crc32: str
    blake3: str  # Empty when no hasher for it was given.
    data_sha256: str = ""  # The whole of what AutoV3 is the beginning of.


class HashingReader:
    """Takes a file's bytes as they come by, in pieces of any size, and knows its hashes after."""

    def __init__(self, header: Header | None = None, *, blake3: Hasher | None = None) -> None:
        self._whole = hashlib.sha256()
        self._data = hashlib.sha256()
        self._slice = hashlib.sha256()
        self._crc = 0
        self._blake3 = blake3
        self._position = 0
        self._data_at = header.data_at if header else None
        self._tensors = _TensorHashes(header) if header else None

    def update(self, chunk: bytes | memoryview) -> None:
        """Take the next bytes."""
        view = memoryview(chunk)
        self._whole.update(view)
        self._crc = zlib.crc32(view, self._crc)
        if self._blake3 is not None:
            self._blake3.update(view)
        self._slice.update(_between(view, self._position, AUTOV1_FROM, AUTOV1_TO))
        if self._data_at is not None:
            data = view[max(0, self._data_at - self._position) :]
            self._data.update(data)
            if self._tensors is not None:
                self._tensors.update(data)
        self._position += len(view)

    def hashes(self) -> Hashes:
        """Return the hashes of the bytes so far."""
        sha256 = self._whole.hexdigest()
        data_sha256 = self._data.hexdigest() if self._data_at is not None else ""
        return Hashes(
            sha256=sha256,
            autov1=self._slice.hexdigest()[:8] if self._position > AUTOV1_FROM else "",
            autov2=sha256[:10],
            autov3=data_sha256[:12],
            crc32=f"{self._crc:08x}",
            blake3=self._blake3.hexdigest() if self._blake3 is not None else "",
            data_sha256=data_sha256,
        )

    def tensor_digest(self) -> str:
        """Return the digest of the weights alone, or "" if no header was given."""
        return self._tensors.digest() if self._tensors is not None else ""


def hash_stream(
    chunks: Iterable[bytes | memoryview],
    *,
    header: Header | None = None,
    blake3: Hasher | None = None,
) -> tuple[Hashes, str]:
    """Return the hashes and the tensor digest ("" without `header`) of a file given in pieces."""
    reader = HashingReader(header, blake3=blake3)
    for chunk in chunks:
        reader.update(chunk)
    return reader.hashes(), reader.tensor_digest()


class _TensorHashes:
    """
    Hashes each tensor as its bytes come by, and then all of them in the order of their names.

    Tensors lie one after another with nothing but padding between, as the header's reader has made
    sure, so one hash at a time is being fed.
    """

    def __init__(self, header: Header) -> None:
        self._tensors = sorted(header.tensors.values(), key=lambda each: (each.begin, each.end))
        self._ends = [tensor.end for tensor in self._tensors]
        self._done: dict[str, str] = {}
        self._hash = hashlib.sha256()
        self._position = 0

    def update(self, data: memoryview) -> None:
        while data.nbytes:
            # The first tensor that ends after here: those of no bytes are passed over.
            index = bisect_right(self._ends, self._position)
            if index == len(self._tensors):
                return
            tensor = self._tensors[index]
            padding = data[: max(0, tensor.begin - self._position)]
            self._position += padding.nbytes
            data = data[padding.nbytes :]
            piece = data[: tensor.end - self._position]
            self._hash.update(piece)
            self._position += piece.nbytes
            data = data[piece.nbytes :]
            if self._position == tensor.end:
                self._done[tensor.name] = self._hash.hexdigest()
                self._hash = hashlib.sha256()

    def digest(self) -> str:
        empty = hashlib.sha256().hexdigest()
        whole = hashlib.sha256()
        for tensor in sorted(self._tensors, key=_by_name):
            shape = ",".join(map(str, tensor.shape))
            content = self._done.get(tensor.name, empty)
            whole.update(f"{tensor.name}\0{tensor.dtype}\0{shape}\0{content}\n".encode())
        return whole.hexdigest()


def _by_name(tensor: Tensor) -> str:
    return tensor.name


def _between(view: memoryview, position: int, first: int, last: int) -> memoryview:
    """Return the part of `view`, which lies at `position`, that is from `first` to `last`."""
    return view[max(0, first - position) : max(0, last - position)]
