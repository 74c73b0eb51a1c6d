from __future__ import annotations

import json
import struct
from contextlib import suppress
from io import BytesIO

import pytest
import safetensors
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.formats.errors import EmptyFile, FormatError, Malformed, Truncated
from registry.formats.header import MAX_HEADER_BYTES, parse_header, read_header
from registry.formats.tensors import DTYPE_BITS
from tests import files
from tests.reading import header_of


def read(raw: bytes):
    return read_header(BytesIO(raw), file_size=len(raw))


def entry(dtype="F16", shape=(2, 2), offsets=(0, 8), **more) -> dict:
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)} | more


def one(name="a", body=8, **fields) -> bytes:
    """Return a file of one tensor, sound but for `fields`."""
    return files.from_header(json.dumps({name: entry(**fields)}), bytes(body))


def text(header: str, body=8) -> bytes:
    return files.from_header(header, bytes(body))


def entry_with(shape: str) -> bytes:
    """Return a file whose one tensor has this shape, however it is written."""
    return text(f'{{"a":{{"dtype":"F16","shape":{shape},"data_offsets":[0,8]}}}}')


def one_offset(begin: str) -> bytes:
    return text(f'{{"a":{{"dtype":"F16","shape":[2,2],"data_offsets":[{begin},8]}}}}')


CROWDED = json.dumps({"__metadata__": dict.fromkeys(map(str, range(2001)), "")})
SOUND = '"dtype":"F16","shape":[2,2],"data_offsets":[0,8]'

