"""What shows the other families of picture transformers."""

from __future__ import annotations

from registry.formats.dialects import Dialect
from registry.formats.family_rules.rule import Family, Rule, Strength, hint, rule

RULES: tuple[Rule, ...] = (
    rule(Family.QWEN_IMAGE, "transformer", r"transformer_blocks_\d+_(img|txt)_(mlp|mod)",
         "picture and text streams by Qwen's names", inputs=3072),
    rule(Family.QWEN_IMAGE, "transformer", r"transformer_blocks_\d+_attn_(to|add)_",
         "joint blocks 3072 wide, named without prefix as trainers of Qwen-Image do and those of "
         "FLUX.1 do not", inputs=3072, dialect=Dialect.HYBRID, strength=Strength.LIKELY),
    rule(Family.QWEN_IMAGE, "transformer", r"transformer_blocks_[2-5]\d_attn_",
         "joint blocks beyond the 19 of FLUX.1", inputs=3072),
    hint(Family.QWEN_IMAGE, "transformer", r"transformer_blocks_\d+_attn_(to|add)_",
         "joint blocks 3072 wide", inputs=3072),
    rule(Family.KREA2, "transformer", r"blocks_\d+_attn_(wq|wk|wv|wo|gate)$",
         "attention with a gate", inputs=6144),
    rule(Family.Z_IMAGE, "transformer", r"(layers|context_refiner|noise_refiner)_\d+_attention_",
         "layers by Z-Image's names", inputs=3840),
    rule(Family.LUMINA2, "transformer", r"(layers|context_refiner|noise_refiner)_\d+_att",
         "layers by Lumina's names, 2304 wide", inputs=2304),
    rule(Family.HIDREAM, "transformer", r"(double|single)_stream_blocks_\d+_",
         "blocks by HiDream's names"),
    rule(Family.AURAFLOW, "transformer", r"joint_transformer_blocks_\d+_",
         "joint blocks by AuraFlow's names"),
    *(
        rule(family, "transformer", r"transformer_blocks_\d+_attn1_to_[qkv]$",
              f"blocks of two attentions, {width} wide", inputs=width, strength=Strength.STRONG)
        for family, width in (
            (Family.LTX_VIDEO, 2048), (Family.PIXART, 1152), (Family.SANA, 2240),
        )
    ),
)  # fmt: skip
