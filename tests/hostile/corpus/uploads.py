"""ZIP files of an adapter's folder: broken, booby-trapped, or with too much or too little in."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable, Mapping

from tests import files
from tests.hostile.case import Case, accepted, of_kind, refused
from tests.hostile.corpus.archives import CALLS, EMPTY_DICT, bomb

WEIGHTS = files.peft_lora("llama").getvalue()
CONFIG = json.dumps(files.peft_config("llama")).encode()
SOUND = {"adapter_model.safetensors": WEIGHTS, "adapter_config.json": CONFIG}
OPTIMIZER = {"optimizer.pt": EMPTY_DICT, "rng_state.pth": EMPTY_DICT, "training_args.bin": CALLS}
Spoil = Callable[[bytearray], None]


def packed(
    members: Mapping[str, bytes], *, spoil: Spoil | None = None, mode: int = 0, how: int = 0
) -> bytes:
    """Return a ZIP of these files, each of a file mode, some of its bytes then changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            archive.writestr(entry, content, how or zipfile.ZIP_STORED)
    raw = bytearray(file.getvalue())
    if spoil:
        spoil(raw)
    return bytes(raw)


def _with(**more: bytes) -> bytes:
    return packed(SOUND | more)


def _also(name: str, content: bytes = b"x") -> bytes:
    return packed(SOUND | {name: content})


def _in_table(offset: int, new: bytes) -> Spoil:
    """Return a way to write over the first row of the table, `offset` bytes into it."""

    def spoil(raw: bytearray) -> None:
        at = raw.index(b"PK\1\2") + offset
        raw[at : at + len(new)] = new

    return spoil


def _renamed(old: bytes, new: bytes) -> Spoil:
    def spoil(raw: bytearray) -> None:
        raw[:] = raw.replace(old, new)

    return spoil


def _flipped(raw: bytearray) -> None:
    raw[1000] ^= 1


