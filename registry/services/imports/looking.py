"""What is seen of an offer before anything of it is fetched: its header, its digest, its base."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from registry.errors import Invalid, SourceDown, SourceRefused
from registry.formats import configs, gguf
from registry.formats.errors import FormatError
from registry.formats.header import LENGTH_BYTES, header_length
from registry.imports import headers
from registry.imports.offers import CONFIG, Offer, OfferedFile
from registry.imports.saying import Statement
from registry.imports.sources.source import Source
from registry.models import User
from registry.services import inspection
from registry.services.inspection import Inspection, Start

CHUNK = 1 << 20
OF_GGUF = 16 << 20  # whose header ends nobody knows where


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of an offer's weights."""

    sha256: str = ""
    seen: dict[str, Any] = field(default_factory=dict)
    statement: Statement | None = None  # the header's
    refusal: str = ""


def look(offer: Offer, source: Source, *, by: User, check: Callable[[], None]) -> Look:
    """
    Return what is seen of an offer: `check` is called now and then, and may raise to stop it.

    :raises SourceDown: if the source does not answer
    """
    try:
        first = _first_bytes(offer.weights, source)
        sha256 = _digest(offer.weights, source, check) if source.is_near else offer.weights.sha256
        if not first:
            return Look(sha256)
        start = Start(
            offer.weights.name,
            offer.weights.size,
            first_bytes=first,
            config=_config(offer, source),
            sha256=sha256,
        )
        found = inspection.inspect(start, by=by)
    except SourceDown:
        raise
    except (Invalid, FormatError) as refusal:
        return Look(refusal=str(refusal))
    adapter = found.verdict.adapter
    said = headers.read(adapter.metadata) if adapter else {}
    return Look(sha256, _seen(found), Statement("the file's header", said))


def _first_bytes(file: OfferedFile, source: Source) -> bytes:
    """Return the header of the file; b"" where its source gives no part of it."""
    if not file.size:
        return b""
    start = source.start(file.place, LENGTH_BYTES)
    if not start:
        return b""
    if start.startswith(gguf.MAGIC):
        return source.start(file.place, OF_GGUF)
    needed = LENGTH_BYTES + header_length(start, file_size=file.size)
    return source.start(file.place, min(needed, file.size))


def _digest(file: OfferedFile, source: Source, check: Callable[[], None]) -> str:
    digest = hashlib.sha256()
    with source.open(file.place) as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            check()
    return digest.hexdigest()


def _config(offer: Offer, source: Source) -> dict[str, Any] | None:
    file = next((each for each in offer.files if each.role == CONFIG), None)
    if file is None:
        return None
    content = source.start(file.place, configs.MAX_CONFIG_BYTES + 1)
    if len(content) > configs.MAX_CONFIG_BYTES:
        raise SourceRefused(f"{file.name} is too long to be an adapter's configuration.")
    return configs.parse(content, name=file.name) if content else None


def _seen(found: Inspection) -> dict[str, Any]:
    """Return what the header shows, as it is kept."""
    verdict = found.verdict
    adapter, told = verdict.adapter, verdict.identification
    candidates = [each.base for each in told.candidates] if told else []
    own = [found.own_base] if found.own_base else []
    return {
        "family": told.detection.family.value if told else "",
        "bases": [*own, *(slug for slug in candidates if slug not in own)][:40],
        "problems": [each.sentence for each in verdict.problems][:10],
        "dialect": adapter.dialect.value if adapter else "",
        "layers": len(adapter.pairs) if adapter else 0,
        "ranks": list(adapter.ranks or ()) if adapter else [],
    }
