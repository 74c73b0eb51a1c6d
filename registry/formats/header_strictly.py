"""
Read a header's table entry by entry, and say of the first that is wrong what is wrong with it.

We are stricter than the safetensors library on purpose: it takes headers of 100 MB, names with NUL
in them, two tensors of one name (the last wins) and shapes of millions of dimensions, and each of
these has been used to exhaust or to fool a reader. Whatever passes here, the library takes too and
reads the same table from; a test holds us to that.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from operator import attrgetter, itemgetter
from typing import Any

from registry.formats.errors import NotSafetensors, Truncated
from registry.formats.quoting import shown
from registry.formats.tensors import (
    DTYPE_BITS,
    MAX_DIMENSIONS,
    MAX_ELEMENTS,
    MAX_METADATA_KEYS,
    MAX_NAME,
    MAX_TENSORS,
    Tensor,
    bits_of,
)


def read(raw: bytes, *, body_size: int, file_size: int) -> tuple[dict[str, Tensor], dict[str, str]]:
    """
    Return the tensors and the metadata of a header after which `body_size` bytes follow.

    :raises Truncated: if the tensors need more
    :raises NotSafetensors: if the header breaks the format in any other way
    """
    fields = _parse_json(raw)
    metadata = read_metadata(fields.pop("__metadata__", {}))
    if len(fields) > MAX_TENSORS:
        raise NotSafetensors(
            f"The file holds {len(fields):,} tensors; {MAX_TENSORS:,} are the most that is taken."
        )
    tensors = {name: _read_tensor(name, entry) for name, entry in fields.items()}
    _refuse_gaps(tensors, body_size=body_size, file_size=file_size)
    return tensors, metadata


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
            object_pairs_hook=once_each,
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


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """
    Return a table of JSON, for its decoder's `object_pairs_hook`.

    :raises NotSafetensors: if a name is twice in it
    """
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


def read_metadata(entry: Any) -> dict[str, str]:
    """
    Return a header's metadata.

    :raises NotSafetensors: if they are no table of texts
    """
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
    if (end - begin) * 8 != bits_of(dtype, sizes):
        raise _wrong_size(name, dtype, sizes, size=end - begin)
    return Tensor(name, dtype, sizes, begin, end)


def _malformed(name: str) -> NotSafetensors:
    return NotSafetensors(f"The header's entry for {shown(name)} is malformed.")


def _wrong_size(name: str, dtype: str, shape: tuple[int, ...], *, size: int) -> NotSafetensors:
    if bits_of(dtype, shape) is None:
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
