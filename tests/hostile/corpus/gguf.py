"""GGUF files that are broken, or hold a bad adapter, another base's, or none."""

from __future__ import annotations

import struct

from tests import gguf_files
from tests.gguf_files import (
    BOOL,
    F16,
    FLOAT,
    Q8_0,
    SAYS_ADAPTER,
    TEXT,
    U8,
    Entry,
    Key,
    array,
    build,
    key,
    text,
)
from tests.hostile.case import Case, accepted, of_kind, refused, warned
from tests.registry.formats.test_gguf import REFUSED, SOUND

LLAMA = gguf_files.lora().getvalue()
GGUF = "adapter.gguf"


def _code(told: str) -> str:
    return "file.truncated" if "missing" in told else "file.header"


BROKEN = tuple(refused(name, raw, told, _code(told)) for name, raw, told in REFUSED)
MORE = (
    refused("a key in capital letters of magic", b"gguf" + SOUND[4:], "announce"),
    refused("the magic and nothing of a number", b"GGUF\3\0", "missing", "file.truncated"),
    refused("a key that is a script", build([*SAYS_ADAPTER, Key(b"<script>alert(1)</script>", 99,
            b"")]), "“<script>alert"),
    refused("a key of 250 control characters", build([Key(b"\1" * 250, U8, b"\1")]), "control"),
    refused("a tensor that is a script", build(SAYS_ADAPTER, [Entry(b"<img onerror=x>", ())]),
            "“<img onerror=x>” has 0 dimensions"),
    refused("4,294,967,295 dimensions", gguf_files.start(tensors=1) + text("a") + b"\xff" * 40,
            "“a” has 4,294,967,295 dimensions"),
    refused("a list of a text without end", build([*SAYS_ADAPTER, array("x", TEXT, 1,
            struct.pack("<Q", 2**62))]), "4,611,686,018,427,387,904"),
    refused("an alignment of NaN", build([*SAYS_ADAPTER, key("general.alignment", float("nan"))]),
            "alignment"),
    refused("an alignment of a list", build([*SAYS_ADAPTER, array("general.alignment", U8, 1,
            b"\x20")]), "alignment"),
    refused("an alignment in other digits", build([*SAYS_ADAPTER, key("general.alignment", "٣٢")]),
            "alignment"),
    refused("GGUF in GGUF", SOUND + LLAMA, "follow the last"),
    refused("GGUF, then a ZIP", SOUND + b"PK\x05\x06" + bytes(30), "follow the last"),
    refused("GGUF, then a pickle in its padding", SOUND + b"\x80\x02}q\x00.", "follow the last"),
)  # fmt: skip

_ROOT = "blk.0.attn_q.weight.lora_"


def _lora(
    *keys: Key, kind: int = F16, body: bytes | None = None, **sizes: tuple[int, int]
) -> bytes:
    """Return one layer of Llama 3.1's; `a` and `b` are the sizes of its halves."""
    shapes = {"a": (4096, 4), "b": (4, 4096)} | sizes
    entries = [Entry(f"{_ROOT}{half}".encode(), size, kind) for half, size in shapes.items()]
    if body is not None:  # The halves are equally large, as they are in all that give a body.
        entries[1] = entries[1]._replace(at=len(body) // 2)
    return build(keys or SAYS_ADAPTER, entries, body=body)


def _alpha(value: bytes, kind: int) -> tuple[Key, ...]:
    return (*SAYS_ADAPTER[:3], Key(b"adapter.lora.alpha", kind, value))


ADAPTERS = (
    refused("a whole model", build([key("general.architecture", "llama"),
            key("general.type", "model")]), "“model”, not an adapter", "file.no-adapter"),
    refused("a model of a type that is a script", build([key("general.type", "<b>x</b>")]),
            "“<b>x</b>”", "file.no-adapter"),
    refused("a type of a million letters", build([key("general.type", "x" * 1_000_000)]),
            "not an adapter", "file.no-adapter"),
    refused("a type that is a number", build([key("general.type", 7)]), "“7”", "file.no-adapter"),
    refused("no word of an adapter", build([key("general.architecture", "llama")],
            [Entry(b"a", (2, 2))]), "adapter.type is missing", "file.no-adapter"),
    refused("a control vector", build([*SAYS_ADAPTER[:2], key("adapter.type", "control_vector")],
            [Entry(b"direction.1", (8,))]), "“control_vector”", "file.no-adapter"),
    refused("no tensors", build(), "no tensors", "file.no-adapter"),
    refused("an alpha that is NaN", _lora(*_alpha(struct.pack("<f", float("nan")), FLOAT)),
            "adapter.lora.alpha", "file.header"),
    refused("an alpha that is infinite", _lora(*_alpha(struct.pack("<f", float("inf")), FLOAT)),
            "adapter.lora.alpha", "file.header"),
    refused("an alpha in words", _lora(*_alpha(text("much"), TEXT)), "adapter.lora.alpha",
            "file.header"),
    refused("an alpha beyond all numbers", _lora(*_alpha(text("9" * 400), TEXT)),
            "adapter.lora.alpha", "file.header"),
    refused("an alpha that is true", _lora(*_alpha(b"\1", BOOL)), "adapter.lora.alpha",
            "file.header"),
    refused("NaN among the numbers", _lora(body=b"\0\x7e" * 4096 * 8), "not a number",
            "values.finite"),
    refused("infinity in blocks of numbers", _lora(kind=Q8_0, a=(4096, 32), b=(32, 4096),
            body=(b"\0\x7c" + b"\1" * 32) * 2 * 4096), "infinite", "values.finite"),
    refused("all zero", _lora(body=bytes(4096 * 16)), "changes nothing", "values.nonzero"),
    refused("a half missing", gguf_files.lora(without="attn_q.weight.lora_b").getvalue(),
            "attn_q lacks its up", "pairs.complete"),
    refused("ranks that disagree", _lora(b=(8, 4096)), "blk.0.attn_q, down", "pairs.rank"),
    refused("an adapter of GPT-2", gguf_files.lora(gguf_files.GPT2, architecture="gpt2")
            .getvalue(), "not Llama", "base.matches"),
    refused("a layer of another width", _lora(a=(4097, 4)), "4097", "shapes.match"),
    refused("an architecture that is a script", gguf_files.lora(
            architecture="<script>alert(1)</script>").getvalue(), "", "layers.known"),
    warned("a tensor of no layer", build(SAYS_ADAPTER, [
            Entry(f"{_ROOT}a".encode(), (4096, 4), F16),
            Entry(f"{_ROOT}b".encode(), (4, 4096), F16), Entry(b"junk", (4,))]),
           "the first: junk", "tensors.used"),
    accepted("an alpha of 0", _lora(*_alpha(struct.pack("<f", 0.0), FLOAT))),
    accepted("scripts among the keys", _lora(*SAYS_ADAPTER, key("general.name",
             "<script>alert(1)</script>"), key("general.url", "javascript:alert(1)"))),
    accepted("a million numbers in a key", _lora(*SAYS_ADAPTER, array("x", U8, 1_000_000,
             bytes(1_000_000)))),
    accepted("a text of 7 MB", _lora(*SAYS_ADAPTER, key("general.description", "x" * 7_000_000))),
)  # fmt: skip

CASES: tuple[Case, ...] = of_kind(
    "GGUF", (*BROKEN, *MORE, *ADAPTERS), base="llama-3-1-8b", file_name=GGUF
)
