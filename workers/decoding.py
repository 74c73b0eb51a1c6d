"""Bytes of a tensor into 32-bit floats, for every number type that adapters are kept in."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from registry.formats.tensors import DTYPE_BITS

Floats = NDArray[np.float32]


def as_floats(raw: bytes, dtype: str) -> Floats | None:
    """Return the numbers that `raw` holds; None for types that no adapter's values are in."""
    decode = _DECODERS.get(dtype)
    return decode(raw) if decode else None


def _plain(kind: str) -> Callable[[bytes], Floats]:
    def decode(raw: bytes) -> Floats:
        with np.errstate(over="ignore"):  # A float64 beyond float32 becomes infinite, and is told.
            return np.frombuffer(raw, dtype=kind).astype(np.float32)

    return decode


def _bfloat16(raw: bytes) -> Floats:
    halves = np.frombuffer(raw, dtype="<u2").astype(np.uint32)
    return (halves << 16).view(np.float32)


def _eight_bits(exponent_bits: int, bias: int, *, special: str) -> Callable[[bytes], Floats]:
    table = np.array(
        [_eight_bit_value(code, exponent_bits, bias, special) for code in range(256)],
        dtype=np.float32,
    )
    return lambda raw: table[np.frombuffer(raw, dtype=np.uint8)]


def _eight_bit_value(code: int, exponent_bits: int, bias: int, special: str) -> float:
    """Return the number that an 8-bit code stands for; `special` names its rule for NaN."""
    mantissa_bits = 7 - exponent_bits
    sign = -1.0 if code & 0x80 else 1.0
    exponent = (code & 0x7F) >> mantissa_bits
    mantissa = code & ((1 << mantissa_bits) - 1)
    if special == "fnuz" and code == 0x80:
        return float("nan")
    if special == "fn" and code & 0x7F == 0x7F:
        return float("nan")
    if special == "ieee" and exponent == (1 << exponent_bits) - 1:
        return float("nan") if mantissa else sign * float("inf")
    if exponent == 0:
        return sign * mantissa * 2.0 ** (1 - bias - mantissa_bits)
    return sign * (1 + mantissa / (1 << mantissa_bits)) * 2.0 ** (exponent - bias)


def _blocks(raw: bytes) -> Floats:
    """Decode GGML's Q8_0: a half and 32 small whole numbers that it multiplies, 34 bytes."""
    blocks = np.frombuffer(raw, dtype=np.dtype([("scale", "<f2"), ("numbers", "i1", 32)]))
    scales = blocks["scale"].astype(np.float32)[:, None]
    return (blocks["numbers"].astype(np.float32) * scales).reshape(-1)


def bytes_for(numbers: int, dtype: str) -> int:
    """Return how many bytes hold about so many numbers, never a part of one."""
    if dtype == "Q8_0":
        return max(1, numbers // 32) * 34
    return max(1, numbers * DTYPE_BITS[dtype] // 8)


_DECODERS: dict[str, Callable[[bytes], Floats]] = {
    "F64": _plain("<f8"),
    "F32": _plain("<f4"),
    "F16": _plain("<f2"),
    "BF16": _bfloat16,
    "F8_E4M3": _eight_bits(4, 7, special="fn"),
    "F8_E5M2": _eight_bits(5, 15, special="ieee"),
    "F8_E4M3FNUZ": _eight_bits(4, 8, special="fnuz"),
    "F8_E5M2FNUZ": _eight_bits(5, 16, special="fnuz"),
    "I64": _plain("<i8"),
    "I32": _plain("<i4"),
    "I16": _plain("<i2"),
    "I8": _plain("i1"),
    "U8": _plain("u1"),
    "BOOL": _plain("u1"),
    "Q8_0": _blocks,
}
