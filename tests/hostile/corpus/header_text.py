"""Safetensors files wrong in their first eight bytes, in their JSON, or in a name."""

from __future__ import annotations

import json
import struct

from tests import files
from tests.hostile.case import Case, of_kind, refused
from tests.registry.formats.test_header import HOSTILE, SOUND, one, text


def _code(told: str) -> str:
    if told == "empty":
        return "file.empty"
    return "file.truncated" if "missing" in told or "cut short" in told else "file.header"


EARLIER = tuple(refused(name, raw, told, _code(told)) for name, raw, told in HOSTILE)

_SOUND = one()
_LENGTH = int.from_bytes(_SOUND[:8], "little")


def _length(length: int, rest: bytes = b"{}") -> bytes:
    return struct.pack("<Q", length) + rest


LENGTHS = (
    refused("seven bytes", b"\2\0\0\0\0\0\0", "7 bytes are too few"),
    refused("a length and nothing else", _length(2, b""), "8 bytes are too few"),
    refused("a length and one byte", _length(2, b"{"), "9 bytes are too few"),
    refused("a length of 2³²", _length(2**32), r"4,294,967,296 bytes"),
    refused("a length of 2⁶³", _length(2**63), r"9,223,372,036,854,775,808"),
    refused("a length of 100 MB, as the library takes", _length(100_000_000), "100,000,000 bytes"),
    refused("a length written the other way round", struct.pack(">Q", 2) + b"{}", "announce"),
    refused("a length in words", b"00000080{}" + bytes(80), "announce"),
    refused("a length one too short", _length(_LENGTH - 1, _SOUND[8:]), "not JSON"),
    refused("a length one too long", _length(_LENGTH + 1, _SOUND[8:] + b"\0"), "not JSON|UTF-8"),
    refused("the length of the whole file", _length(len(_SOUND), _SOUND[8:]), "cut short",
            "file.truncated"),
    refused("no length before the JSON", _SOUND[8:], "JSON text", "file.other"),
    refused("a length twice", _SOUND[:8] + _SOUND, "brace"),
)  # fmt: skip


def _json(header: bytes | str, body: int = 0) -> bytes:
    return files.from_header(header, bytes(body))


def _number(written: str) -> bytes:
    return _json(f'{{"a":{{"dtype":"F16","shape":[{written},2],"data_offsets":[0,8]}}}}', 8)


JSONS = (
    refused("infinity for a size", _number("Infinity"), "Infinity"),
    refused("negative infinity for a size", _number("-Infinity"), "-Infinity"),
    refused("a size in hexadecimal", _number("0x2"), "not JSON"),
    refused("a size with a plus", _number("+2"), "not JSON"),
    refused("a size with leading zeros", _number("02"), "not JSON"),
    refused("a size with an exponent", _number("2e0"), "“a” is malformed"),
    refused("a size beyond all numbers", _number("1e400"), "“a” is malformed"),
    refused("a size of a thousand digits", _number("9" * 1000), "“a” has a shape beyond belief"),
    refused("a size with a thousand's separator", _number("2_0"), "not JSON"),
    refused("a size in Arabic digits", _number("٢"), "not JSON"),
    refused("single quotes", _json("{'a':1}"), "not JSON"),
    refused("a comment", _json('{/*x*/"__metadata__":{}}'), "not JSON"),
    refused("truth as Python writes it", _json('{"a":True}'), "not JSON"),
    refused("a text without end", _json('{"a'), "not JSON"),
    refused("a NUL after the JSON", _json(b'{"__metadata__":{}}\0'), "not JSON"),
    refused("UTF-16", _json("{}".encode("utf-16-le")), "not JSON"),
    refused("overlong UTF-8", _json(b'{"\xc0\x80":1}'), "UTF-8"),
    refused("surrogates in UTF-8", _json(b'{"\xed\xa0\x80":1}'), "UTF-8"),
    refused("UTF-8 beyond Unicode", _json(b'{"\xf5\x80\x80\x80":1}'), "UTF-8"),
    refused("a text for a header", _json('"{}"'), "brace"),
    refused("a number for a header", _json("12"), "brace"),
    refused("null for a header", _json("null"), "brace"),
    refused("no tensors", _json("{}"), "no tensors", "file.no-adapter"),
    refused("nothing but metadata", _json('{"__metadata__":{"a":"b"}}'), "no tensors",
            "file.no-adapter"),
    refused("tables in tables, 50,000 deep", _json('{"a":' * 50_000 + "1" + "}" * 50_000),
            "nested|not JSON"),
    refused("a null for a tensor", _json('{"a":null}'), "“a” is malformed"),
    refused("a text for a tensor", _json('{"a":"dtype shape data_offsets"}'), "“a” is malformed"),
    refused("a list for a tensor", _json('{"a":["F16",[2,2],[0,8]]}', 8), "“a” is malformed"),
    refused("metadata that is null", _json('{"__metadata__":null}'), "metadata"),
    refused("metadata in metadata", _json('{"__metadata__":{"a":{"b":"c"}}}'), "metadata"),
    refused("a tensor called __metadata__", one("__metadata__"), "metadata"),
    refused("8 MiB of blanks", lambda: _json(b"{" + b" " * (8 << 20) + b"}"), "8,388,610 bytes"),
)  # fmt: skip


