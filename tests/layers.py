"""
What adapters train, family by family: names and shapes of a few layers of each real base.

Names are those of diffusers and transformers, which trainers then write in their own dialects.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

_PROJECTIONS = ("to_q", "to_k", "to_v", "to_out.0")
_READS_TEXT = ("to_k", "to_v")


class Layer(NamedTuple):
    """A layer that an adapter trains: what its base calls it, and the shape of its matrix."""

    component: str
    name: str
    outputs: int
    inputs: int


def _attention(block: str, width: int, context: int) -> list[Layer]:
    """Return the attention layers of one transformer block in a U-Net."""
    root = f"{block}.transformer_blocks.0"
    own = [Layer("unet", f"{root}.attn1.{name}", width, width) for name in _PROJECTIONS]
    other = [
        Layer("unet", f"{root}.attn2.{name}", width, context if name in _READS_TEXT else width)
        for name in _PROJECTIONS
    ]
    return own + other


def _clip(component: str, width: int, *, layers: int = 2) -> list[Layer]:
    """Return the attention layers of a CLIP text encoder."""
    return [
        Layer(component, f"text_model.encoder.layers.{number}.self_attn.{name}", width, width)
        for number in range(layers)
        for name in ("q_proj", "k_proj", "v_proj", "out_proj")
    ]


LAYERS: Mapping[str, list[Layer]] = {
    "shapes": _attention("mid_block.attentions.0", 144, 128) + _clip("text_encoder", 128),
    "sd1": _attention("mid_block.attentions.0", 1280, 768) + _clip("text_encoder", 768),
    "sd2": _attention("mid_block.attentions.0", 1280, 1024) + _clip("text_encoder", 1024),
    "sdxl": _attention("down_blocks.1.attentions.0", 640, 2048)
    + _attention("mid_block.attentions.0", 1280, 2048)
    + _clip("text_encoder", 768)
    + _clip("text_encoder_2", 1280),
    "flux1": [
        Layer("transformer", "transformer_blocks.0.attn.to_q", 3072, 3072),
        Layer("transformer", "transformer_blocks.0.attn.to_k", 3072, 3072),
        Layer("transformer", "transformer_blocks.0.ff.net.0.proj", 12288, 3072),
        Layer("transformer", "single_transformer_blocks.0.proj_mlp", 12288, 3072),
        Layer("transformer", "single_transformer_blocks.0.proj_out", 3072, 15360),
    ],
    "sd3": [
        Layer("transformer", "transformer_blocks.0.attn.to_q", 1536, 1536),
        Layer("transformer", "transformer_blocks.0.attn.add_q_proj", 1536, 1536),
        Layer("transformer", "transformer_blocks.0.attn.to_out.0", 1536, 1536),
    ],
    "llama": [
        Layer("model", "model.layers.0.self_attn.q_proj", 4096, 4096),
        Layer("model", "model.layers.0.self_attn.v_proj", 1024, 4096),
        Layer("model", "model.layers.0.mlp.down_proj", 4096, 14336),
        Layer("model", "model.layers.31.self_attn.q_proj", 4096, 4096),
    ],
    "gpt2": [
        Layer("model", "transformer.h.0.attn.c_attn", 2304, 768),
        Layer("model", "transformer.h.11.mlp.c_fc", 3072, 768),
    ],
    "bloom": [
        Layer("model", "transformer.h.0.self_attention.query_key_value", 3072, 1024),
        Layer("model", "transformer.h.23.self_attention.query_key_value", 3072, 1024),
    ],
    "bert": [
        Layer("model", "bert.encoder.layer.0.attention.self.query", 768, 768),
        Layer("model", "bert.encoder.layer.11.attention.self.value", 768, 768),
    ],
    "opt": [Layer("model", "model.decoder.layers.0.self_attn.q_proj", 768, 768)],
    "whisper": [
        Layer("model", "model.encoder.layers.0.self_attn.q_proj", 384, 384),
        Layer("model", "model.decoder.layers.0.encoder_attn.q_proj", 384, 384),
    ],
}

# Flux as its authors (and so kohya) name it: queries, keys and values in one matrix.
FLUX_FUSED = [
    Layer("unet", "double_blocks.0.img_attn.qkv", 9216, 3072),
    Layer("unet", "double_blocks.0.txt_attn.proj", 3072, 3072),
    Layer("unet", "single_blocks.0.linear1", 21504, 3072),
    Layer("unet", "single_blocks.0.linear2", 3072, 15360),
]


def layers_of(family: str, *, text_encoder: bool = True) -> list[Layer]:
    """Return the layers that an adapter for `family` trains in these files."""
    return [
        layer
        for layer in LAYERS[family]
        if text_encoder or not layer.component.startswith("text_encoder")
    ]
