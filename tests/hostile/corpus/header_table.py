"""Safetensors files wrong in what their table says: offsets, shapes, number types."""

from __future__ import annotations

import json

from registry.formats.tensors import DTYPE_BITS
from tests.hostile.case import Case, of_kind, refused
from tests.registry.formats.test_header import entry, one, text


def _offsets(written: str, body: int = 8) -> bytes:
    return text(f'{{"a":{{"dtype":"F16","shape":[2,2],"data_offsets":{written}}}}}', body)


def _two(first: tuple[int, int], second: tuple[int, int], body: int = 16) -> bytes:
    return text(json.dumps({"a": entry(offsets=first), "b": entry(offsets=second)}), body)


_A = "entry for “a” is malformed"
OFFSETS = (
    refused("offsets that are floats", _offsets("[0.0,8.0]"), _A),
    refused("offsets with exponents", _offsets("[0,8e0]"), _A),
    refused("offsets that are texts", _offsets('["0","8"]'), _A),
    refused("offsets that are null", _offsets("null"), _A),
    refused("offsets that are true", _offsets("[false,true]"), _A),
    refused("one offset", _offsets("[8]"), _A),
    refused("no offset", _offsets("[]"), _A),
    refused("a text of two letters for offsets", _offsets('"08"'), _A),
    refused("a table of two keys for offsets", _offsets('{"0":0,"8":8}'), _A),
    refused("offsets in a list in a list", _offsets("[[0,8]]"), _A),
    refused("offsets below nothing", _offsets("[-8,0]"), "negative number -8"),
    refused("offsets below nothing by 400 digits", _offsets(f"[-{'9' * 400},0]"),
            "negative number -9999"),
    refused("an end of 2⁶³", _offsets(f"[0,{2**63}]"), "9,223,372,036,854,775,808 bytes"),
    refused("an end of 2⁶⁴", _offsets(f"[0,{2**64}]"), "18,446,744,073,709,551,616 bytes"),
    refused("a start that wraps round 2⁶⁴", _offsets(f"[{2**64 - 8},{2**64}]"), "follow on"),
    refused("an end of a thousand digits", _offsets(f"[0,{'9' * 1000}]"), "“a” has offsets beyond"),
    refused("two tensors in one place", _two((0, 8), (0, 8), 8), "“b” does not follow on"),
    refused("tensors that share a byte", _two((0, 8), (7, 15), 15), "“b” does not follow on"),
    refused("one tensor inside another", text(json.dumps(
        {"a": entry(), "b": entry("U8", (1,), (3, 4))}), 8), "“b” does not follow on"),
    refused("an empty tensor inside another", text(json.dumps(
        {"a": entry(), "b": entry("U8", (0,), (3, 3))}), 8), "“b” does not follow on"),
    refused("an empty tensor after the end", text(json.dumps(
        {"a": entry(), "b": entry("U8", (0,), (99, 99))}), 8), "“b” does not follow on"),
    refused("a hole of one byte", _two((0, 8), (9, 17), 17), "“b” does not follow on"),
    refused("no body at all", one(body=0), "8 bytes are missing", "file.truncated"),
    refused("a body of a terabyte, announced", one(shape=(2**39,), offsets=(0, 2**40)),
            "1,099,511,627,768 bytes are missing", "file.truncated"),
)  # fmt: skip


def _shape(written: str, *, end: int = 8, body: int = 8) -> bytes:
    return text(f'{{"a":{{"dtype":"F16","shape":{written},"data_offsets":[0,{end}]}}}}', body)


SHAPES = (
    refused("a shape that is a number", _shape("4"), _A),
    refused("a shape that is null", _shape("null"), _A),
    refused("a shape that is a table", _shape('{"0":2,"1":2}'), _A),
    refused("a shape in a shape", _shape("[[2,2]]"), _A),
    refused("sizes that are texts", _shape('["2","2"]'), _A),
    refused("a size that is null", _shape("[null]"), _A),
    refused("a size of minus one", _shape("[-1,4]"), "negative number -1"),
    refused("a size that overflows 64 bits to 4", _shape(f"[{2**64 + 4}]"), "beyond belief"),
    refused("sizes whose product overflows to 4", _shape(f"[{2**33},{2**31 + 1}]"),
            "beyond belief"),
    refused("a size of 2⁴⁰ and one more", _shape(f"[{2**40 + 1},0]", end=0, body=0), "beyond"),
    refused("9 dimensions of 1", _shape(f"[{'1,' * 8}4]"), "“a” has 9 dimensions"),
    refused("a million dimensions", lambda: _shape(f"[{'1,' * 1_000_000}4]"),
            "“a” has 1,000,001 dimensions"),
    refused("a scalar of eight bytes", one(shape=()), "8 bytes, which is not"),
    refused("an empty tensor of eight bytes", one(shape=(0,)), "8 bytes, which is not"),
    refused("a shape smaller than its bytes", one(shape=(2, 1)), "8 bytes, which is not"),
    refused("a dtype that is null", one(dtype=None), _A),
    refused("a dtype that is a number", one(dtype=16), _A),
    refused("a dtype that is a list", one(dtype=["F16"]), _A),
    refused("a dtype with a blank", one(dtype="F16 "), "unknown number type “F16 ”"),
    refused("a dtype as torch writes it", one(dtype="torch.float16"), "“torch.float16”"),
    refused("a dtype of NumPy objects", one(dtype="|O"), "unknown number type “|O”"),
    refused("a dtype that is a script", one(dtype="<img src=x onerror=alert(1)>"), "“<img"),
    refused("a dtype of 8 MB", lambda: one(dtype="F" * 8_000_000), "unknown number type"),
    refused("a dtype of control characters", one(dtype="\x1b]0;owned\x07" * 40), "unknown number"),
    refused("a dtype in fullwidth letters", one(dtype="\uff261\uff16"), "unknown number type"),
    *(
        refused(f"a number type whose size is not its shape's: {dtype}",
                one(dtype=dtype, shape=(8,), offsets=(0, bits + 1), body=bits + 1),
                f"{bits + 1} bytes, which is not what its shape .* {dtype} need")
        for dtype, bits in DTYPE_BITS.items()
        if dtype in {"BOOL", "F4", "F6_E2M3", "F8_E8M0", "BF16", "C64"}
    ),
)  # fmt: skip

ENTRIES = (
    refused("an entry without offsets", text('{"a":{"dtype":"F16","shape":[2,2]}}'), _A),
    refused("an entry without a dtype", text('{"a":{"shape":[2,2],"data_offsets":[0,8]}}'), _A),
    refused("an empty entry", text('{"a":{}}'), _A),
    refused("an entry whose key has a blank", one(**{"dtype ": "F16"}), _A),
    refused("an entry with metadata of its own", one(__metadata__={}), _A),
    refused("120,000 empty tensors", lambda: _many(120_000), "120,000 tensors"),
    refused("20,001 tensors of one byte", lambda: _many(20_001, size=1), "20,001 tensors"),
    refused("20,000 tensors of no layer", lambda: _many(20_000, size=1), "layout", "file.readable"),
)


def _many(count: int, *, size: int = 0) -> bytes:
    rows = (
        f'"{n:x}":{{"dtype":"U8","shape":[{size}],"data_offsets":[{n * size},{n * size + size}]}}'
        for n in range(count)
    )
    return text("{" + ",".join(rows) + "}", count * size)[: 64 << 20]


CASES: tuple[Case, ...] = (
    *of_kind("offsets", OFFSETS),
    *of_kind("shape", SHAPES),
    *of_kind("entry", ENTRIES),
)
