"""
What a file's metadata call its base, found in the catalogue under whatever name; with the source.

Shapes decide a family and can refute any claim, but they cannot tell SDXL from its children, nor
FLUX.1 dev from schnell: there the claim is all there is. It is the word of the uploader's tools and
shown as such, never as evidence.
"""

from __future__ import annotations

import json
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
IN_CONFIG = ("base_model_name_or_path",)  # diffusers sets the component before it
LONGEST = 300
LONGEST_CONFIG = 1 << 20

_ADDRESS = re.compile(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/([^/]+/[^/]+)(?:/|$)")
_CACHED = re.compile(r"models--([^/]+?)--([^/]+)(?:/|$)")  # how huggingface_hub names its folders
_EXTENSION = re.compile(r"\.(safetensors|ckpt|gguf|pt|bin)$", re.IGNORECASE)
_MADE_FROM = re.compile(
    r"[-_](unsloth|bnb|[48]bit|int[48]|fp8|fp16|bf16|fp32|gptq|awq|gguf|hf|instruct|chat|it|pruned"
    r"|ema|emaonly|nonema)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One word for the base: where it stands, what it says, which base of ours that is."""

    source: str
    text: str
    base: Entry | None

    @property
    def vagueness(self) -> int:
        """How little it tells: a child's name most, a parent's stands for its children too."""
        parent = not (self.base and self.base.parent)
        # Which trainers make of all bases alike: "flux1", "qwen_image_edit" of its later releases.
        return 2 * parent + (self.source == "ss_base_model_version")


def claims(adapter: AdapterFile) -> tuple[Claim, ...]:
    """Return all that the metadata and the configuration call the base, the surest first."""
    config = {key.rpartition(".")[2]: value for key, value in adapter.config.items()}
    return (
        *_among(adapter.metadata, _believed(adapter.metadata)),
        *_among({"ot_config": _in_onetrainer(adapter.metadata)}, ("ot_config",)),
        *_among(config, IN_CONFIG),
    )


def claimed(adapter: AdapterFile, *, family: str = "") -> Claim | None:
    """Return the surest claim that names a base we know (of `family`, if given)."""
    for claim in claims(adapter):
        if claim.base and family in {"", claim.base.family}:
            return claim
    return None


def _believed(metadata: Mapping[str, str]) -> tuple[str, ...]:
    """Return the keys to look at. ai-toolkit writes sd_1.5 as the version of whatever it trains."""
    of_ai_toolkit = "ai-toolkit" in metadata.get("software", "")[:LONGEST]
    if of_ai_toolkit and metadata.get("ss_base_model_version") == "sd_1.5":
        return tuple(key for key in IN_METADATA if key != "ss_base_model_version")
    return IN_METADATA


def _in_onetrainer(metadata: Mapping[str, str]) -> Any:
    """Return what OneTrainer's own configuration calls the base."""
    text = metadata.get("ot_config", "")
    if not 0 < len(text) <= LONGEST_CONFIG:
        return None
    try:
        config = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return config.get("base_model_name") if isinstance(config, dict) else None


def _among(fields: Mapping[str, Any], sources: tuple[str, ...]) -> Iterator[Claim]:
    for source in sources:
        text = fields.get(source)
        if isinstance(text, str) and 0 < len(text) <= LONGEST and text != "None":
            yield Claim(source, text, meant(text))


def meant(text: str) -> Entry | None:
    """Return the base that a name means: as it stands, as a repository, as a file."""
    return next(filter(None, map(catalogue.named, _spellings(text))), None)


def _spellings(text: str) -> Iterator[str]:
    """Yield the names that a text may hold, the whole of it first."""
    yield text
    name = text.strip().rstrip("/").replace("\\", "/")
    if match := _ADDRESS.match(name):
        yield match[1]
    if match := _CACHED.search(name):
        yield f"{match[1]}/{match[2]}"
    yield "/".join(name.split("/")[-2:])
    file = _EXTENSION.sub("", name.rpartition("/")[2])
    yield file
    # What was quantised, or taught to obey, has the layers of what it was made from.
    while (shorter := _MADE_FROM.sub("", file)) != file:
        file = shorter
        yield file