_ARCHIVE, _PICKLE, _OTHER, _NO = "file.archive", "file.pickle", "file.other", "file.no-adapter"
PATHS = tuple(
    refused(f"a file by {what}", _also(name), told, code)
    for what, name, told, code in (
        ("a path that climbs", "../../etc/cron.d/x", "“../../etc/cron.d/x”", _ARCHIVE),
        ("an absolute path", "/etc/passwd", "“/etc/passwd”", _ARCHIVE),
        ("a drive", "C:/x.txt", "“C:/x.txt”", _ARCHIVE),
        ("a path that climbs inside", "a/../../x", "“a/../../x”", _ARCHIVE),
        ("a path of one dot", "a/./x", "“a/./x”", _ARCHIVE),
        ("a path with a hole", "a//x", "“a//x”", _ARCHIVE),
        ("a path twenty deep", "a/" * 20 + "x", "too deep", _ARCHIVE),
        ("a name turned round", "a\u202egpj.exe", "U.202E", "file.name"),
        ("a name with a line break", "a\nb", "U.000A", "file.name"),
        ("a device's name", "aux.txt", "“aux.txt”", "file.name"),
        ("an encoded path", "..%2f..%2fx", "%2f", "file.name"),
        ("a script's name", "<script>alert(1)", "“<script>alert", "file.name"),
        ("a name of 300 letters", "x" * 300, "300 characters", "file.name"),
    )
)
INSIDES = (
    refused("a pickle beside the weights", _also("pytorch_model.bin", CALLS),
            "“pytorch_model.bin”", _PICKLE),
    refused("a checkpoint beside the weights", _also("model.ckpt", EMPTY_DICT), "“model.ckpt”",
            _PICKLE),
    refused("torch's data.pkl", _also("archive/data.pkl", EMPTY_DICT), "pickled weights", _PICKLE),
    refused("a pickle for weights", packed({"adapter_model.safetensors": EMPTY_DICT}),
            "pickled weights", _PICKLE),
    refused("a web page for weights", packed({"a.safetensors": b"<!DOCTYPE html>"}), "web page",
            _OTHER),
    refused("a ZIP in the ZIP", _also("more.zip", b"PK"), "“more.zip”", _OTHER),
    refused("a tar in the ZIP", _also("more.tar.gz"), "“more.tar.gz”", _OTHER),
    refused("a whole model", _also("model_index.json", b"{}"), "“model_index.json”", _NO),
    refused("a model in parts", packed({"model-00001-of-00002.safetensors": WEIGHTS}),
            "several parts", _OTHER),
    refused("nothing", packed({}), "no weights", _NO),
    refused("no weights", packed({"README.md": b"x"}), "no weights", _NO),
    refused("empty weights", packed({"a.safetensors": b""}), "empty", "file.empty"),
    refused("weights that are cut short", packed({"a.safetensors": WEIGHTS[:-9]}), "9 bytes",
            "file.truncated"),
    refused("a configuration that is none", packed(SOUND | {"adapter_config.json": b"[]"}),
            "“adapter_config.json” is not a JSON object", "file.config"),
    refused("a configuration of 2 MiB", packed(SOUND | {"adapter_config.json": b" " * (2 << 20)}),
            "2,097,152 bytes", "file.config"),
    refused("2,000 files", packed(SOUND | {f"{n}.txt": b"" for n in range(2000)}), "2,002 files",
            _ARCHIVE),
    refused("one name in two cases", _also("ADAPTER_CONFIG.json", CONFIG), "twice", _ARCHIVE),
    refused("a link", packed(SOUND, mode=0o120777), "a link or a device", _ARCHIVE),
    refused("a device", packed(SOUND, mode=0o060666), "a link or a device", _ARCHIVE),
    refused("a bomb", bomb, "no weights", _NO),
    refused("a bomb for weights", packed({"a.safetensors": bytes(64 << 20)},
            how=zipfile.ZIP_DEFLATED), "67,108,864 bytes", _ARCHIVE),
    accepted("the states of an optimizer, which nobody opens", packed(SOUND | OPTIMIZER)),
    accepted("what macOS leaves behind", _also("__MACOSX/._adapter_model.safetensors", EMPTY_DICT)),
)  # fmt: skip
TABLES = (
    refused("a name with a NUL", packed(SOUND | {"axb.txt": b""},
            spoil=_renamed(b"axb.txt", b"a\0b.txt")), r"x00b.txt", _ARCHIVE),
    refused("a name with a backslash", packed(SOUND | {"axb.txt": b""},
            spoil=_renamed(b"axb.txt", b"a\\b.txt")), "b.txt", _ARCHIVE),
    refused("a file without a name", packed(SOUND, spoil=_in_table(28, b"\0\0")), "broken|leads",
            _ARCHIVE),
    refused("an encrypted file", packed(SOUND, spoil=_in_table(8, b"\1\0")), "encrypted", _OTHER),
    refused("a packing that nobody knows", packed(SOUND, spoil=_in_table(10, b"\x63\0")),
            "packs “adapter_model.safetensors” in a way", _ARCHIVE),
    refused("a size of 4 GB", packed(SOUND, spoil=_in_table(24, b"\xfe\xff\xff\xff")),
            "4,294,967,294", _ARCHIVE),
    refused("a place beyond the end", packed(SOUND, spoil=_in_table(42, b"\xff\xff\xff\x7f")),
            "cut short|two files|broken", _ARCHIVE),
    refused("a checksum that is wrong", packed(SOUND, spoil=_flipped), "cannot be unpacked",
            _ARCHIVE),
    refused("half of it", packed(SOUND)[: len(WEIGHTS) // 2], "broken", _ARCHIVE),
    refused("the end of its table alone", packed(SOUND)[-150:], "no weights", _NO),
    refused("a table of 4 GB", packed(SOUND)[:-22] + struct.pack(
            "<4s4H2LH", b"PK\5\6", 0, 0, 2, 2, 0xFFFFFFF0, 0, 0), "broken", _ARCHIVE),
    refused("65,535 files, announced", packed(SOUND)[:-22] + struct.pack(
            "<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, 0, 0, 0), "no weights|broken",
            "file.no-adapter"),
)  # fmt: skip

CASES: tuple[Case, ...] = of_kind(
    "upload",
    (*PATHS, *INSIDES, *TABLES),
    folder=True,
    file_name="adapter.zip",
    base="llama-3-1-8b",
)
