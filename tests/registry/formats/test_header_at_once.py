"""The quick way through a header, held against the strict one: it says the same, or nothing."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import example, given
from hypothesis import strategies as st

from registry.formats import header_at_once, header_strictly
from registry.formats.errors import FormatError
from registry.formats.header import LENGTH_BYTES
from registry.formats.tensors import DTYPE_BITS
from tests import files
from tests.hostile.test_safetensors import CASES

AS_PYTHON = (", ", ": ")
AS_RUST = (",", ":")
SOUND = {
    "unet.a.lora_A.weight": ("F16", (4, 320)),
    "unet.a.lora_B.weight": ("BF16", (320, 4)),
    "unet.a.alpha": ("F32", ()),
    "ü b/c": ("F4", (0, 3)),
}
METADATA = {
    "ss_tag_frequency": '{"10_a": {"“x”\\n": 1}}',
    "é\u0022": "\\ \x00 -1 \U0001f600",
    "": "",
}


def body_of(raw: bytes) -> tuple[bytes, int]:
    """Return the header of a file, and how many bytes follow it."""
    length = int.from_bytes(raw[:LENGTH_BYTES], "little")
    header = raw[LENGTH_BYTES : LENGTH_BYTES + length]
    return header, len(raw) - LENGTH_BYTES - len(header)


def table(shapes, metadata=None) -> tuple[dict[str, object], int]:
    """Return the fields of a sound header, and how many bytes follow it."""
    fields: dict[str, object] = {} if metadata is None else {"__metadata__": metadata}
    end = 0
    for name, (dtype, shape) in shapes.items():
        begin, end = end, end + math.prod(shape) * DTYPE_BITS[dtype] // 8
        fields[name] = {"dtype": dtype, "shape": [*shape], "data_offsets": [begin, end]}
    return fields, end


def strictly(raw: bytes, body_size: int):
    """Return what the strict reader reads, None if it refuses."""
    try:
        return header_strictly.read(
            raw, body_size=body_size, file_size=LENGTH_BYTES + len(raw) + body_size
        )
    except FormatError:
        return None


def must_agree(raw: bytes, body_size: int) -> bool:
    """Return whether the quick way says anything; what it says must be what the strict one says."""
    found = header_at_once.read(raw, body_size=body_size)
    assert found is None or found == strictly(raw, body_size)
    return found is not None


class TestTakesWhatIsWrittenAsUsual:
    @pytest.mark.parametrize("separators", [AS_PYTHON, AS_RUST], ids=["Python", "Rust"])
    @pytest.mark.parametrize("metadata", [None, {}, METADATA], ids=["none", "empty", "some"])
    @pytest.mark.parametrize("end", ["", "  ", "\n\t\r "], ids=["bare", "padded", "white"])
    @pytest.mark.parametrize("plain", [True, False], ids=["escaped", "as it is"])
    def test_by_json(self, separators, metadata, end, plain):
        shapes = {name: kind for name, kind in SOUND.items() if name.isascii() or not plain}
        fields, size = table(shapes, metadata)
        text = json.dumps(fields, separators=separators, ensure_ascii=plain) + end
        assert must_agree(text.encode(), size)

    @pytest.mark.parametrize("metadata", [None, METADATA], ids=["none", "some"])
    def test_by_the_library(self, metadata):
        tensors = {
            name: np.zeros(shape, np.float16 if dtype == "F16" else np.float32)
            for name, (dtype, shape) in SOUND.items()
        }
        assert must_agree(*body_of(safetensors.numpy.save(tensors, metadata)))

    def test_by_our_own_tests(self):
        assert must_agree(*body_of(files.kohya_lora("sdxl", metadata=METADATA).getvalue()))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_takes_no_hostile_file_that_the_strict_reader_refuses(case):
    must_agree(*body_of(case.made()))


def one(entry: str, *, before: str = "{", name: str = '"a"', after: str = "}") -> bytes:
    return f"{before}{name}:{{{entry}}}{after}".encode()


FIELDS = '"dtype":"F16","shape":[2,2],"data_offsets":[0,8]'
# Each is no header, or no usual one; a quick look could take it for one.
UNUSUAL = {
    "a name twice": one(FIELDS, before=f'{{"a":{{{FIELDS}}},'),
    "a name twice, of nothing": b'{"a":{"dtype":"F16","shape":[0],"data_offsets":[0,0]},'
    b'"a":{"dtype":"F16","shape":[2,2],"data_offsets":[0,8]}}',
    "a name twice, once escaped": one(FIELDS, before=f'{{"\\u0061":{{{FIELDS}}},'),
    "a field twice": one(FIELDS + ',"dtype":"F16"'),
    "a field more": one(FIELDS + ',"x":1'),
    "a field fewer": one('"dtype":"F16","shape":[2,2]'),
    "fields in another order": one('"shape":[2,2],"dtype":"F16","data_offsets":[0,8]'),
    "metadata that are a tensor": one(FIELDS, name='"__metadata__"'),
    "metadata twice": one(FIELDS, before='{"__metadata__":{},"__metadata__":{},'),
    "metadata last": one(FIELDS, after=',"__metadata__":{}}'),
    "metadata that is a number": one(FIELDS, before='{"__metadata__":5,'),
    "metadata with a number": one(FIELDS, before='{"__metadata__":{"a":1},'),
    "metadata with a name twice": one(FIELDS, before='{"__metadata__":{"a":"","a":""},'),
    "metadata with a lone surrogate": one(FIELDS, before='{"__metadata__":{"a":"\\ud800"},'),
    "metadata that end the header": b'{"__metadata__":{}}',
    "no brace at the start": one(FIELDS, before=""),
    "no brace at the end": one(FIELDS, after=""),
    "a brace too many": one(FIELDS, after="}}"),
    "a comma at the end": one(FIELDS, after=",}"),
    "a comma at the start": one(FIELDS, before="{,"),
    "two commas": one(FIELDS, before=f'{{"b":{{{FIELDS}}},,'),
    "no comma": one(FIELDS, before=f'{{"b":{{{FIELDS}}}'),
    "a number between": one(FIELDS, before="{1,"),
    "text behind": one(FIELDS, after="}x"),
    "NUL behind": one(FIELDS, after="}\0"),
    "a second header behind": one(FIELDS) * 2,
    "white space of another kind behind": one(FIELDS, after="}\u00a0"),
    "a negative zero": one(FIELDS.replace("[0,", "[-0,")),
    "a size with a leading zero": one(FIELDS.replace("2,2", "02,2")),
    "a begin with a leading zero": one(FIELDS.replace("[0,", "[00,")),
    "an end with a leading zero": one(FIELDS.replace("8]", "08]")),
    "a float": one(FIELDS.replace("2,2", "2.0,2")),
    "an exponent": one(FIELDS.replace("2,2", "4e0")),
    "a truth": one(FIELDS.replace("2,2", "true,4")),
    "digits of another script": one(FIELDS.replace("2,2", "٢,٢")),
    "a comma in the shape": one(FIELDS.replace("2,2", "2,2,")),
    "a size without a comma": one(FIELDS.replace("2,2", "2 2")),
    "three offsets": one(FIELDS.replace("0,8", "0,4,8")),
    "a number too long to read": one(FIELDS.replace("8]", f"{'9' * 5000}]")),
    "a number type that is none": one(FIELDS.replace("F16", "F17")),
    "a wrong size": one(FIELDS.replace("2,2", "2,3")),
    "half a byte": one('"dtype":"F4","shape":[15],"data_offsets":[0,8]'),
    "nine dimensions": one(FIELDS.replace("2,2", "2,2,1,1,1,1,1,1,1")),
    "a shape times zero": one(f'"dtype":"F16","shape":[0,{1 << 62}],"data_offsets":[0,0]'),
    "an empty name": one(FIELDS, name='""'),
    "a name with a line break": one(FIELDS, name='"a\nb"'),
    "a name with DEL": one(FIELDS, name='"a\x7fb"'),
    "a name with an escape": one(FIELDS, name='"a\\tb"'),
    "a name with a bidirectional override": one(FIELDS, name='"a\u202eb"'),
    "a name too long": one(FIELDS, name=f'"{"a" * 513}"'),
    "a hole before it": one(FIELDS.replace("2,2", "2").replace("[0,", "[4,")),
    "no UTF-8": one(FIELDS).replace(b'"a"', b'"\xff"'),
    "a byte order mark": b"\xef\xbb\xbf" + one(FIELDS),
    "UTF-16": one(FIELDS).decode().encode("utf-16-le"),
    "nesting without end": b'{"__metadata__":' + b'{"a":' * 100_000,
    "no tensors": b"{}",
}


@pytest.mark.parametrize("raw", UNUSUAL.values(), ids=UNUSUAL)
def test_says_nothing_of_what_is_unusual(raw):
    assert header_at_once.read(raw, body_size=8) is None
    must_agree(raw, 8)


def test_says_nothing_where_bytes_are_missing_or_left_over():
    assert [must_agree(one(FIELDS), size) for size in (7, 8, 9)] == [False, True, False]


def test_says_nothing_of_tensors_beyond_counting():
    for count, taken in ((20_000, True), (20_001, False)):
        fields, size = table({str(n): ("U8", (0,)) for n in range(count)})
        assert must_agree(json.dumps(fields).encode(), size) is taken


names = st.text(max_size=6) | st.sampled_from(["a", "b", "__metadata__", 'a"b', "a\\"])
shapes = st.dictionaries(
    names,
    st.tuples(st.sampled_from([*DTYPE_BITS]), st.lists(st.integers(0, 5), max_size=4)),
    max_size=4,
)
snippets = st.sampled_from(
    ['"', ",", "{", "}", "[", "]", ":", "-", "0", "1", " ", "\n", "e1", ".0", "\\", "\\u0061", "a",
     '"a":{"dtype":"F16","shape":[0],"data_offsets":[0,0]},', '"__metadata__":{},', '"x":1,', "ü",
     ',"shape":[2]', "\x7f", "\0", "null", "true", "{}", '""']
)  # fmt: skip
edits = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 3), snippets), max_size=3)


@given(
    shapes=shapes,
    metadata=st.none() | st.dictionaries(names, st.text(max_size=4), max_size=3),
    separators=st.sampled_from([AS_PYTHON, AS_RUST]),
    edits=edits,
    more=st.sampled_from([0, 0, 0, 1, -1]),
)
@example({"a": ("U8", [1])}, None, AS_RUST, [], 0)
def test_says_of_a_header_with_a_few_edits_what_the_strict_reader_says(
    shapes, metadata, separators, edits, more
):
    fields, size = table(shapes, metadata)
    text = json.dumps(fields, separators=separators)
    for place, removed, snippet in edits:
        at = place % (len(text) + 1)
        text = text[:at] + snippet + text[at + removed :]

    must_agree(text.encode(), max(0, size + more))


@given(shapes=shapes, metadata=st.none() | st.dictionaries(names, st.text(max_size=4)))
def test_takes_each_sound_header(shapes, metadata):
    fields, size = table(shapes, metadata)
    raw = json.dumps(fields, ensure_ascii=False).encode(errors="replace")
    usual = bool(fields.keys() - {"__metadata__"}) and not any(set('"\\') & {*n} for n in shapes)
    if usual and strictly(raw, size):
        assert must_agree(raw, size)
