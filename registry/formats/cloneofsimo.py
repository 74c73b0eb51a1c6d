"""
The first LoRA naming of all (cloneofsimo/lora, 2022): layers are numbers.

`unet:17:down` is the 17th layer that its injector came upon, walking the U-Net of the diffusers of
that time. There were two U-Nets then, Stable Diffusion 1 and 2, alike in layers: blocks going
down, then up, then the middle (which was assigned last); in each the matrices of one attention, the
gate of the feed-forward if it was trained too, and the matrices of the other attention.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

UNET_BLOCKS = (
    *(f"down_blocks.{block}.attentions.{number}" for block in (0, 1, 2) for number in (0, 1)),
    *(f"up_blocks.{block}.attentions.{number}" for block in (1, 2, 3) for number in (0, 1, 2)),
    "mid_block.attentions.0",
)
ATTENTION = ("to_q", "to_k", "to_v", "to_out.0")
WITHOUT_GATE = (*(f"attn1.{name}" for name in ATTENTION), *(f"attn2.{name}" for name in ATTENTION))
WITH_GATE = (*WITHOUT_GATE[:4], "ff.net.0.proj", *WITHOUT_GATE[4:])
TEXT_MATRICES = ("k_proj", "v_proj", "q_proj", "out_proj")
_TARGETS = {"CrossAttention", "Attention", "GEGLU"}
TEXT_LAYERS = 23  # Of Stable Diffusion 2; 12 of Stable Diffusion 1.


def module(component: str, number: int, *, gates: bool) -> str | None:
    """Return the name of the layer that has this number, None if there is none."""
    if component == "unet":
        matrices = WITH_GATE if gates else WITHOUT_GATE
        block, matrix = divmod(number, len(matrices))
        if block < len(UNET_BLOCKS):
            return f"{UNET_BLOCKS[block]}.transformer_blocks.0.{matrices[matrix]}"
    elif component == "text_encoder":
        layer, matrix = divmod(number, len(TEXT_MATRICES))
        if layer < TEXT_LAYERS:
            return f"text_model.encoder.layers.{layer}.self_attn.{TEXT_MATRICES[matrix]}"
    return None


def are_numbered_so(metadata: Mapping[str, str]) -> bool:
    """Return whether the numbers are of the layers above; who trained others counted them too."""
    try:
        targets = json.loads(metadata.get("unet", "[]"))
    except (ValueError, RecursionError):
        return True
    return not isinstance(targets, list) or _TARGETS.issuperset(map(str, targets))


def trains_gates(metadata: Mapping[str, str], *, unet_layers: int) -> bool:
    """Return whether the file's numbers count the feed-forward gates too."""
    return "GEGLU" in metadata.get("unet", "") or unet_layers > len(UNET_BLOCKS) * len(WITHOUT_GATE)
