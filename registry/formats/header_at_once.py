"""
Read at once a header in the form that nearly all have.

The safetensors library, and whoever writes headers with Python's json, write each entry alike: its
type, shape and offsets in this order, the tensors in the order in which they lie in the file. Such
a header is cut at its entries by one expression, and each column of the table looked at whole.

It takes nothing that header_strictly.py would not take, and reads the same from it: the expression
has no room for another field, for a minus sign or a number written otherwise, and nothing may be
left between what it matches. It refuses nothing either: of a header in which anything is unusual or
wrong it says nothing, and leaves it to the strict reader.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import accumulate, repeat

from registry.formats.errors import FormatError
from registry.formats.header_strictly import once_each, read_metadata
from registry.formats.tensors import MAX_DIMENSIONS, MAX_NAME, MAX_TENSORS, Tensor, bits_of

_METADATA = re.compile(r'\{"__metadata__": ?+(?=\{)')
_COMMA = re.compile(r", ?+")
_ENTRY = re.compile(
    r'"([^"\\]++)": ?+\{"dtype": ?+"(\w++)", ?+"shape": ?+\[([\d, ]*+)\], ?+'
    r'"data_offsets": ?+\[(\d++), ?+(0|[1-9]\d*+)\]\}(?:, ?+|\}[ \t\n\r]*+\Z)',
    re.ASCII,
)
_COLUMNS = 6  # what stands between the entries, and the five groups above
_decode = json.JSONDecoder(object_pairs_hook=once_each).raw_decode


class _Unusual(Exception):
    """Nothing can be said of this header here."""


def read(raw: bytes, *, body_size: int) -> tuple[dict[str, Tensor], dict[str, str]] | None:
    """
    Return the tensors and the metadata of a sound header; None if the strict reader has to see it.

    The tensors have `body_size` bytes together.
    """
    try:
        metadata, entries = _metadata(raw.decode())
        return _tensors(entries, body_size=body_size), metadata
    except (_Unusual, FormatError, ValueError, KeyError, RecursionError):
        return None


def _metadata(text: str) -> tuple[dict[str, str], str]:
    """Return the metadata, which come first if there are any, and the text of the entries."""
    if match := _METADATA.match(text):
        metadata, end = _decode(text, match.end())
        if comma := _COMMA.match(text, end):
            return read_metadata(metadata), text[comma.end() :]
    elif text.startswith("{"):
        return {}, text[1:]
    raise _Unusual


def _tensors(entries: str, *, body_size: int) -> dict[str, Tensor]:
    parts = _ENTRY.split(entries, MAX_TENSORS)
    between, names, dtypes, shapes, begins, ends = (parts[n::_COLUMNS] for n in range(_COLUMNS))
    kinds = {kind: _kind(*kind) for kind in {*zip(dtypes, shapes, strict=True)}}
    seen = [*map(kinds.__getitem__, zip(dtypes, shapes, strict=True))]
    stops = [*map(int, ends)]
    if any(between) or begins != ["0", *ends[:-1]] or not _are_names(names):
        raise _Unusual
    if stops != [*accumulate([size for _, size in seen])] or stops[-1] != body_size:
        raise _Unusual
    rows = zip(names, dtypes, [shape for shape, _ in seen], [0, *stops[:-1]], stops, strict=True)
    # As Tensor._make does it, but without a call of Python for each.
    return dict(zip(names, map(tuple.__new__, repeat(Tensor), rows), strict=True))


def _are_names(names: Sequence[str]) -> bool:
    """Return whether all are fit to be names, and none of them is there twice."""
    return (
        "".join(names).isprintable()
        and max(map(len, names)) <= MAX_NAME
        and len({*names}) == len(names)
        and "__metadata__" not in names
    )


def _kind(dtype: str, text: str) -> tuple[tuple[int, ...], int]:
    """Return the shape that a text tells, and how many bytes a tensor of it has."""
    shape = tuple(json.loads(f"[{text}]"))
    bits = bits_of(dtype, shape)
    if bits is None or bits % 8 or len(shape) > MAX_DIMENSIONS:
        raise _Unusual
    return shape, bits // 8
