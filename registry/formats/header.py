"""
Read the header of a safetensors file that we do not trust.

The file is: 8 bytes of little-endian length, that many bytes of JSON, then the tensors. Only the
header is read, never a tensor, so a 10 GB upload costs as little as a 10 MB one. Everything that
can be wrong with the bytes leaves this module as `NotSafetensors`.

We are stricter than the safetensors library on purpose: it takes headers of 100 MB, names with NUL
in them, two tensors of one name (the last wins) and shapes of millions of dimensions, and each of
these has been used to exhaust or to fool a reader. Whatever passes here, the library takes too and
reads the same table from; a test holds us to that.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter, itemgetter
from types import MappingProxyType
from typing import Any, BinaryIO, NamedTuple

from registry.formats.errors import EmptyFile, NotSafetensors, Truncated
from registry.formats.quoting import shown

LENGTH_BYTES = 8
MAX_HEADER_BYTES = 8 * 1024 * 1024  # SDXL with both text encoders needs 0.4 MiB.
MAX_TENSORS = 20_000
MAX_DIMENSIONS = 8
MAX_DIMENSION = 1 << 40
MAX_ELEMENTS = 1 << 60  # Far inside 64 bits, where readers in other languages overflow.
MAX_NAME = 512
MAX_METADATA_KEYS = 2_000

# As in safetensors/src/tensor.rs, 0.8. F4 and F6 pack their numbers tighter than bytes.
DTYPE_BITS: Mapping[str, int] = MappingProxyType(
    {
        "BOOL": 8, "U8": 8, "I8": 8, "U16": 16, "I16": 16, "U32": 32, "I32": 32, "U64": 64,
        "I64": 64, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8,
        "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "F16": 16, "BF16": 16, "F32": 32, "F64": 64, "C64": 64,
    }
)  # fmt: skip


class Container(StrEnum):
    SAFETENSORS = "safetensors"
    GGUF = "gguf"


class Tensor(NamedTuple):
    """One entry of the table; `begin` and `end` count from the first byte after the header."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int


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
    fields = _parse_json(raw)
    metadata = _read_metadata(fields.pop("__metadata__", {}))
    if len(fields) > MAX_TENSORS:
        raise NotSafetensors(
            f"The file holds {len(fields):,} tensors; {MAX_TENSORS:,} are the most that is taken."
        )
    tensors = {name: _read_tensor(name, entry) for name, entry in fields.items()}
    header = Header(MappingProxyType(tensors), MappingProxyType(metadata), len(raw))
    _refuse_gaps(tensors, body_size=file_size - header.data_at, file_size=file_size)
    return header


def _refuse_the_rest(raw: bytes, *, length: int, present: int) -> None:
    if raw.startswith(b"{"):
        raise Truncated(expected=LENGTH_BYTES + length, present=present)
    raise NotSafetensors("The bytes are not those of a safetensors file.")


# --- JSON, and stricter than Python takes it -------------------------------------------------


# A minus sign where a number may begin. Within texts, such as the name of a base, it mostly stands
# after a letter or a digit.
_MINUS = re.compile(rb"-(?<=[\s:\[,]-)")


