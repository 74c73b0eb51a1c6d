"""
What the header of a prepared file says: what the hub knows is baked in, what is private stays out.

Runtimes read trigger words, base and weight from `modelspec.*` and `ss_*`; the hub's own keys say
which version the file was made of, whatever became of its bytes. A GGUF file has other keys.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from registry.exports.card import Card
from registry.formats.families import Family

MODELSPEC = "1.0.1"
BASE_REPO = "loradex.base_repo"  # what servers call the base: PEFT's configurations name it
_REPOSITORY = re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}")

# All that a reader needs to make the right change: the least that kohya's trainer keeps as well,
# what diffusers and cloneofsimo have in the header, and hashes of the tensors.
NEEDED = frozenset(
    {
        "format",
        "lora_adapter_metadata",
        "ss_v2",
        "ss_base_model_version",
        "ss_network_module",
        "ss_network_dim",
        "ss_network_alpha",
        "ss_network_args",
        "modelspec.sai_model_spec",
        "modelspec.architecture",
        "modelspec.implementation",
        "modelspec.prediction_type",
        "modelspec.resolution",
        "modelspec.hash_sha256",
        "sshs_model_hash",
        "sshs_legacy_hash",
        "unet",
        "text_encoder",
    }
)
_OF_CLONEOFSIMO = re.compile(r"(unet|text_encoder):\d+:\w+|<[^<>]{1,60}>")


class Spelling(NamedTuple):
    """What a base is called in headers."""

    architecture: str  # of modelspec
    version: str  # ss_base_model_version
    implementation: str


_SGM = "https://github.com/Stability-AI/generative-models"
_BFL = "https://github.com/black-forest-labs/flux"
BY_FAMILY: Mapping[str, Spelling] = MappingProxyType(
    {
        Family.SD1: Spelling("stable-diffusion-v1", "sd_v1", "diffusers"),
        Family.SD2: Spelling("stable-diffusion-v2-768-v", "sd_v2", "diffusers"),
        Family.SDXL: Spelling("stable-diffusion-xl-v1-base", "sdxl_base_v1-0", _SGM),
        Family.SD3: Spelling("stable-diffusion-3-medium", "sd3-medium", _SGM),
        Family.FLUX1: Spelling("flux-1-dev", "flux1", _BFL),
    }
)
BY_BASE: Mapping[str, Spelling] = MappingProxyType(
    {
        "flux-1-schnell": Spelling("flux-1-schnell", "flux1", _BFL),
        "sd-3-5-large": Spelling("stable-diffusion-3-5-large", "sd3-5-large", _SGM),
        "sd-3-5-medium": Spelling("stable-diffusion-3-5-medium", "sd3-5-medium", _SGM),
    }
)


def is_needed(key: str) -> bool:
    """Say whether a header that is stripped keeps this key."""
    return key in NEEDED or _OF_CLONEOFSIMO.fullmatch(key) is not None


def without_paths(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return PEFT's configuration without what names a folder of its trainer's machine."""
    name = config.get("base_model_name_or_path")
    is_public = isinstance(name, str) and _REPOSITORY.fullmatch(name) and not name.startswith(".")
    return {**config, "base_model_name_or_path": name if is_public else None}


def baked(card: Card, *, layout: str, said: Mapping[str, str]) -> dict[str, str]:
    """
    Return what is written into the header of a file made of the card's version.

    `said` is the original's header: what it says of the base is not said again.
    """
    if layout == "gguf":
        return {"general.name": card.title, "general.description": usage(card)} | _own(card)
    return _modelspec(card) | _of_base(card, said) | _own(card)


def usage(card: Card) -> str:
    """Return how the adapter is used, in a sentence or two."""
    low, high = f"{card.weight_low:g}", f"{card.weight_high:g}"
    weights = f"Weight {card.weight:g}"
    if low != high:
        weights += f", from {low} to {high}"
    words = ", ".join(card.trigger_words)
    return f"{weights}. Trigger words: {words}." if words else f"{weights}."


def _modelspec(card: Card) -> dict[str, str]:
    fields = {
        "modelspec.sai_model_spec": MODELSPEC,
        "modelspec.title": card.title,
        "modelspec.author": card.team,
        "modelspec.usage_hint": usage(card),
        "modelspec.lora_default_weight": f"{card.weight:g}",
    }
    if card.trigger_words:
        fields["modelspec.trigger_phrase"] = ", ".join(card.trigger_words)
    return fields


def _of_base(card: Card, said: Mapping[str, str]) -> dict[str, str]:
    spelling = BY_BASE.get(card.base) or BY_FAMILY.get(card.family)
    if spelling is None:
        return {}
    fields = {
        "modelspec.architecture": f"{spelling.architecture}/lora",
        "modelspec.implementation": spelling.implementation,
        "ss_base_model_version": spelling.version,
        "ss_v2": str(card.family == Family.SD2),
    }
    return {key: value for key, value in fields.items() if not said.get(key)}


def _own(card: Card) -> dict[str, str]:
    repo = {BASE_REPO: card.base_repo} if card.base_repo else {}
    return repo | {
        "loradex.name": f"{card.team}/{card.slug}",
        "loradex.version": str(card.version),
        "loradex.base": card.base,
        "loradex.trigger_words": ", ".join(card.trigger_words),
        "loradex.weight": f"{card.weight:g}",
        "loradex.weight_low": f"{card.weight_low:g}",
        "loradex.weight_high": f"{card.weight_high:g}",
        "loradex.source_sha256": card.sha256,
    }
