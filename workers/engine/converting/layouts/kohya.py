"""
kohya's layout: flat names, an alpha a layer, the original code's layers for FLUX.1 and SD 3.

Stable Diffusion's U-Net gets diffusers' block names, which every reader of this layout knows, and
not the older ones that number its blocks in one row.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from registry.bases.manifest import plain
from workers.engine.converting.changes import Change
from workers.engine.converting.contract import ConversionRefused
from workers.engine.converting.folding import folded
from workers.engine.converting.joining import Joining
from workers.engine.converting.names import Names
from workers.engine.converting.numbers import cast

Written = tuple[dict[str, torch.Tensor], tuple[str, ...]]

FILE = "lora.safetensors"
DENOISERS = ("unet", "transformer")
# Of these layers diffusers reads the matrices and drops the alpha, so it must be 1 times the rank.
WITHOUT_ALPHA = "final_layer_"


def tensors(changes: Iterable[Change], names: Names, dtype: torch.dtype) -> Written:
    """
    Return the tensors of a file in this layout, and what is to be said of them.

    :raises ConversionRefused: if a layer has no name in it, or a number no place in `dtype`
    """
    joining = Joining(names)
    own: list[Change] = []
    joined: list[Change] = []
    for change in changes:
        (joined if _has_joints(names, change.component) else own).append(change)
    written: dict[str, torch.Tensor] = {}
    for change in own:
        written |= _layer(f"{_prefix(names, change.component)}_{_own(change)}", change, dtype)
    for name, change in joining(joined):
        whole = folded(change) if name.startswith(WITHOUT_ALPHA) else change
        written |= _layer(f"{_prefix(names, change.component)}_{name}", whole, dtype)
    notes: tuple[str, ...] = ("Alpha is kept, one number a layer.",)
    if joining.grown:
        notes += (
            (
                f"{joining.grown} layers of queries, keys and values were joined into one matrix "
                f"each, of a rank that is the sum of theirs (up to {joining.highest})."
            ),
        )
    return written, notes


def _has_joints(names: Names, component: str) -> bool:
    first = next(names.joints(component), None)
    return first is not None and len(first.layers) > 1


def _prefix(names: Names, component: str) -> str:
    if component in DENOISERS:
        return "lora_unet"
    if not component.startswith("text_encoder"):
        raise ConversionRefused(f"kohya's names have no word for the part {component}.")
    if "shared" in names.components[component]:  # T5, which is the third whatever comes before it.
        return "lora_te3"
    if "text_encoder_2" not in names.components:
        return "lora_te"
    return "lora_te2" if component == "text_encoder_2" else "lora_te1"


def _own(change: Change) -> str:
    name = plain(change.component, change.layer.replace(".", "_"))
    in_clip = change.component.startswith("text_encoder") and name.startswith("encoder_layers_")
    return f"text_model_{name}" if in_clip else name


def _layer(name: str, change: Change, dtype: torch.dtype) -> dict[str, torch.Tensor]:
    if change.kind == "embedding":
        raise ConversionRefused(f"kohya's layout has no place for the embedding {change.layer}.")
    kernel = change.down.dim() - 2
    up = change.up.reshape(*change.up.shape, *[1] * kernel)
    found = {
        f"{name}.alpha": torch.tensor(change.alpha, dtype=torch.float32),
        f"{name}.lora_down.weight": cast(change.down, dtype, change.layer),
        f"{name}.lora_up.weight": cast(up, dtype, change.layer),
    }
    if change.magnitude is not None:
        rows = change.magnitude.reshape(-1, 1, *[1] * kernel)
        found[f"{name}.dora_scale"] = cast(rows, dtype, change.layer)
    return found