# What is wrong, the bytes, and a part of the sentence that its uploader reads.
HOSTILE = [
    ("nothing at all", b"", "empty"),
    ("three bytes", b"abc", "too few"),
    ("a length of zero", bytes(8) + b"{}", "too short"),
    ("a length of one", struct.pack("<Q", 1) + b"{}", "too short"),
    ("a length beyond the limit", struct.pack("<Q", MAX_HEADER_BYTES + 1) + b"{}", "8,388,608"),
    ("a length near 2^64", struct.pack("<Q", 2**64 - 1) + b"{}", "announce"),
    ("a length beyond the file", struct.pack("<Q", 100) + b"{" + bytes(20), "cut short"),
    ("no brace", files.from_header(b" {}"), "brace"),
    ("a byte order mark", files.from_header(b"\xef\xbb\xbf{}"), "brace"),
    ("a list", files.from_header(b"[]"), "brace"),
    ("no UTF-8", files.from_header(b'{"\xff":1}'), "UTF-8"),
    ("no JSON", files.from_header(b"{nope}"), "not JSON"),
    ("a comma too many", files.from_header(b'{"a":1,}'), "not JSON"),
    ("text after the JSON", files.from_header(b"{}{}"), "not JSON"),
    ("a raw line break in a name", files.from_header(b'{"a\nb":1}'), "not JSON"),
    ("nesting without end", files.from_header(b'{"a":' + b"[" * 100_000), "nested|not JSON"),
    ("a huge number", text('{"a":{"dtype":"F16","shape":[1' + "0" * 5000 + "]}}"), "not JSON"),
    ("NaN for a size", text('{"a":{"dtype":"F16","shape":[NaN],"data_offsets":[0,8]}}'), "NaN"),
    ("a name twice", text(f'{{"a":{{{SOUND}}},"a":{{{SOUND}}}}}'), "twice"),
    ("a field twice", text(f'{{"a":{{{SOUND},"dtype":"F32"}}}}'), "twice"),
    ("metadata twice", text('{"__metadata__":{},"__metadata__":{}}', 0), "twice"),
    ("metadata that is a list", text('{"__metadata__":[]}', 0), "metadata"),
    ("metadata with a number", text('{"__metadata__":{"a":1}}', 0), "metadata"),
    ("metadata with half a surrogate", text('{"__metadata__":{"a":"\\ud800"}}', 0), "text"),
    ("too much metadata", text(CROWDED, 0), "keys"),
    ("an empty name", one(""), "name"),
    ("a name with NUL", one("a\0b"), "control"),
    ("a name with a bidirectional override", one("a\u202eb"), "control"),
    ("a name of 513 letters", one("a" * 513), "too long"),
    ("an entry that is a number", text('{"a":1}'), "malformed"),
    ("an entry without a shape", text('{"a":{"dtype":"F16","data_offsets":[0,8]}}'), "malformed"),
    ("an entry with more fields", one(extra=1), "malformed"),
    ("three offsets", one(offsets=(0, 4, 8)), "malformed"),
    ("a shape that is a text", entry_with('"22"'), "malformed"),
    ("a size that is a float", entry_with("[2.0,2]"), "malformed"),
    ("a size that is true", entry_with("[true,4]"), "malformed"),
    ("a negative size", one(shape=(-2, -2)), "negative"),
    ("a negative zero", one_offset("-0"), "negative"),
    ("a number type that is none", one(dtype="F17"), "unknown number type"),
    ("a number type in lower case", one(dtype="f16"), "unknown number type"),
    ("nine dimensions", one(shape=(2, 2, 1, 1, 1, 1, 1, 1, 1)), "9 dimensions"),
    ("a shape times zero", one(shape=(0, 2**62), offsets=(0, 0), body=0), "beyond belief"),
    ("a shape that overflows", one(shape=(2**33, 2**33), offsets=(0, 0), body=0), "beyond belief"),
    ("a shape larger than its bytes", one(shape=(2, 3)), "8 bytes"),
    ("offsets the wrong way round", one(offsets=(8, 0)), "-8 bytes"),
    ("half a byte", one(dtype="F4", shape=(3,), offsets=(0, 1), body=1), "1 bytes"),
    ("a hole at the start", one(offsets=(4, 12), body=12), "follow on"),
    ("bytes after the last tensor", one(body=9), "1 bytes follow"),
    ("a second file after the first", one(body=8) + one(body=8), "follow the last"),
    ("a byte missing", one(body=7), "1 bytes are missing"),
    (
        "tensors that overlap",
        text(json.dumps({"a": entry(), "b": entry(offsets=(4, 12))}), 12),
        "follow on",
    ),
    (
        "a hole between tensors",
        text(json.dumps({"a": entry(), "b": entry(offsets=(9, 17))}), 17),
        "follow on",
    ),
    (
        "tensors beyond counting",
        text(json.dumps({str(n): entry("U8", (0,), (0, 0)) for n in range(20_001)}), 0),
        "20,001",
    ),
]  # fmt: skip


class TestReadHeader:
    def test_returns_every_tensor_with_its_shape(self):
        header = header_of(files.kohya_lora("sdxl", rank=8))

        name = "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight"
        assert header.tensors[name].shape == (8, 2048)
        assert len(header.tensors) == 48

    def test_returns_the_metadata(self):
        assert header_of(files.kohya_lora(metadata={"ss_seed": "7"})).metadata == {"ss_seed": "7"}

    def test_knows_where_the_tensors_begin(self):
        file = files.kohya_lora()
        header = header_of(file)
        last = max(tensor.end for tensor in header.tensors.values())
        assert header.data_at + last == len(file.getvalue())

    def test_reads_the_same_from_the_json_alone(self):
        raw = files.kohya_lora().getvalue()
        length = int.from_bytes(raw[:8], "little")
        assert parse_header(raw[8 : 8 + length], file_size=len(raw)) == read(raw)

    def test_says_how_many_bytes_are_missing(self):
        raw = files.cut_short(files.kohya_lora(), by=1234).getvalue()
        with pytest.raises(Truncated, match="1,234 bytes are missing"):
            read(raw)

    def test_says_so_when_even_the_header_is_cut(self):
        raw = files.kohya_lora().getvalue()[:100]
        with pytest.raises(Truncated, match="cut short"):
            read(raw)

    def test_takes_padding_after_the_json(self):
        assert read(files.from_header(b'{"a":{' + SOUND.encode() + b"}}   ", bytes(8))).tensors

    @pytest.mark.parametrize(
        ("raw", "told"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE]
    )
    def test_refuses_in_a_sentence(self, raw, told):
        with pytest.raises((Malformed, EmptyFile), match=told) as refusal:
            read(raw)
        assert str(refusal.value).endswith(".")
        assert str(refusal.value).isprintable()


