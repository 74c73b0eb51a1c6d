"""Names of files: paths, disguises, names that some machine cannot keep. The bytes are sound."""

from __future__ import annotations

import re

from tests.hostile.case import ACCEPTED, REFUSED, Case, of_kind
from tests.hostile.corpus.content import lora

_SOUND = lora()


def no(name: str, file_name: str, told: str) -> Case:
    return Case(name, _SOUND, re.escape(told), "file.name", REFUSED, file_name)


def yes(name: str, file_name: str) -> Case:
    return Case(name, _SOUND, "", "", ACCEPTED, file_name)


PATHS = (
    no("a path that climbs", "../../etc/passwd", "holds a path"),
    no("a path of Windows that climbs", "..\\..\\windows\\win.ini", "holds a path"),
    no("an absolute path", "/etc/passwd", "“/etc/passwd” holds a path"),
    no("a drive", "C:\\a.safetensors", "holds a path"),
    no("a share", "\\\\server\\share\\a.safetensors", "holds a path"),
    no("a folder", "loras/a.safetensors", "“loras/a.safetensors” holds a path"),
    no("a path that climbs out of a folder", "a/../../b.safetensors", "holds a path"),
    no("a path that ends in nothing", "a.safetensors/", "holds a path"),
    no("an address", "https://example.com/a.safetensors", "holds a path"),
    no("an encoded path", "%2e%2e%2fetc%2fpasswd", "%2f"),
    no("an encoded path of capitals", "..%2Fa.safetensors", "%2F"),
    no("an encoded path of Windows", "..%5ca.safetensors", "%5c"),
    no("a path encoded twice", "%252e%252e%252fpasswd", "%252f"),
    no("a path encoded four times", "..%2525252fpasswd", "%2525252f"),
    no("an encoded NUL", "a.safetensors%00.png", "%00"),
    no("a path in overlong UTF-8, encoded", "..%c0%afpasswd", "%c0%af"),
    no("a slash that is a fraction's", "..\u2044..\u2044etc", "U+2044"),
    no("a slash that is a division's", "..\u2215etc", "U+2215"),
    no("a fullwidth slash", "..\uff0fetc", "U+FF0F"),
    no("a fullwidth backslash", "..\uff3cetc", "U+FF3C"),
    no("a big slash", "..\u29f8etc", "U+29F8"),
    no("one dot", ".", "no name"),
    no("two dots", "..", "no name"),
    no("dots and blanks", ". . .", "no name"),
    no("nothing", "", "no name"),
    no("blanks", "   ", "no name"),
)
INVISIBLE = tuple(
    no(f"a name with {what}", f"ink{character}.safetensors", f"U+{ord(character):04X}")
    for what, character in (
        ("NUL", "\0"), ("a line break", "\n"), ("a return", "\r"), ("a tab", "\t"),
        ("an escape", "\x1b"), ("a delete character", "\x7f"), ("a next line", "\x85"),
        ("text turned round", "\u202e"), ("text turned the other way", "\u202d"),
        ("an embedding", "\u202b"), ("an isolate", "\u2066"), ("a right-to-left mark", "\u200f"),
        ("an Arabic letter mark", "\u061c"), ("a zero-width space", "\u200b"),
        ("a zero-width joiner", "\u200d"), ("a word joiner", "\u2060"), ("a soft hyphen", "\xad"),
        ("a byte order mark", "\ufeff"), ("a line separator", "\u2028"),
        ("a paragraph separator", "\u2029"), ("half a surrogate", "\ud800"),
        ("a private character", "\ue000"), ("a character not given out", "\u0378"),
        ("a tag character", "\U000e0041"), ("an annotation", "\ufff9"),
        ("a character that is none", "\uffff"),
    )
)  # fmt: skip
MACHINES = (
    no("a device of Windows", "CON", "“CON”"),
    no("a device of Windows with an ending", "nul.safetensors", "Windows"),
    no("a port of Windows", "COM1.safetensors", "Windows"),
    no("a printer of Windows with two endings", "lpt9.tar.safetensors", "Windows"),
    no("a port of Windows with a small number", "com\xb9.safetensors", "Windows"),
    no("a device of Windows and a blank", "aux .safetensors", "Windows"),
    no("a hidden stream of Windows", "a.safetensors:evil.exe", "U+003A"),
    no("a pipe", "a|id.safetensors", "|"),
    no("a wildcard", "*.safetensors", "*"),
    no("a question mark", "a?.safetensors", "?"),
    no("quotes", 'a".safetensors', '"'),
    no("a script", "<script>alert(1)<script>.safetensors", "<"),
    no("a picture that is a script", "<img src=x onerror=alert(1)>.safetensors", "<"),
    no("a dot at the end", "a.safetensors.", "ends in a dot"),
    no("dots at the end", "a.safetensors...", "ends in a dot"),
    no("201 letters", "a" * 201, "201 characters"),
    no("10,000 letters", "k" * 10_240, "10,240 characters"),
    no("a million letters", "k" * 1_000_000, "1,000,000 characters"),
    no("200 letters of four bytes", "\U0001f3a8" * 200, "bytes"),
    no("a letter with 150 marks", "a" + "\u0335" * 150 + ".safetensors", "bytes"),
)
HARMLESS = (
    yes("a semicolon", "a;rm -rf ~.safetensors"),
    yes("a percent sign", "Ink (v2), 50%.safetensors"),
    yes("an encoded blank", "ink%20wash.safetensors"),
    yes("a dollar", "$(id)`id`.safetensors"),
    yes("a hyphen before it", "-rf.safetensors"),
    yes("a tilde", "~root.safetensors"),
    yes("a dot before it", ".safetensors"),
    yes("a device of Windows inside", "console.safetensors"),
    yes("SQL", "'; DROP TABLE adapters; --.safetensors"),
    yes("a template", "{{7+7}}${7+7}{% debug %}.safetensors"),
    yes("a format string", "%s%n%x.safetensors"),
    yes("homoglyphs", "\u0430d\u0430pter.safetensors"),
    yes("an emoji", "\U0001f3a8.safetensors"),
    yes("an emoji in colour", "\u2764\ufe0f.safetensors"),
    yes("Chinese", "水墨.safetensors"),
    yes("letters and marks apart", "e\u0301.safetensors"),
    yes("Arabic", "حبر.safetensors"),
    yes("blanks around it", "  ink.safetensors "),
    yes("200 letters", "a" * 200),
    yes("two endings", "a.safetensors.safetensors"),
    yes("a comma and an equals sign", "a,b=c.safetensors"),
)

CASES: tuple[Case, ...] = (
    *of_kind("path in a name", PATHS),
    *of_kind("invisible in a name", INVISIBLE),
    *of_kind("name for some machines", MACHINES),
    *of_kind("harmless name", HARMLESS),
)
