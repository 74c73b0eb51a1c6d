"""One tensor, as a file's header tells of it, and the limits of what is believed of one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

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


class Tensor(NamedTuple):
    """One entry of the table; `begin` and `end` count from the first byte after the header."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int


@lru_cache(maxsize=1024)  # Hundreds of layers share a few shapes.
def bits_of(dtype: str, shape: tuple[int, ...]) -> int | None:
    """Return what tensors of such a shape take, None if none can be so large."""
    if max(shape, default=0) > MAX_DIMENSION or math.prod(n or 1 for n in shape) > MAX_ELEMENTS:
        return None
    return math.prod(shape) * DTYPE_BITS[dtype]
