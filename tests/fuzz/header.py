"""
Safetensors headers: whatever the bytes, a header or a refusal in one sentence.

And what we accept, the library accepts and reads the same table from, byte for byte; and what is
read at once, the strict reader reads too.
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterator

import safetensors

from registry.formats import header_at_once, header_strictly
from registry.formats.errors import FormatError
from registry.formats.files import read_header
from registry.formats.header import LENGTH_BYTES, Header
from registry.formats.sniff import refuse_by_content
from registry.formats.tensors import DTYPE_BITS
from tests import files
from tests.fuzz.drawing import Draw
from tests.hostile.sentences import must_be_a_sentence

MOST_BODY = 1 << 16
DICTIONARY = (
    b'"dtype"', b'"shape"', b'"data_offsets"', b'"__metadata__"', b'"F16"', b'"F4"', b'"BF16"',
    b'"C64"', b'"F8_E4M3"', b'"F6_E2M3"', b"[0,8]", b"[2,2]", b"[0,0]", b"18446744073709551615",
    b"-0", b"1e0", b"1.0", b"NaN", b"Infinity", b"null", b"true", b"{}", b"\\u0000", b"\\ud800",
    b"\\u202e", b"\xed\xa0\x80", b'":{', b"},", b"[[[[", b"\xef\xbb\xbf", b"\\/", b"/**/",
)  # fmt: skip


def seeds() -> Iterator[bytes]:
    """Yield sound files, whole and as a bare header."""
    for raw in (
        files.safetensors({"a": files.tensor((2, 2)), "b": files.number(1.0)}),
        files.safetensors({"a": files.tensor((2, 2))}, {"ss_network_dim": "4"}),
        files.safetensors({f"l.{dtype}": files.tensor((2,), dtype=dtype) for dtype in
                           ("F64", "F32", "BF16", "I64", "U8", "F8_E4M3")}),
    ):  # fmt: skip
        length = int.from_bytes(raw[:8], "little")
        yield b"\0" + raw
        yield b"\1" + raw[8 : 8 + length]
    packed = {"a": {"dtype": "F4", "shape": [4], "data_offsets": [0, 2]},
              "b": {"dtype": "F6_E2M3", "shape": [4], "data_offsets": [2, 5]},
              "__metadata__": {"a": "b", "c": ""}}  # fmt: skip
    yield b"\1" + json.dumps(packed).encode()
    yield b"\2" + bytes(64)
    yield b"\2" + bytes(range(200))


def try_one(data: bytes) -> None:
    """Read one input: its first byte says if a file follows, a header, or choices to make one."""
    if data[:1] == b"\0":
        raw = data[1:]
    else:
        raw = _as_file(_nearly_right(Draw(data[1:])) if data[:1] == b"\2" else data[1:])
    must_read_alike(raw)
    try:
        refuse_by_content(raw[:4096], name="a.safetensors", size=len(raw))
        header = read_header(io.BytesIO(raw), file_size=len(raw))
    except FormatError as error:
        must_be_a_sentence(str(error))
        return
    if not raw.startswith(b"GGUF"):
        must_agree(header, raw)


def _nearly_right(draw: Draw) -> bytes:
    """Return the text of a header that is sound but for a few choices."""
    fields: dict[str, object] = {}
    end = 0
    while draw.left and len(fields) < 12:
        name = draw.name() if draw.number(4) else draw.one_of(("a", "b", "__metadata__"))
        dtype = draw.one_of((*DTYPE_BITS, "F17", "f16"))
        shape = [draw.number(5) for _ in range(draw.number(4))]
        begin, end = end, end + math.prod(shape) * DTYPE_BITS.get(dtype, 8) // 8
        entry: dict[str, object] = {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}
        spoil = draw.number(24)
        if spoil < 3:
            entry[("dtype", "shape", "data_offsets")[spoil]] = draw.value()
        elif spoil == 3:
            entry[draw.text()] = draw.value()
        elif spoil == 4:
            entry["data_offsets"] = [begin, end + draw.number(3) - 1]
        fields[name] = entry if spoil > 5 else draw.value(2)
    if draw.number(3) == 0:
        fields["__metadata__"] = {draw.text(): draw.text() for _ in range(draw.number(4))}
    return json.dumps(fields, ensure_ascii=bool(draw.number(2))).encode(errors="surrogatepass")


def _as_file(text: bytes) -> bytes:
    """Return the file of a header, with as long a body as it seems to ask for."""
    try:
        fields = json.loads(text)
        end = max(entry["data_offsets"][1] for name, entry in fields.items() if name[:2] != "__")
    except (ValueError, RecursionError, TypeError, KeyError, IndexError, AttributeError):
        end = 0
    body = end if isinstance(end, int) and 0 < end <= MOST_BODY else 0
    return files.from_header(text, bytes(range(256)) * (body // 256) + bytes(range(body % 256)))


def must_read_alike(raw: bytes) -> None:
    """Fail if the quick reader takes what the strict one does not, or reads something else."""
    header = raw[LENGTH_BYTES : LENGTH_BYTES + int.from_bytes(raw[:LENGTH_BYTES], "little")]
    body_size = len(raw) - LENGTH_BYTES - len(header)
    found = header_at_once.read(header, body_size=body_size)
    if found is not None:
        assert found == header_strictly.read(header, body_size=body_size, file_size=len(raw))


def must_agree(header: Header, raw: bytes) -> None:
    """Fail unless the library takes the file too, and reads the same names, types and bytes."""
    theirs = dict(safetensors.deserialize(raw))
    assert theirs.keys() == header.tensors.keys()
    for name, tensor in header.tensors.items():
        seen = theirs[name]
        assert (seen["dtype"], tuple(seen["shape"])) == (tensor.dtype, tensor.shape), name
        place = slice(header.data_at + tensor.begin, header.data_at + tensor.end)
        assert bytes(seen["data"]) == raw[place], name
