"""What shows the families of video transformers, and of picture models made of such."""

from __future__ import annotations

from registry.formats.family_rules.rule import Family, Rule, rule

RULES: tuple[Rule, ...] = (
    rule(Family.HUNYUAN_VIDEO, "transformer",
         r"(single_blocks_(38|39)|single_transformer_blocks_(38|39)|double_blocks_19)_",
         "blocks beyond the 19 and 38 of FLUX.1", inputs=3072),
    rule(Family.HUNYUAN_VIDEO, "transformer",
         r"(double_blocks_\d+_(img|txt)_(mlp_fc[12]|mod_linear)$|single_blocks_\d+_modulation_linear$)",
         "blocks by HunyuanVideo's names"),
    rule(Family.HUNYUAN_VIDEO, "transformer", r".*individual_token_refiner",
         "a refiner of tokens"),
    rule(Family.COSMOS, "transformer", r"blocks_\d+_(cross|self)_attn_(q|k|v|output)_proj$",
         "blocks by Cosmos-Predict2's names"),
    rule(Family.WAN, "transformer", r"blocks_\d+_((self|cross)_attn_[qkvo]|attn[12]_to_[qkv])$",
         "blocks by Wan's names"),
    rule(Family.COSMOS, "transformer", r"llm_adapter_", "an adapter between text and picture"),
)  # fmt: skip
