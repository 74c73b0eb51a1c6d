"""What shows the other families of picture transformers."""

from __future__ import annotations

from registry.formats.dialects import Dialect
from registry.formats.family_rules.rule import Family, Rule, Strength, hint, rule

# PixArt's and Sana's blocks, by diffusers' names or their own.
_TWO_ATTENTIONS = (
    r"(transformer_blocks_\d+_attn[12]_to_([qkv]|out_0)|"
    r"blocks_\d+_(attn_(qkv|proj)|cross_attn_(q_linear|kv_linear|proj)))$"
)

RULES: tuple[Rule, ...] = (
    rule(Family.QWEN_IMAGE, "transformer", r"transformer_blocks_\d+_(img|txt)_(mlp|mod)",
         "picture and text streams by Qwen's names", inputs=3072),
    rule(Family.QWEN_IMAGE, "transformer", r"transformer_blocks_\d+_(img|txt)_(mlp_net|mod_1)",
         "picture and text streams by Qwen's names, of a width that no release has",
         strength=Strength.LIKELY),
    rule(Family.QWEN_IMAGE, "transformer", r"transformer_blocks_\d+_attn_(to|add)_",
         "joint blocks 3072 wide, named without prefix as trainers of Qwen-Image do and those of "
         "FLUX.1 do not", inputs=3072, dialect=Dialect.HYBRID, strength=Strength.LIKELY),
    rule(Family.QWEN_IMAGE, "transformer", r"transformer_blocks_[2-5]\d_attn_",
         "joint blocks beyond the 19 of FLUX.1", inputs=3072),
    hint(Family.QWEN_IMAGE, "transformer", r"transformer_blocks_\d+_attn_(to|add)_",
         "joint blocks 3072 wide", inputs=3072),
    rule(Family.KREA2, "transformer", r"blocks_\d+_attn_(wq|wk|wv|wo|gate)$",
         "attention with a gate", inputs=6144),
    rule(Family.KREA2, "transformer", r"transformer_blocks_\d+_attn_to_gate$",
         "attention with a gate, by diffusers' names", inputs=6144),
    rule(Family.KREA2, "transformer", r"(txtfusion|text_fusion)_",
         "a fusion of what several layers of the text encoder say"),
    rule(Family.KREA2, "transformer", r"transformer_blocks_\d+_ff_(gate|up)$",
         "a gated feed-forward 6144 wide, by diffusers' names", inputs=6144,
         strength=Strength.STRONG),
    rule(Family.KREA2, "transformer", r"blocks_\d+_mlp_(gate|up)$",
         "a gated feed-forward 6144 wide", inputs=6144, strength=Strength.STRONG),
    rule(Family.KREA2, "transformer", r"transformer_blocks_\d+_attn_to_[kv]$",
         "four queries for each key and value", outputs_per_input=0.25, strength=Strength.STRONG),
    hint(Family.KREA2, "transformer", r"transformer_blocks_\d+_attn_to_(q|out_0)$",
         "blocks 6144 wide", inputs=6144),
    rule(Family.Z_IMAGE, "transformer", r"(layers|context_refiner|noise_refiner)_\d+_attention_",
         "layers by Z-Image's names", inputs=3840),
    rule(Family.Z_IMAGE, "transformer",
         r"(layers|context_refiner|noise_refiner)_\d+_feed_forward_w[13]$",
         "a feed-forward by Z-Image's names", inputs=3840),
    rule(Family.Z_IMAGE, "transformer",
         r"(layers|context_refiner|noise_refiner)_\d+_feed_forward_w2$",
         "a feed-forward 10240 wide inside", inputs=10240, strength=Strength.STRONG),
    rule(Family.Z_IMAGE, "transformer", r"cap_embedder_1$",
         "reads text of 2560 numbers a token", inputs=2560, strength=Strength.STRONG),
    rule(Family.LUMINA2, "transformer",
         r"(layers|context_refiner|noise_refiner)_\d+_(att|feed_forward_(w|linear_)[13]$)",
         "layers by Lumina's names, 2304 wide", inputs=2304),
    rule(Family.LUMINA2, "transformer",
         r"(layers|noise_refiner)_\d+_(adaLN_modulation_1|norm1_linear)$",
         "modulation by an embedding of 1024 numbers", inputs=1024),
    rule(Family.HIDREAM, "transformer", r"(double|single)_stream_blocks_\d+_",
         "blocks by HiDream's names"),
    rule(Family.AURAFLOW, "transformer", r"joint_transformer_blocks_\d+_",
         "joint blocks by AuraFlow's names"),
    rule(Family.AURAFLOW, "transformer",
         r"(double|single)_layers_\d+_(attn_w[12][qkvo]|mlp[XC]?_c_|mod(X|C|CX)_1)",
         "layers by AuraFlow's own names"),
    rule(Family.AURAFLOW, "transformer",
         r"single_transformer_blocks_\d+_ff_(linear_[12]|out_projection)$",
         "single blocks with AuraFlow's feed-forward"),
    # Sana 0.6B is as wide as PixArt: what they do after attention tells them apart.
    *(
        rule(family, "transformer", _TWO_ATTENTIONS, f"blocks of two attentions, {width} wide",
             inputs=width, strength=Strength.STRONG)
        for family, width in (
            (Family.PIXART, 1152), (Family.SANA, 1152), (Family.SANA, 2240),
        )
    ),
    rule(Family.PIXART, "transformer",
         r"(transformer_blocks_\d+_ff_net_0_proj|blocks_\d+_mlp_fc1)$",
         "a feed-forward of matrices, 1152 wide", inputs=1152),
    rule(Family.PIXART, "transformer", r"adaln_single_(linear|emb_)",
         "one modulation for all blocks, 1152 wide", inputs=1152),
    rule(Family.SANA, "transformer",
         r"transformer_blocks_\d+_ff_conv_|blocks_\d+_mlp_(inverted|depth|point)_conv",
         "a feed-forward of convolutions"),
)  # fmt: skip
