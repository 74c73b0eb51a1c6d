"""
What a file's header tells before any of its weights has travelled.

The upload page and scripts send the first bytes of a file; what is said here of them is said by the
same readers and the same checks that will judge the file once it is here.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from registry.errors import Invalid, UploadRefused
from registry.formats import gguf
from registry.formats.adapter import read_adapter
from registry.formats.errors import FormatError, Truncated
from registry.formats.header import LENGTH_BYTES, Header, header_length, parse_header, read_header
from registry.formats.sniff import clean_name, refuse_by_content
from registry.models import User
from registry.queries import bases, files
from registry.services import declaring, suggesting
from registry.verdicts.verdict import Seen, Verdict, sentence_of, verdict_of


@dataclass(frozen=True, slots=True)
class Inspection:
    """The verdict on a header, and whether the hub has the bytes that follow it."""

    verdict: Verdict
    known: bool = False  # the hub has the bytes: none need to be sent
    own_base: str = ""  # of a team of the person's: the slug of the base it names or alone fits

    @property
    def suggested_base(self) -> str:
        """The base to declare, a slug; "" where nothing tells."""
        found = self.verdict.identification
        if self.own_base:
            return self.own_base
        return found.candidates[0].base if found and found.candidates else ""


@dataclass(frozen=True, slots=True)
class Start:
    """The beginning of a file: the first bytes, or only the text of its header."""

    name: str
    size: int
    first_bytes: bytes = b""
    header: str = ""
    config: Mapping[str, Any] | None = None  # adapter_config.json, where there is one
    sha256: str = ""


def inspect(start: Start, *, base: str = "", by: User | None) -> Inspection:
    """
    Return what the beginning of a file tells, held against `base` where one is named.

    :raises UploadRefused: if it is no safetensors file, or holds no adapter
    :raises Invalid: if too little of the file was sent
    :raises NotFound: if no base goes by that name
    """
    declared_for = bases.named(base, by=by) if base else None
    try:
        name = clean_name(start.name)
        adapter = read_adapter(_header(start), config=start.config)
    except FormatError as error:
        raise UploadRefused(sentence_of(error, start.name), code=error.code) from error
    on = declaring.on_base(declared_for, adapter) if declared_for else None
    seen = verdict_of(adapter, Seen(name, start.size), base=on)
    own = suggesting.own_base(adapter, seen.identification, by=by)
    return Inspection(seen, known=_known(start, by), own_base=own.slug if own else "")


def _header(start: Start) -> Header:
    if start.header:
        return parse_header(start.header.encode(errors="replace"), file_size=start.size)
    refuse_by_content(start.first_bytes, name=start.name, size=start.size)
    if start.first_bytes.startswith(gguf.MAGIC):
        return _gguf_header(start)
    first = start.first_bytes[:LENGTH_BYTES]
    needed = LENGTH_BYTES + header_length(first, file_size=start.size)
    if len(start.first_bytes) < min(needed, start.size):
        raise Invalid(
            f"The header of {start.name} takes the first {needed:,} bytes and only "
            f"{len(start.first_bytes):,} were sent: send them all.",
            code="header-incomplete",
        )
    return read_header(io.BytesIO(start.first_bytes), file_size=start.size)


def _gguf_header(start: Start) -> Header:
    """Return the header of a GGUF file, whose length nobody knows before it is read."""
    try:
        return gguf.read_gguf(io.BytesIO(start.first_bytes), file_size=start.size)
    except Truncated as error:
        if len(start.first_bytes) == start.size:
            raise
        raise Invalid(
            f"The header of {start.name} goes on after the {len(start.first_bytes):,} bytes that "
            "were sent: send more.",
            code="header-incomplete",
        ) from error


def _known(start: Start, by: User | None) -> bool:
    if by is None or not start.sha256:
        return False
    return files.may_reuse(start.sha256, size=start.size, by=by)
