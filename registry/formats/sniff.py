"""
Tell by the first bytes what a file is not, whatever its name says.

Pickled weights are refused here and nowhere looked into: opening a pickle runs it, and every
scanner of pickles has been got round. The rest of the table is kindness: who uploads a web page
that was saved instead of the file should be told so, and not that "the header is malformed".
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from registry.formats.errors import (
    BadName,
    EmptyFile,
    FormatError,
    OtherContent,
    Pickle,
)
from registry.formats.quoting import shown

SNIFFED_BYTES = 4096
MAX_FILE_NAME = 200
MAX_FILE_NAME_BYTES = 255
PICKLED_NAMES = (".bin", ".ckpt", ".pkl", ".pickle", ".pt", ".pth")
SAY_SAFETENSORS = "Save it as safetensors (save_model, or safe_serialization=True) and upload that."


class Kind(NamedTuple):
    """A kind of file that is refused: how it begins, and what its uploader is told."""

    begins: re.Pattern[bytes]
    error: type[FormatError]
    sentence: str


def _kind(begins: bytes, error: type[FormatError], sentence: str) -> Kind:
    return Kind(re.compile(begins, re.DOTALL | re.IGNORECASE), error, sentence)


_PICKLED = f"holds pickled weights, which can run code when they are opened. {SAY_SAFETENSORS}"

# Opcodes that may stand before a pickle's first class or container, each with its own first byte.
_SIMPLE = rb"([(N0]|S['\"][^\n]{0,200}\n|[FIL][^\n]{1,60}\n|p\d{1,6}\n)*"

# Tested in this order; a first match refuses.
KINDS = (
    _kind(rb"PK[\x03\x05\x07].{0,4000}?((data|bytecode|constants)\.pkl|/\.data/)", Pickle,
          _PICKLED),
    _kind(rb"\x80[\x00-\x08]", Pickle, _PICKLED),
    _kind(rb"\s*" + _SIMPLE + rb"([dl]p\d+\n|c[\w.]+\n[\w.]+\n|i[\w.]+\n[\w.]+\n|P\d+\n\.)", Pickle,
          _PICKLED),
    _kind(rb"\(.{0,200}?tq.|[\]})]q.", Pickle, _PICKLED),  # protocol 1
    _kind(rb"L119547037146038801333356L\n", Pickle, _PICKLED),  # torch's magic number, in words
    _kind(rb".{257}ustar|(?=.{100}[0-7]{6,7}[ \0]).{148}[0-7]{6}\0 ", Pickle,
          f"is a tar archive. {SAY_SAFETENSORS}"),
    _kind(rb"PK[\x03\x05\x07]", OtherContent, "is a ZIP archive. Upload the files that are in it."),
    _kind(rb"\x1f[\x8b\x9d]|BZh|\xfd7zXZ|7z\xbc\xaf|Rar!|\x28\xb5\x2f\xfd|\x04\x22M\x18|LZIP|"
          rb"\x5d\0\0.{2}\xff{8}|x[\x01\x9c\xda]|MSCF|!<arch>", OtherContent,
          "is a compressed archive. Upload the safetensors file that is in it."),
    _kind(rb"\s*(\xef\xbb\xbf\s*)?<(!doctype|html|head|\?xml|svg|script)", OtherContent,
          "is a web page, not weights. Perhaps the download that made it needed a sign-in."),
    _kind(rb"version https://git-lfs", OtherContent,
          "is a Git LFS pointer, not the file that it points to. Run `git lfs pull` first."),
    _kind(rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF.{4}WEBP|II\*\0|MM\0\*|.{4}ftyp(avif|heic|mif1)",
          OtherContent, "is a picture, not weights."),
    _kind(rb".{4}ftyp|\x1a\x45\xdf\xa3|RIFF.{4}AVI ", OtherContent, "is a video, not weights."),
    _kind(rb"RIFF.{4}WAVE|OggS|fLaC|ID3", OtherContent, "is a sound file, not weights."),
    _kind(rb"\x89HDF", OtherContent, "is HDF5. Adapters are taken as safetensors."),
    _kind(rb"\x93NUMPY", OtherContent, "is a NumPy array. Adapters are taken as safetensors."),
    _kind(rb"\x08[\x03-\x0d]\x12[\x01-\x40][\x20-\x7e]{3}", OtherContent,
          "is an ONNX model. Adapters are taken as safetensors."),
    _kind(rb".{4}TFL3", OtherContent, "is a TFLite model. Adapters are taken as safetensors."),
    _kind(rb"(lm|tj|al|fm)gg", OtherContent,
          "is GGML, the format that GGUF replaced. Convert it with llama.cpp and upload that."),
    _kind(rb"PAR1|ARROW1|SQLite format", OtherContent,
          "is a table of data or a database, not weights."),
    _kind(rb"\x7fELF|MZ|#!|<\?php|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe|\0asm|dex\n|"
          rb".{2}\r\n[\0-\x03]\0{3}", OtherContent, "is a program, not weights."),
    _kind(rb"%PDF", OtherContent, "is a PDF document, not weights."),
    _kind(rb"\s*[{\[]", OtherContent, "is JSON text, not weights. Upload the safetensors file."),
)  # fmt: skip


def refuse_by_content(first_bytes: bytes, *, name: str, size: int) -> None:
    """
    Refuse a file whose first bytes show that it is neither safetensors nor GGUF.

    What passes is not thereby sound: `read_header` decides that.

    :raises EmptyFile: if it has no bytes
    :raises Pickle: if it holds pickled weights, whatever its name
    :raises OtherContent: if it is a known kind of file that holds no adapter
    """
    if size == 0 or not first_bytes:
        raise EmptyFile(f"{name} is empty.")
    if _begins_as_safetensors(first_bytes) or first_bytes.startswith(b"GGUF"):
        return
    for kind in KINDS:
        if kind.begins.match(first_bytes[:SNIFFED_BYTES]):
            raise kind.error(f"{name} {kind.sentence}")
    if name.lower().endswith(PICKLED_NAMES):
        raise Pickle(f"{name} is not safetensors, and files of that name {_PICKLED}")


def _begins_as_safetensors(first_bytes: bytes) -> bool:
    # A length under 4 GiB, then a brace. A pickle of protocol 2 can begin with the very bytes of a
    # short length, but never goes on with zeros and a brace.
    return len(first_bytes) > 8 and first_bytes[4:9] == b"\0\0\0\0{"


# What some machine that an adapter is downloaded to makes more of than a name.
_ENCODED = re.compile(r"%(25)*(2f|5c|00|c0%(25)*a[ef])", re.IGNORECASE)
_DEVICES = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9\xb9\xb2\xb3])\s*(\.|$)", re.IGNORECASE)
_NOT_ON_WINDOWS = frozenset('<>:"|?*')
_LIKE_SLASHES = frozenset("\u2044\u2215\u29f8\u29f9\uff0f\uff3c\ufe68")


def clean_name(name: str) -> str:
    """
    Return the name of a file as we keep it, in one Unicode form.

    :raises BadName: if it is more than a name (a path), hides something, is too long, or is one
        that not every machine can keep
    """
    name = unicodedata.normalize("NFC", name).strip()
    if not name.strip(". "):
        raise BadName("The file has no name.")
    _refuse_length(name)
    if not {"/", "\\"}.isdisjoint(name):
        raise BadName(f"The file's name {shown(name)} holds a path. Give the name alone.")
    for character in name:
        _refuse_character(character, name=name)
    if encoded := _ENCODED.search(name):
        raise BadName(f"The file's name {shown(name)} holds the encoded path {encoded[0]}.")
    if _DEVICES.match(name):
        raise BadName(f"The file's name {shown(name)} is a device's on Windows. Rename the file.")
    if name.endswith("."):
        raise BadName(f"The file's name {shown(name)} ends in a dot, which Windows would drop.")
    return name


def _refuse_length(name: str) -> None:
    if len(name) > MAX_FILE_NAME:
        raise BadName(
            f"The file's name has {len(name):,} characters; {MAX_FILE_NAME} are the most it may "
            "have."
        )
    size = len(name.encode(errors="replace"))
    if size > MAX_FILE_NAME_BYTES:
        raise BadName(
            f"The file's name has {len(name)} characters in {size} bytes; {MAX_FILE_NAME_BYTES} "
            "bytes are the most that file systems keep."
        )


def _refuse_character(character: str, *, name: str) -> None:
    code = f"U+{ord(character):04X}"
    if character in _NOT_ON_WINDOWS:
        raise BadName(
            f"The file's name {shown(name)} holds {character} ({code}), which Windows keeps in no "
            "name. Rename the file."
        )
    if character in _LIKE_SLASHES:
        raise BadName(
            f"The file's name {shown(name)} holds {code}, which looks like a slash. Rename it."
        )
    # C: control, format (bidirectional overrides among them), surrogate, private, unassigned;
    # Zl and Zp: line and paragraph separators.
    category = unicodedata.category(character)
    if category.startswith("C") or category in {"Zl", "Zp"}:
        raise BadName(
            f"The file's name {shown(name)} holds the invisible character {code}. Rename the file."
        )
