"""
diffusers' layout, which is PEFT's names under the name of each component, in one file.

The scale is put into the matrices: ComfyUI and older versions of diffusers read this layout without
the configuration in its header, and take 1 for it. The configuration is there too, and says 1.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import torch

from workers.engine.converting.changes import Change
from workers.engine.converting.contract import ConversionRefused
from workers.engine.converting.folding import folded
from workers.engine.converting.layouts import peft
from workers.engine.converting.names import Names

FILE = "pytorch_lora_weights.safetensors"
CONFIG = "lora_adapter_metadata"


def tensors(
    changes: Iterable[Change], names: Names, loadable: Iterable[str], dtype: torch.dtype
) -> tuple[dict[str, torch.Tensor], dict[str, str]]:
    """
    Return the tensors of the file and what its header says of them; `loadable` are the components
    that the base's pipeline takes adapters for.

    :raises ConversionRefused: if diffusers loads nothing into one of the components
    """
    written: dict[str, torch.Tensor] = {}
    by_component: dict[str, list[Change]] = {}
    for change in map(folded, changes):
        if change.component not in loadable or change.kind == "embedding":
            raise ConversionRefused(
                f"Diffusers loads no adapter into {change.component} {change.layer} of this base."
            )
        by_component.setdefault(change.component, []).append(change)
        written |= peft.layer(_name(change), change, dtype)
    fields: dict[str, Any] = {}
    for component, found in by_component.items():
        for key, value in _config(found, names.components[component]).items():
            fields[f"{component}.{key}"] = value
    return written, {"format": "pt", CONFIG: json.dumps(fields, sort_keys=True)}


def _name(change: Change) -> str:
    """Return the layer's name as files have it, with the wrapping that transformers 5 took off."""
    if change.component.startswith("text_encoder") and change.layer.startswith("encoder.layers."):
        return f"{change.component}.text_model.{change.layer}"
    return f"{change.component}.{change.layer}"


def _config(changes: list[Change], every_layer: Iterable[str]) -> Mapping[str, Any]:
    whole = peft.config(changes, every_layer, {})
    # A text encoder's layers have one wrapping more or less by version, so no `^` before them.
    for pattern in ("rank_pattern", "alpha_pattern"):
        if not changes[0].component.startswith("text_encoder"):
            continue
        whole[pattern] = {
            name.removeprefix("^").removeprefix("text_model."): value
            for name, value in whole[pattern].items()
        }
    return whole