def _parse_json(raw: bytes) -> dict[str, Any]:
    if not raw.startswith(b"{"):
        raise NotSafetensors("The header does not begin with a brace, as safetensors headers do.")
    try:
        fields: dict[str, Any] = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_once_each,
            parse_constant=_refuse_constant,
            # Only a minus sign makes the slow way necessary: "-0" is no number to other readers.
            parse_int=_natural if _MINUS.search(raw) else None,
        )
    except NotSafetensors:
        raise
    except UnicodeDecodeError as error:
        raise NotSafetensors("The header is not UTF-8 text.") from error
    except RecursionError as error:
        raise NotSafetensors("The header is nested too deeply.") from error
    except ValueError as error:
        raise NotSafetensors("The header is not JSON.") from error
    return fields  # A table: it began with a brace.


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        [(twice, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise NotSafetensors(f"The header names {shown(twice)} twice.")
    return fields


def _refuse_constant(text: str) -> None:
    raise NotSafetensors(f"The header holds {text} where a number belongs.")


def _natural(digits: str) -> int:
    if digits.startswith("-"):
        raise NotSafetensors(f"The header holds the negative number {digits[:20]}.")
    return int(digits)


# --- entries ---------------------------------------------------------------------------------


def _read_metadata(entry: Any) -> dict[str, str]:
    if not isinstance(entry, dict) or not all(isinstance(text, str) for text in entry.values()):
        raise NotSafetensors("The header's metadata is not a table of texts.")
    if len(entry) > MAX_METADATA_KEYS:
        raise NotSafetensors(f"The header's metadata has {len(entry):,} keys, more than is taken.")
    for key, text in entry.items():
        _refuse_surrogates(key, text)
    return entry


def _refuse_surrogates(key: str, text: str) -> None:
    try:
        key.encode()
        text.encode()
    except UnicodeEncodeError as error:
        raise NotSafetensors(f"The metadata entry {shown(key)} is no valid text.") from error


_fields_of = itemgetter("dtype", "shape", "data_offsets")


def _read_tensor(name: str, entry: Any) -> Tensor:  # noqa: C901  one step a field, and no more
    if not (0 < len(name) <= MAX_NAME and name.isprintable()):
        raise NotSafetensors(
            f"The tensor name {shown(name)} is empty, too long, or holds control characters."
        )
    try:
        dtype, shape, [begin, end] = _fields_of(entry)
    except (KeyError, TypeError, ValueError) as error:
        raise _malformed(name) from error
    if len(entry) != 3 or type(dtype) is not str or type(shape) is not list:
        raise _malformed(name)
    for number in (begin, end, *shape):
        if type(number) is not int:  # A bool is no number here.
            raise _malformed(name)
    if dtype not in DTYPE_BITS:
        raise NotSafetensors(f"{shown(name)} has the unknown number type {shown(dtype)}.")
    if len(shape) > MAX_DIMENSIONS:
        raise NotSafetensors(f"{shown(name)} has {len(shape):,} dimensions.")
    sizes = tuple(shape)
    if (end - begin) * 8 != _bits(dtype, sizes):
        raise _wrong_size(name, dtype, sizes, size=end - begin)
    return Tensor(name, dtype, sizes, begin, end)


def _malformed(name: str) -> NotSafetensors:
    return NotSafetensors(f"The header's entry for {shown(name)} is malformed.")


@lru_cache(maxsize=1024)  # Hundreds of layers share a few shapes.
def _bits(dtype: str, shape: tuple[int, ...]) -> int | None:
    """Return what tensors of such a shape take, None if none can be so large."""
    if max(shape, default=0) > MAX_DIMENSION or math.prod(n or 1 for n in shape) > MAX_ELEMENTS:
        return None
    return math.prod(shape) * DTYPE_BITS[dtype]


def _wrong_size(name: str, dtype: str, shape: tuple[int, ...], *, size: int) -> NotSafetensors:
    if _bits(dtype, shape) is None:
        return NotSafetensors(f"{shown(name)} has a shape beyond belief.")
    if abs(size) > MAX_ELEMENTS << 6:  # No number type takes more bits.
        return NotSafetensors(f"{shown(name)} has offsets beyond belief.")
    return NotSafetensors(
        f"{shown(name)} has {size:,} bytes, which is not what its shape {shape} "
        f"and number type {dtype} need."
    )


def _refuse_gaps(tensors: Mapping[str, Tensor], *, body_size: int, file_size: int) -> None:
    # The format allows no holes and no overlaps: a hole could hide a second payload.
    position = 0
    for tensor in _by_place(tensors):
        if tensor.begin != position:
            raise NotSafetensors(
                f"The data of {shown(tensor.name)} does not follow on from the last tensor's."
            )
        position = tensor.end
    if position > body_size:
        raise Truncated(expected=file_size - body_size + position, present=file_size)
    if position < body_size:
        raise NotSafetensors(
            f"The tensors do not fill the file: {body_size - position:,} bytes follow the last."
        )


def _by_place(tensors: Mapping[str, Tensor]) -> Iterable[Tensor]:
    """Return the tensors as they lie in the file, which is mostly how the header names them."""
    ends = [0, *(tensor.end for tensor in tensors.values())]
    if all(tensor.begin == end for tensor, end in zip(tensors.values(), ends, strict=False)):
        return tensors.values()
    return sorted(tensors.values(), key=attrgetter("begin", "end"))