def _named(name: str) -> bytes:
    """Return a file of one tensor with this name, written as it is or else as an escape."""
    try:
        header = json.dumps({name: json.loads(f"{{{SOUND}}}")}, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        header = json.dumps({name: json.loads(f"{{{SOUND}}}")}).encode()
    return files.from_header(header, bytes(8))


_BAD = "is empty, too long, or holds control characters"
NAMES = (
    refused("a name twice, once in escapes", text(f'{{"a":{{{SOUND}}},"\\u0061":{{{SOUND}}}}}'),
            "“a” twice"),
    refused("a name twice among many", text("{" + ",".join(
        f'"{name}":{{{SOUND}}}' for name in ("b", "c", "d", "c")) + "}"), "“c” twice"),
    refused("a name with a tab", _named("a\tb"), _BAD),
    refused("a name with a line break", _named("a\nb"), _BAD),
    refused("a name with an escape sequence of terminals", _named("a\x1b[31mb"), _BAD),
    refused("a name with a delete character", _named("a\x7fb"), _BAD),
    refused("a name with a zero-width space", _named("a\u200bb"), _BAD),
    refused("a name with a zero-width joiner", _named("a\u200db"), _BAD),
    refused("a name with a byte order mark", _named("\ufeffa"), _BAD),
    refused("a name with a line separator", _named("a\u2028b"), _BAD),
    refused("a name with a right-to-left mark", _named("a\u200fb"), _BAD),
    refused("a name with an isolate", _named("a\u2066b\u2069"), _BAD),
    refused("a name with a soft hyphen", _named("a\u00adb"), _BAD),
    refused("a name of private characters", _named("a\ue000"), _BAD),
    refused("a name of tag characters", _named("a\U000e0041"), _BAD),
    refused("a name with a no-break space", _named("a\u00a0b"), _BAD),
    refused("a name that is half a surrogate", _named("a\ud800"), _BAD),
    refused("a name of 10 KB", _named("k" * 10_240), _BAD),
    refused("a name of 8 MB", lambda: _named("k" * (8_000_000)), _BAD),
    refused("a name of 600 control characters", _named("\1" * 600), _BAD),
    refused("a name that climbs", _named("../../etc/passwd"), "“../../etc/passwd”",
            "file.readable"),
    refused("a name that is a script", _named("<script>alert(1)</script>"), "“<script>",
            "file.no-adapter"),
    refused("a name that closes our quotes", _named("a” is fine. “b"), r"u201d", "file.readable"),
    refused("a name that is a blank", _named(" "), "“ ”", "file.readable"),
    refused("a name that is a template", _named("{{ settings.SECRET_KEY }}%s%n{0}"),
            "SECRET_KEY", "file.readable"),
)  # fmt: skip

CASES: tuple[Case, ...] = (
    *of_kind("header", EARLIER),
    *of_kind("length", LENGTHS),
    *of_kind("json", JSONS),
    *of_kind("name", NAMES),
)