SMALL = one(body=8)


class TestAnyBytes:
    @given(st.binary(max_size=200))
    def test_are_answered_with_a_header_or_a_refusal(self, raw):
        with suppress(FormatError):
            read(raw)

    @given(st.binary(max_size=300))
    def test_of_a_header_likewise(self, raw):
        with suppress(FormatError):
            read(files.from_header(b"{" + raw))

    @given(st.integers(0, 200), st.integers(0, 255))
    def test_changed_in_one_place_likewise(self, place, value):
        raw = bytearray(SMALL)
        raw[place % len(raw)] = value
        with suppress(FormatError):
            read(bytes(raw))


# Headers that are nearly right, so that many pass.
NUMBERS = st.one_of(st.integers(0, 9), st.integers(-1, 2**64), st.just(value=True), st.floats())
SHAPES = st.lists(st.integers(0, 3), max_size=4)
ENTRIES = st.fixed_dictionaries(
    {"dtype": st.sampled_from(["F16", "U8", "F4", "F8_E8M0", "C64", "BOOL", "F6_E2M3", "X"])},
    optional={
        "shape": st.one_of(SHAPES, st.lists(NUMBERS, max_size=3)),
        "data_offsets": st.one_of(
            st.tuples(st.just(0), st.integers(0, 16)), st.lists(NUMBERS, max_size=3)
        ),
    },
)
HEADERS = st.dictionaries(
    st.one_of(st.sampled_from(["a", "b", "__metadata__"]), st.text(max_size=3)), ENTRIES, max_size=3
)


class TestAgainstTheLibrary:
    """What we accept, the safetensors library accepts, and reads the same table from."""

    def _compare(self, raw: bytes) -> bool:
        try:
            header = read(raw)
        except FormatError:
            return False
        theirs = dict(safetensors.deserialize(raw))
        assert theirs.keys() == header.tensors.keys()
        for name, tensor in header.tensors.items():
            assert (theirs[name]["dtype"], tuple(theirs[name]["shape"])) == (
                tensor.dtype,
                tensor.shape,
            )
            begin = header.data_at + tensor.begin
            assert bytes(theirs[name]["data"]) == raw[begin : header.data_at + tensor.end]
        return True

    @pytest.mark.parametrize("dtype", ["BF16", "F16", "F32", "F64", "F8_E4M3"])
    def test_on_sound_adapters(self, dtype):
        raw = files.kohya_lora("sd1", values=files.Values(dtype=dtype)).getvalue()
        assert self._compare(raw)

    @pytest.mark.parametrize(
        ("dtype", "bits"),
        list(DTYPE_BITS.items()),
    )  # fmt: skip
    def test_on_every_number_type(self, dtype, bits):
        assert self._compare(one(dtype=dtype, shape=(8,), offsets=(0, bits), body=bits))

    @settings(max_examples=400)
    @given(HEADERS, st.integers(0, 24))
    def test_on_headers_that_are_nearly_right(self, fields, body):
        self._compare(files.from_header(json.dumps(fields), bytes(body)))

    @settings(max_examples=400)
    @given(st.lists(st.tuples(st.integers(0, 120), st.integers(0, 255)), max_size=3))
    def test_on_files_changed_in_places(self, changes):
        raw = bytearray(SMALL)
        for place, value in changes:
            raw[place % len(raw)] = value
        self._compare(bytes(raw))

    @settings(max_examples=300)
    @given(st.sampled_from(["-0", "+1", "01", "1.0", "1e0", " 2", "2 ", "0x2", "2_0", "2"]))
    def test_on_ways_of_writing_a_number(self, number):
        self._compare(entry_with(f"[{number},2]"))
