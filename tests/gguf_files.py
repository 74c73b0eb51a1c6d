"""GGUF bytes, made by hand: adapters as llama.cpp's converter writes them, and worse."""

from __future__ import annotations

import io
import math
import struct
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tests import files

F32, F16, Q8_0 = 0, 1, 8
U8, U32, FLOAT, BOOL, TEXT, ARRAY, U64 = 0, 4, 6, 7, 8, 9, 10
ALIGNMENT = 32
BYTES_OF = {F32: 4, F16: 2}
DTYPE_OF = {F32: "F32", F16: "F16"}
LLAMA = {"attn_q": (4096, 4096), "attn_v": (1024, 4096), "ffn_down": (4096, 14336)}
GPT2 = {"attn_qkv": (2304, 768), "ffn_up": (3072, 768)}


class Key(NamedTuple):
    """One key with its value, packed."""

    name: bytes
    kind: int
    value: bytes


class Entry(NamedTuple):
    """One row of the table of tensors; `sizes` in GGUF's order."""

    name: bytes
    sizes: Sequence[int]
    kind: int = F32
    at: int | None = None  # None: where it belongs


def text(value: str | bytes) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(raw)) + raw


def key(name: str, value: str | float | bool | int) -> Key:  # noqa: FBT001
    if isinstance(value, bool):
        return Key(name.encode(), BOOL, struct.pack("<?", value))
    if isinstance(value, int):
        return Key(name.encode(), U32, struct.pack("<I", value))
    if isinstance(value, float):
        return Key(name.encode(), FLOAT, struct.pack("<f", value))
    return Key(name.encode(), TEXT, text(value))


def array(name: str, kind: int, count: int, content: bytes) -> Key:
    return Key(name.encode(), ARRAY, struct.pack("<IQ", kind, count) + content)


SAYS_ADAPTER = (
    key("general.architecture", "llama"),
    key("general.type", "adapter"),
    key("adapter.type", "lora"),
    key("adapter.lora.alpha", 16.0),
)


def start(*, version: int = 3, tensors: int = 0, keys: int = 0, magic: bytes = b"GGUF") -> bytes:
    return magic + struct.pack("<IQQ", version, tensors, keys)


def packed(entry: Key) -> bytes:
    return text(entry.name) + struct.pack("<I", entry.kind) + entry.value


def row(entry: Entry, at: int) -> bytes:
    sizes = struct.pack(f"<{len(entry.sizes)}Q", *entry.sizes)
    where = at if entry.at is None else entry.at
    return (
        text(entry.name)
        + struct.pack("<I", len(entry.sizes))
        + sizes
        + struct.pack("<IQ", entry.kind, where)
    )


def padded(position: int, alignment: int = ALIGNMENT) -> int:
    return -(-position // alignment) * alignment


def build(
    keys: Sequence[Key] = SAYS_ADAPTER,
    tensors: Sequence[Entry] = (),
    *,
    version: int = 3,
    body: bytes | None = None,
    alignment: int = ALIGNMENT,
) -> bytes:
    """Return the file with just these keys and tensors, right or wrong."""
    head = start(version=version, tensors=len(tensors), keys=len(keys))
    head += b"".join(map(packed, keys))
    data = b""
    for entry in tensors:
        head += row(entry, len(data))
        if body is None:
            raw = _content(entry)
            data += raw + bytes(padded(len(raw), alignment) - len(raw))
    head += bytes(padded(len(head), alignment) - len(head))
    return head + (data if body is None else body)


def _content(entry: Entry) -> bytes:
    if entry.kind == Q8_0:
        return (struct.pack("<e", 0.01) + bytes(range(1, 33))) * (math.prod(entry.sizes) // 32)
    return files.tensor(tuple(entry.sizes), dtype=DTYPE_OF[entry.kind]).content


def lora(
    layers: Mapping[str, tuple[int, int]] = LLAMA,
    *,
    architecture: str = "llama",
    rank: int = 4,
    without: str = "",
    kind: int = F16,
) -> io.BytesIO:
    """Return the LoRA of a language model, less the tensors whose name holds `without`."""
    keys = [key("general.architecture", architecture), *SAYS_ADAPTER[1:]]
    entries = []
    for name, (outputs, inputs) in layers.items():
        root = name if name in {"token_embd", "output"} else f"blk.0.{name}"
        entries += [
            Entry(f"{root}.weight.lora_a".encode(), (inputs, rank), kind),
            Entry(f"{root}.weight.lora_b".encode(), (rank, outputs), kind),
        ]
    kept = [entry for entry in entries if not without or without.encode() not in entry.name]
    return files.named(build(keys, kept), "adapter.gguf")
