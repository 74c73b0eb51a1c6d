"""What shows FLUX.1 and FLUX.2."""

from __future__ import annotations

from registry.formats.family_rules.rule import Family, Rule, Strength, hint, rule

_FUSED = r"(double_blocks_\d+_(img|txt)_attn_(qkv|proj)|single_blocks_\d+_linear1)(_\d)?$"
_SINGLE = r"single_transformer_blocks_\d+_(attn_to_[qkv]|proj_mlp|norm_linear)$"

RULES: tuple[Rule, ...] = (
    # HunyuanVideo and Chroma have these layers too, the former one or two blocks more of them.
    rule(Family.FLUX1, "transformer", _FUSED, "fused attention 3072 wide", inputs=3072,
         strength=Strength.STRONG),
    rule(Family.FLUX1, "transformer", _SINGLE, "single blocks 3072 wide", inputs=3072,
         strength=Strength.STRONG),
    rule(Family.FLUX1, "transformer", r"double_blocks_\d+_(img|txt)_mod_lin$",
         "modulation by FLUX's names", inputs=3072),
    rule(Family.FLUX1, "transformer", r"single_blocks_\d+_linear2$",
         "single blocks 3072 wide, 12288 inside", inputs=15360, strength=Strength.STRONG),
    rule(Family.FLUX1, "transformer", r"transformer_blocks_\d+_(ff_context|norm1_context)",
         "joint blocks 3072 wide with FLUX's feed-forward", inputs=3072,
         strength=Strength.STRONG),
    hint(Family.FLUX1, "transformer", r"transformer_blocks_\d+_attn_(to|add)_",
         "joint blocks 3072 wide", inputs=3072),
    rule(Family.FLUX2, "transformer", _FUSED, "fused attention 6144 wide", inputs=6144),
    rule(Family.FLUX2, "transformer", _FUSED, "fused attention 4096 wide", inputs=4096),
    rule(Family.FLUX2, "transformer", r"single_transformer_blocks_\d+_attn_to_qkv_mlp_proj$",
         "attention and feed-forward in one matrix"),
    rule(Family.FLUX2, "transformer", r"double_blocks_\d+_(img|txt)_mlp_0$",
         "a feed-forward six times as wide as its input", outputs_per_input=6),
    rule(Family.FLUX2, "transformer", r"single_blocks_\d+_linear1$",
         "nine numbers of attention and feed-forward for each that comes in",
         outputs_per_input=9),
)  # fmt: skip
