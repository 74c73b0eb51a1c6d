"""ZIP files, whole or made of choices: whatever is in them, an adapter's files or a refusal."""

from __future__ import annotations

import io
import struct
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from registry.formats.adapter import read_adapter
from registry.formats.errors import FormatError
from registry.formats.files import read_header
from registry.formats.folders import open_folder
from tests import files
from tests.fuzz.drawing import Draw
from tests.hostile.sentences import must_be_a_sentence

MOST = 1 << 20  # Bytes of a member that are looked at.
DICTIONARY = (
    b"PK\3\4", b"PK\1\2", b"PK\5\6", b"PK\6\6", b"PK\6\7", b"PK\7\x08", b"adapter_config.json",
    b"adapter_model.safetensors", b"data.pkl", b"../", b"\xff\xff\xff\xff", b"\x01\x00\x10\x00",
    struct.pack("<Q", 1 << 62), b"model_index.json", b"checkpoint-500/", b".gguf", b"\0" * 4,
)  # fmt: skip
NAMES = (
    "adapter_model.safetensors", "adapter_config.json", "README.md", "checkpoint-5/a.safetensors",
    "a-000004.safetensors", "a.gguf", "optimizer.pt", "model_index.json", "a.bin", "a/b/c/d/e.json",
    "high_noise.safetensors", "learned_embeds.safetensors", "tokenizer.json", ".x", "a.zip",
    "__MACOSX/a.safetensors", "a_step00000000500.safetensors", "x.safetensors.index.json",
)  # fmt: skip
_AT = Path(tempfile.mkdtemp(prefix="fuzzing-")) / "adapter.zip"
_WEIGHTS = files.safetensors({"lora_unet_x.lora_down.weight": files.tensor((2, 2))})


def seeds() -> Iterator[bytes]:
    for how in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        sound = {"adapter_model.safetensors": _WEIGHTS, "adapter_config.json": b'{"r": 4}'}
        yield b"\0" + _zip(sound | {"README.md": b"x"}, how)
        yield b"\0" + _zip({"checkpoint-5/a.safetensors": _WEIGHTS, "a.gguf": _WEIGHTS}, how)
    yield b"\0" + _WEIGHTS
    yield b"\1" + bytes(64)
    yield b"\1" + bytes(range(1, 200, 3))


def try_one(data: bytes) -> None:
    """Open one input, and read what weights are in it."""
    _AT.write_bytes(data[1:] if data[:1] == b"\0" else _made(Draw(data[1:])))
    try:
        folder = open_folder(_AT)
        assert folder.weights
        for member in folder.weights:
            if member.size <= MOST:
                with member.open() as file:
                    read_adapter(read_header(file, file_size=member.size), config=folder.config)
        for member in folder.others:
            assert member.kind
    except FormatError as error:
        must_be_a_sentence(str(error))


def _zip(members: dict[str, bytes], how: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, how)
    return file.getvalue()


def _made(draw: Draw) -> bytes:
    """Return a ZIP file of a few members, some of whose bytes are then written over."""
    members = {}
    for _ in range(draw.number(6)):
        name = draw.one_of(NAMES) if draw.number(4) else (draw.text() or "x")
        content = (_WEIGHTS, b'{"r": 4}', draw.text().encode(errors="replace"), bytes(5000))
        try:
            name.encode()
        except UnicodeEncodeError:
            continue
        members[name] = draw.one_of(content)
    how = draw.one_of((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    raw = bytearray(_zip(members, how))
    for _ in range(draw.number(4)):
        raw[-1 - draw.number(len(raw))] = draw.number(256)
    return bytes(raw)
