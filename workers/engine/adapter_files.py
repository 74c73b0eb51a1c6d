"""
Adapter files as the loader of diffusers takes them.

Two dialects hold sound weights under names that diffusers passes over in silence: attention
processors without `unet.` before them, and PEFT's own files. These are renamed here, and the answer
says so, for whoever loads the file elsewhere must do the same. Everything else goes to the loader
as it lies on disk.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

PEFT = "base_model.model."
_UNET_ROOTS = ("down_blocks.", "up_blocks.", "mid_block.", "conv_in.", "conv_out.", "time_emb")
_ENCODER_ROOTS = ("text_model.", "encoder.layers.", "embeddings.")


class AdapterUnreadable(Exception):
    """The file is not there, or is not what it was when it was judged."""


@dataclass(frozen=True, slots=True)
class AdapterSource:
    """Which adapter, and what the parent counted in its file."""

    path: Path
    config_path: Path | None = None
    dialect: str = ""
    expected: Mapping[str, int] = field(default_factory=dict)
    tensor_digest: str = ""


@dataclass(frozen=True, slots=True)
class Loadable:
    """What to give the loader, and what was done to make it so."""

    state: Path | dict[str, torch.Tensor]
    messages: tuple[str, ...]
    is_finite: bool


def prepare(source: AdapterSource) -> Loadable:
    """
    Return the adapter as diffusers reads it.

    :raises AdapterUnreadable: if the file or its config cannot be read
    """
    try:
        tensors = load_file(source.path)
        config = json.loads(source.config_path.read_bytes()) if source.config_path else {}
    except (OSError, ValueError, SafetensorError) as error:
        raise AdapterUnreadable(f"The adapter's file cannot be read: {error}.") from error
    is_finite = all(bool(torch.isfinite(tensor.float()).all()) for tensor in tensors.values())
    if tensors and all(name.startswith(PEFT) for name in tensors):
        renamed = _from_peft(tensors, config)
        return Loadable(renamed, (_renamed("from PEFT's names to those of diffusers"),), is_finite)
    if tensors and all(name.startswith(_UNET_ROOTS) for name in tensors):
        added = {f"unet.{name}": tensor for name, tensor in tensors.items()}
        return Loadable(added, (_renamed("by putting `unet.` before them"),), is_finite)
    return Loadable(source.path, (), is_finite)


def _renamed(how: str) -> str:
    return f"The file's tensors were renamed {how}: the loader does not see them as they are."


def _from_peft(
    tensors: Mapping[str, torch.Tensor], config: Mapping[str, Any]
) -> dict[str, torch.Tensor]:
    renamed = {}
    for name, tensor in tensors.items():
        bare = name.removeprefix(PEFT)
        layer, _, rest = bare.partition(".lora_")
        # The config's alpha has no place in a bare set of tensors, so it goes into the up half.
        factor = _scaling(layer, tensor.shape[1], config) if rest.startswith("B") else 1.0
        renamed[_with_component(bare)] = (tensor.float() * factor).to(tensor.dtype)
    return renamed


def _with_component(name: str) -> str:
    if name.startswith(_UNET_ROOTS):
        return f"unet.{name}"
    return f"text_encoder.{name}" if name.startswith(_ENCODER_ROOTS) else name


def _scaling(layer: str, rank: int, config: Mapping[str, Any]) -> float:
    alpha = float(config.get("lora_alpha") or rank)
    for pattern, own in (config.get("alpha_pattern") or {}).items():
        if layer == pattern or re.search(rf"(^|\.){re.escape(pattern)}$", layer):
            alpha = float(own)
    return alpha / (rank**0.5 if config.get("use_rslora") else rank)
