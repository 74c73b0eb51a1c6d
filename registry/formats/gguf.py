"""
Read the header of a GGUF file that we do not trust: the container of llama.cpp's adapters.

The file is: `GGUF`, a version, how many tensors and how many keys follow, the keys with their
values, the table of tensors, and after some padding the tensors. It is read value by value, each
checked against what is left before it is read, so a count of 2⁶⁴ costs nothing. What comes out is
the same `Header` that a safetensors file has, its shapes turned into the usual order (GGUF writes
them the other way round).

We are stricter than llama.cpp on purpose: one order of tensors and no bytes between or after them
but padding, since a hole could hide a second payload. Whatever passes here, the `gguf` library
reads the same table from; a test holds us to that.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import BinaryIO, NamedTuple

from registry.formats.errors import EmptyFile, NotGguf, Truncated
from registry.formats.gguf_values import U32, U64, Bytes, read_keys
from registry.formats.header import LENGTH_BYTES, Container, Header
from registry.formats.quoting import shown
from registry.formats.tensors import (
    MAX_DIMENSION,
    MAX_ELEMENTS,
    MAX_METADATA_KEYS,
    MAX_TENSORS,
    Tensor,
)

MAGIC = b"GGUF"
VERSIONS = (2, 3)
MAX_DIMENSIONS = 4  # As llama.cpp has them,
MAX_NAME = 63  # … and as long as its names may be.
ALIGNMENT = 32
MAX_ALIGNMENT = 1 << 16


class NumberType(NamedTuple):
    """How numbers are packed: so many together into so many bytes."""

    name: str
    together: int
    size: int


# By GGML's own code; those in which adapters are written. The rest only whole models have.
NUMBER_TYPES: Mapping[int, NumberType] = MappingProxyType(
    {
        0: NumberType("F32", 1, 4),
        1: NumberType("F16", 1, 2),
        8: NumberType("Q8_0", 32, 34),
        24: NumberType("I8", 1, 1),
        25: NumberType("I16", 1, 2),
        26: NumberType("I32", 1, 4),
        27: NumberType("I64", 1, 8),
        28: NumberType("F64", 1, 8),
        30: NumberType("BF16", 1, 2),
    }
)


def read_gguf(file: BinaryIO, *, file_size: int) -> Header:
    """
    Return the header of the GGUF file that `file` is at the start of.

    Scalars among its keys become texts in `metadata`, lists become JSON.

    :raises EmptyFile: if there are no bytes
    :raises Truncated: if bytes are missing at the end
    :raises NotGguf: if the bytes break the format in any other way
    :raises NotAnAdapter: if it says itself that it holds a whole model
    """
    if file_size == 0:
        raise EmptyFile("The file is empty.")
    bytes_of = Bytes(file, file_size)
    _read_start(bytes_of)
    tensor_count = bytes_of.count("tensors", most=MAX_TENSORS)
    key_count = bytes_of.count("keys", most=MAX_METADATA_KEYS)
    metadata = read_keys(bytes_of, key_count)
    alignment = _alignment(metadata)
    tensors = _read_tensors(bytes_of, tensor_count, alignment)
    data_at = _padded(bytes_of.position, alignment) if tensors else bytes_of.position
    _refuse_size(tensors, data_at=data_at, alignment=alignment, file_size=file_size)
    return Header(
        MappingProxyType(tensors),
        MappingProxyType(metadata),
        data_at - LENGTH_BYTES,
        Container.GGUF,
    )


def _read_start(bytes_of: Bytes) -> None:
    if bytes_of.take(len(MAGIC)) != MAGIC:
        raise NotGguf("The file does not begin with GGUF.")
    version: int = bytes_of.number(U32)
    if version in VERSIONS:
        return
    if int.from_bytes(version.to_bytes(4, "little"), "big") in VERSIONS:
        raise NotGguf("The file is GGUF for big-endian machines: convert it for others.")
    raise NotGguf(f"The file is GGUF of version {version:,}; versions 2 and 3 are read.")


def _alignment(metadata: Mapping[str, str]) -> int:
    text = metadata.get("general.alignment", str(ALIGNMENT))
    alignment = int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else 0
    if not 0 < alignment <= MAX_ALIGNMENT or alignment & (alignment - 1):
        raise NotGguf(f"The alignment {shown(text)} is no power of two that can be taken.")
    return alignment


# --- the table of tensors --------------------------------------------------------------------


def _read_tensors(bytes_of: Bytes, count: int, alignment: int) -> dict[str, Tensor]:
    tensors: dict[str, Tensor] = {}
    expected = 0
    for _ in range(count):
        tensor = _read_tensor(bytes_of)
        if tensor.name in tensors:
            raise NotGguf(f"The header names the tensor {shown(tensor.name)} twice.")
        if tensor.begin != expected:
            raise NotGguf(
                f"The data of {shown(tensor.name)} does not follow on from the last tensor's."
            )
        expected = _padded(tensor.end, alignment)
        tensors[tensor.name] = tensor
    return tensors


def _read_tensor(bytes_of: Bytes) -> Tensor:
    name = bytes_of.name("A tensor's name", most=MAX_NAME)
    dimensions: int = bytes_of.number(U32)
    if not 0 < dimensions <= MAX_DIMENSIONS:
        raise NotGguf(f"{shown(name)} has {dimensions:,} dimensions.")
    sizes: list[int] = [bytes_of.number(U64) for _ in range(dimensions)]
    if not 0 < min(sizes) <= max(sizes) <= MAX_DIMENSION or math.prod(sizes) > MAX_ELEMENTS:
        raise NotGguf(f"{shown(name)} has a shape beyond belief.")
    code: int = bytes_of.number(U32)
    kind = NUMBER_TYPES.get(code)
    if kind is None:
        raise NotGguf(f"{shown(name)} has the number type {code:,}, which no adapter is kept in.")
    if sizes[0] % kind.together:
        raise NotGguf(
            f"{shown(name)} has rows of {sizes[0]:,} numbers, and {kind.name} packs "
            f"{kind.together} together."
        )
    begin: int = bytes_of.number(U64)
    size = math.prod(sizes) // kind.together * kind.size
    return Tensor(name, kind.name, tuple(reversed(sizes)), begin, begin + size)


def _padded(position: int, alignment: int) -> int:
    return -(-position // alignment) * alignment


def _refuse_size(
    tensors: Mapping[str, Tensor], *, data_at: int, alignment: int, file_size: int
) -> None:
    end = data_at + max((tensor.end for tensor in tensors.values()), default=0)
    if file_size < end:
        raise Truncated(expected=end, present=file_size)
    if file_size > _padded(end, alignment):
        raise NotGguf(
            f"The tensors do not fill the file: {file_size - end:,} bytes follow the last."
        )
