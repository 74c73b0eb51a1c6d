"""GGUF files: whatever the bytes, a header or a refusal; and the adapter that a header shows."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

from registry.formats.adapter import read_adapter
from registry.formats.errors import FormatError
from registry.formats.families import detect_family
from registry.formats.gguf import read_gguf
from tests import gguf_files
from tests.gguf_files import ARRAY, SAYS_ADAPTER, TEXT, U8, Entry, array, build, key, text
from tests.hostile.sentences import must_be_a_sentence

DICTIONARY = (
    b"GGUF", b"general.type", b"adapter", b"adapter.type", b"lora", b"general.alignment",
    b"adapter.lora.alpha", b".lora_a", b".lora_b", b"blk.0.attn_q.weight", b"\xff" * 8, b"\x7f",
    b"\0" * 8, struct.pack("<Q", 1 << 63), struct.pack("<Q", 1 << 40), struct.pack("<IQ", 9, 1),
    struct.pack("<IQ", 8, 2), struct.pack("<I", 6), struct.pack("<Q", 32), b"token_embd",
)  # fmt: skip


def seeds() -> Iterator[bytes]:
    pair = (Entry(b"blk.0.attn_q.weight.lora_a", (64, 4)),
            Entry(b"blk.0.attn_q.weight.lora_b", (4, 64)))  # fmt: skip
    yield build(tensors=pair)
    yield build(tensors=pair, version=2)
    yield build([*SAYS_ADAPTER, key("general.alignment", 64)], pair, alignment=64)
    nested = array("x", ARRAY, 1, struct.pack("<IQ", U8, 1) + b"\7")
    texts = array("tags", TEXT, 2, text("a") + text("b"))
    yield build([*SAYS_ADAPTER, nested, texts, key("yes", True)], pair)  # noqa: FBT003
    yield build()
    yield gguf_files.start(tensors=1, keys=1)


def try_one(data: bytes) -> None:
    """Read one input, and the adapter in it."""
    raw = data if data.startswith(b"GGUF") else b"GGUF" + data
    try:
        header = read_gguf(io.BytesIO(raw), file_size=len(raw))
        end = max((tensor.end for tensor in header.tensors.values()), default=0)
        assert header.data_at + end <= len(raw)
        detect_family(read_adapter(header))
    except FormatError as error:
        must_be_a_sentence(str(error))
