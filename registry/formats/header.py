"""
Read the header of a safetensors file that we do not trust.

The file is: 8 bytes of little-endian length, that many bytes of JSON, then the tensors. Only the
header is read, never a tensor, so a 10 GB upload costs as little as a 10 MB one. Everything that
can be wrong with the bytes leaves this module as `NotSafetensors`.

There are two ways through the JSON. Nearly every header is in one form and sound, and is read at
once (header_at_once.py); what is not surely so is read entry by entry (header_strictly.py), which
alone refuses, and says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import BinaryIO

from registry.formats import header_at_once, header_strictly
from registry.formats.errors import EmptyFile, NotSafetensors, Truncated
from registry.formats.tensors import Tensor

__all__ = [
    "LENGTH_BYTES", "MAX_HEADER_BYTES", "Container", "Header", "Tensor", "header_length",
    "parse_header", "read_header",
]  # fmt: skip

LENGTH_BYTES = 8
MAX_HEADER_BYTES = 8 * 1024 * 1024  # SDXL with both text encoders needs 0.4 MiB.


class Container(StrEnum):
    SAFETENSORS = "safetensors"
    GGUF = "gguf"


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says it holds. `length` is how much header follows the first eight bytes."""

    tensors: Mapping[str, Tensor]
    metadata: Mapping[str, str]
    length: int
    container: Container = Container.SAFETENSORS

    @property
    def data_at(self) -> int:
        """Where in the file the tensors begin."""
        return LENGTH_BYTES + self.length


def read_header(file: BinaryIO, *, file_size: int) -> Header:
    """
    Return the header of the safetensors file that `file` is at the start of.

    :raises EmptyFile: if there are no bytes
    :raises Truncated: if bytes are missing at the end
    :raises NotSafetensors: if the bytes break the format in any other way
    """
    length = header_length(file.read(LENGTH_BYTES), file_size=file_size)
    raw = file.read(length)
    if len(raw) < length:
        _refuse_the_rest(raw, length=length, present=LENGTH_BYTES + len(raw))
    return parse_header(raw, file_size=file_size)


def header_length(start: bytes, *, file_size: int) -> int:
    """
    Return how many bytes of JSON follow the first eight, `start`.

    :raises EmptyFile: if the file has no bytes
    :raises NotSafetensors: if no file that we take can begin so
    """
    if file_size == 0:
        raise EmptyFile("The file is empty.")
    if len(start) < LENGTH_BYTES or file_size < LENGTH_BYTES + 2:
        raise NotSafetensors(f"{file_size:,} bytes are too few for a safetensors file.")
    length = int.from_bytes(start[:LENGTH_BYTES], "little")
    if length < 2:
        raise NotSafetensors("The first 8 bytes announce a header too short to be one.")
    if length > MAX_HEADER_BYTES:
        raise NotSafetensors(
            f"The first 8 bytes announce a header of {length:,} bytes; "
            f"{MAX_HEADER_BYTES:,} are the most that is taken."
        )
    return length


def parse_header(raw: bytes, *, file_size: int) -> Header:
    """
    Return the header whose JSON is `raw`, of a file of `file_size` bytes in all.

    This is what a browser sends before it sends a byte of weights.

    :raises Truncated: if bytes are missing at the end
    :raises NotSafetensors: if the header breaks the format in any other way
    """
    if len(raw) > MAX_HEADER_BYTES:
        raise NotSafetensors(f"A header of {len(raw):,} bytes is more than is taken.")
    body_size = file_size - LENGTH_BYTES - len(raw)
    tensors, metadata = header_at_once.read(raw, body_size=body_size) or header_strictly.read(
        raw, body_size=body_size, file_size=file_size
    )
    return Header(MappingProxyType(tensors), MappingProxyType(metadata), len(raw))


def _refuse_the_rest(raw: bytes, *, length: int, present: int) -> None:
    if raw.startswith(b"{"):
        raise Truncated(expected=LENGTH_BYTES + length, present=present)
    raise NotSafetensors("The bytes are not those of a safetensors file.")
