"""
What a file's header tells before any of its weights has travelled.

The upload page and scripts send the first bytes of a file; what is said here of them is said by the
same readers and the same checks that will judge the file once it is here.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry.bases import catalogue
from registry.bases.claims import claims
from registry.bases.fit import Fit, best_fits
from registry.checks.outcome import Result, judge
from registry.checks.table import HEADER_CHECKS
from registry.errors import Invalid, UploadRefused
from registry.formats import gguf
from registry.formats.adapter import AdapterFile, read_adapter
from registry.formats.errors import FormatError, Truncated
from registry.formats.families import Detection, Family, detect_family
from registry.formats.header import LENGTH_BYTES, Header, header_length, parse_header, read_header
from registry.formats.sniff import clean_name, refuse_by_content
from registry.formats.training import TrainingFacts, read_training
from registry.models import BaseModel, User
from registry.queries import bases, files
from registry.services import declaring


@dataclass(frozen=True, slots=True)
class Inspection:
    """What is seen in a header, and what the checks say of it on the declared base."""

    name: str
    adapter: AdapterFile
    detection: Detection
    training: TrainingFacts
    fits: tuple[str, ...]  # slugs of the bases that all of the file fits
    suggested_base: str  # a slug, "" where nothing tells
    base: BaseModel | None = None
    fit: Fit | None = None
    results: Sequence[Result] = ()
    known: bool = False  # the hub has the bytes: none need to be sent


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
    declared_for = bases.named(base) if base else None
    try:
        name = clean_name(start.name)
        adapter = read_adapter(_header(start), config=start.config)
    except FormatError as error:
        raise UploadRefused(_sentence(error, start.name), code=error.code) from error
    training = read_training(adapter.metadata, config=start.config)
    whole = best_fits(adapter, catalogue.manifests())
    facts = declaring.describe(adapter, base=declared_for, fits=whole) if declared_for else None
    detection = facts.detection if facts else detect_family(adapter)
    fits = tuple(one.base for one in whole)
    return Inspection(
        name=name,
        adapter=adapter,
        detection=detection,
        training=training,
        fits=fits,
        suggested_base=_suggest(detection, adapter, fits),
        base=declared_for,
        fit=facts.fit if facts else None,
        results=tuple(judge(facts, HEADER_CHECKS)) if facts else (),
        known=_known(start, by),
    )


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


def _sentence(error: FormatError, name: str) -> str:
    sentence = str(error)
    return sentence if name in sentence else f"{name}: {sentence}"


def _suggest(detection: Detection, adapter: AdapterFile, fits: tuple[str, ...]) -> str:
    """Return the base that the file is most likely for: as it claims, where its layers agree."""
    claimed = [claim.base for claim in claims(adapter) if claim.base]
    # A child's name says more than its parent's, which trainers write for all the children.
    for base in sorted(claimed, key=lambda base: not base.parent):
        if base.slug in fits or base.parent in fits:
            return base.slug
    if len(fits) == 1:
        return fits[0]
    if detection.family is Family.UNKNOWN:
        return ""
    of_family = [one.slug for one in catalogue.entries() if one.family == detection.family]
    return next((slug for slug in of_family if slug in fits), of_family[0] if of_family else "")


def _known(start: Start, by: User | None) -> bool:
    if by is None or not start.sha256:
        return False
    return files.may_reuse(start.sha256, size=start.size, by=by)
