"""
What a file's metadata call its base, found in the catalogue under whatever name; with the source.

Shapes decide a family and can refute any claim, but they cannot tell SDXL from its children, nor
FLUX.1 dev from schnell: there the claim is all there is. It is the word of the uploader's tools and
shown as such, never as evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from registry.bases import catalogue
from registry.bases.catalogue import Entry
from registry.formats.adapter import AdapterFile

# Where the base is named, the surest source first. A checkpoint's hash is no opinion.
IN_METADATA = (
    "ss_new_sd_model_hash",
    "ss_sd_model_hash",
    "ss_base_model_version",
    "modelspec.architecture",
    "ss_sd_model_name",
    "ss_base_model",
    "general.base_model.0.repo_url",
    "general.base_model.0.name",
)
IN_CONFIG = ("base_model_name_or_path",)
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Claim:
    """One word for the base: where it stands, what it says, which base of ours that is."""

    source: str
    text: str
    base: Entry | None


def claims(adapter: AdapterFile) -> tuple[Claim, ...]:
    """Return all that the metadata and the configuration call the base, the surest first."""
    return (*_among(adapter.metadata, IN_METADATA), *_among(adapter.config, IN_CONFIG))


def claimed(adapter: AdapterFile, *, family: str = "") -> Claim | None:
    """Return the surest claim that names a base we know (of `family`, if given)."""
    for claim in claims(adapter):
        if claim.base and family in {"", claim.base.family}:
            return claim
    return None


def _among(fields: Mapping[str, Any], sources: tuple[str, ...]) -> Iterator[Claim]:
    for source in sources:
        text = fields.get(source)
        if isinstance(text, str) and 0 < len(text) <= LONGEST and text != "None":
            yield Claim(source, text, _meant(text))


def _meant(text: str) -> Entry | None:
    """Return the base that a name means: as it stands, as a repository, as a file."""
    return next(filter(None, map(catalogue.named, _spellings(text))), None)


def _spellings(text: str) -> Iterator[str]:
    yield text
    name = text.strip().rstrip("/").replace("\\", "/")
    if match := re.fullmatch(r"https?://(?:www\.)?huggingface\.co/([^/]+/[^/]+)(?:/.*)?", name):
        yield match[1]
    file = name.rpartition("/")[2]
    yield file
    yield re.sub(r"\.(safetensors|ckpt|gguf|pt|bin)$", "", file, flags=re.IGNORECASE)
