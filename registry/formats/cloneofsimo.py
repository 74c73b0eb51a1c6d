"""
The first LoRA naming of all (cloneofsimo/lora, 2022): layers are numbers.

`unet:17:down` is the 17th layer that its injector came upon, walking the U-Net of the diffusers of
that time. There were two U-Nets then, Stable Diffusion 1 and 2, alike in layers: blocks going
down, then up, then the middle (which was assigned last), eight attention matrices in each.
"""

from __future__ import annotations

UNET_BLOCKS = (
    *(f"down_blocks.{block}.attentions.{number}" for block in (0, 1, 2) for number in (0, 1)),
    *(f"up_blocks.{block}.attentions.{number}" for block in (1, 2, 3) for number in (0, 1, 2)),
    "mid_block.attentions.0",
)
UNET_MATRICES = tuple(
    f"{attention}.{matrix}"
    for attention in ("attn1", "attn2")
    for matrix in ("to_q", "to_k", "to_v", "to_out.0")
)
TEXT_MATRICES = ("k_proj", "v_proj", "q_proj", "out_proj")
TEXT_LAYERS = 23  # Of Stable Diffusion 2; 12 of Stable Diffusion 1.


def module(component: str, number: int) -> str | None:
    """Return the name of the layer that has this number, None if there is none."""
    if component == "unet":
        block, matrix = divmod(number, len(UNET_MATRICES))
        if block < len(UNET_BLOCKS):
            return f"{UNET_BLOCKS[block]}.transformer_blocks.0.{UNET_MATRICES[matrix]}"
    elif component == "text_encoder":
        layer, matrix = divmod(number, len(TEXT_MATRICES))
        if layer < TEXT_LAYERS:
            return f"text_model.encoder.layers.{layer}.self_attn.{TEXT_MATRICES[matrix]}"
    return None
