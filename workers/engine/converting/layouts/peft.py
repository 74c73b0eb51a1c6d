"""
PEFT's own layout: a folder with adapter_config.json and adapter_model.safetensors a component.

Alpha is kept: the commonest is the configuration's, others stand in its patterns, but for texts,
whose layers are brought to one scale: servers read no patterns. A pattern is matched from the
right, so each begins with `^`: FLUX.1 has a `proj_out` and 38 layers that end so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import torch

from workers.engine.converting.changes import Change
from workers.engine.converting.contract import ConversionRefused
from workers.engine.converting.numbers import cast

WEIGHTS, CONFIG = "adapter_model.safetensors", "adapter_config.json"
PREFIX = "base_model.model."
# What the configuration of the original says that is as true of the converted.
KEPT = ("base_model_name_or_path", "revision", "task_type", "fan_in_fan_out")


def at_one_scale(changes: list[Change]) -> list[Change]:
    """
    Return the changes at the scale that most of them have, what others differ by put into `up`.

    Servers apply one alpha to every layer, whatever the patterns of a configuration say.
    """
    [(usual, _)] = Counter(change.scale for change in changes).most_common(1)
    if not usual:
        return changes
    return [
        change
        if change.scale == usual
        else replace(change, up=change.up.float() * (change.scale / usual), scale=usual)
        for change in changes
    ]


def tensors(changes: Iterable[Change], dtype: torch.dtype) -> dict[str, torch.Tensor]:
    """
    Return the tensors of one component.

    :raises ConversionRefused: if a number has no place in `dtype`
    """
    written: dict[str, torch.Tensor] = {}
    for change in changes:
        written |= layer(f"{PREFIX}{change.layer}", change, dtype)
    return written


def layer(name: str, change: Change, dtype: torch.dtype) -> dict[str, torch.Tensor]:
    """Return one layer's tensors under PEFT's names for its matrices."""
    kernel = [1] * (change.down.dim() - 2)
    up = change.up.reshape(*change.up.shape, *kernel)
    down = cast(change.down, dtype, change.layer)
    if change.kind == "embedding":
        if change.magnitude is not None:
            raise ConversionRefused(f"The magnitudes of {change.layer} are an embedding's.")
        return {f"{name}.lora_embedding_A": down,
                f"{name}.lora_embedding_B": cast(up, dtype, change.layer)}  # fmt: skip
    found = {
        f"{name}.lora_A.weight": down,
        f"{name}.lora_B.weight": cast(up, dtype, change.layer),
    }
    if change.magnitude is not None:
        rows = change.magnitude.reshape(1, -1, *kernel) if kernel else change.magnitude
        found[f"{name}.lora_magnitude_vector"] = cast(rows, dtype, change.layer)
    return found


def config(
    changes: Iterable[Change], every_layer: Iterable[str], original: Mapping[str, Any]
) -> dict[str, Any]:
    """
    Return the configuration of one component's changes.

    :raises ConversionRefused: if only some of its layers have magnitudes
    """
    found = list(changes)
    _refuse_mixture(found)
    return {
        "peft_type": "LORA",
        "base_model_name_or_path": None,
        "task_type": None,
        "inference_mode": True,
        "fan_in_fan_out": False,
        "bias": "none",
        "lora_dropout": 0.0,
        "use_rslora": False,
        **{key: original[key] for key in KEPT if key in original},
        **numbers({change.layer: (change.rank, change.alpha) for change in found}),
        "target_modules": targets([change.layer for change in found], every_layer),
        "use_dora": any(change.magnitude is not None for change in found),
    }


def _refuse_mixture(changes: list[Change]) -> None:
    without = [change.layer for change in changes if change.magnitude is None]
    if without and len(without) < len(changes):
        raise ConversionRefused(
            f"Some of its layers have magnitudes (DoRA) and {without[0]} has none: PEFT and "
            "diffusers take all or nothing."
        )


def numbers(layers: Mapping[str, tuple[int, float]]) -> dict[str, Any]:
    """Return rank and alpha as a configuration says them, of each layer's own."""
    [(rank, _)] = Counter(rank for rank, _ in layers.values()).most_common(1)
    [(alpha, _)] = Counter(alpha for _, alpha in layers.values()).most_common(1)
    return {
        "r": rank,
        "lora_alpha": _whole(alpha),
        "rank_pattern": {f"^{name}": its for name, (its, _) in layers.items() if its != rank},
        "alpha_pattern": {
            f"^{name}": _whole(its) for name, (_, its) in layers.items() if its != alpha
        },
    }


def _whole(number: float) -> int | float:
    return int(number) if number == int(number) else number


def targets(layers: list[str], every_layer: Iterable[str]) -> list[str] | str:
    """Return what PEFT hits just these layers by: a list, or where that hits more a pattern."""
    wanted = set(layers)
    tops = {name for name in wanted if "." not in name}
    for other in every_layer:
        if other not in wanted and (
            other.rpartition(".")[2] in tops or any(other.endswith(f".{top}") for top in tops)
        ):
            return f"(?:{'|'.join(re.escape(name) for name in layers)})"
    return layers
