"""What shows FLUX.1, Chroma, which was cut out of it, and FLUX.2."""

from __future__ import annotations

from collections.abc import Mapping

from registry.formats.family_rules.rule import Family, Rule, Strength, hint, rule

# They have FLUX.1's blocks, in its shapes; what they lack or add is all that shows them.
LIKE: Mapping[Family, frozenset[Family]] = {
    Family.FLUX1: frozenset({Family.CHROMA, Family.HUNYUAN_VIDEO})
}

_FUSED = r"(double_blocks_\d+_(img|txt)_attn_(qkv|proj)|single_blocks_\d+_linear1)(_\d)?$"
_SINGLE = r"single_transformer_blocks_\d+_(attn_to_[qkv]|proj_mlp|norm_linear)$"
_JOINT = r"transformer_blocks_\d+_attn_(to|add)_"

RULES: tuple[Rule, ...] = (
    # HunyuanVideo and Chroma have these layers too, the former one or two blocks more of them.
    rule(Family.FLUX1, "transformer", _FUSED, "fused attention 3072 wide", inputs=3072,
         strength=Strength.STRONG),
    rule(Family.FLUX1, "transformer", _SINGLE, "single blocks 3072 wide", inputs=3072,
         strength=Strength.STRONG),
    rule(Family.FLUX1, "transformer", r"double_blocks_\d+_(img|txt)_mod_lin$",
         "modulation by FLUX's names", inputs=3072, strength=Strength.STRONG),
    rule(Family.FLUX1, "transformer", r"single_blocks_\d+_linear2$",
         "single blocks 3072 wide, 12288 inside", inputs=15360, strength=Strength.STRONG),
    rule(Family.FLUX1, "transformer", r"transformer_blocks_\d+_(ff_context|norm1_context)",
         "joint blocks 3072 wide with FLUX's feed-forward", inputs=3072,
         strength=Strength.STRONG),
    rule(Family.FLUX1, "transformer",
         r"(vector_in_in_layer|time_text_embed_text_embedder_linear_1)$",
         "takes a pooled text of 768 numbers", inputs=768, strength=Strength.STRONG),
    hint(Family.FLUX1, "transformer", _JOINT, "joint blocks 3072 wide", inputs=3072),
    rule(Family.CHROMA, "transformer", r"distilled_guidance_layer_",
         "modulation worked out by one small network"),
    hint(Family.CHROMA, "transformer", _FUSED, "fused attention 3072 wide, as in FLUX.1",
         inputs=3072),
    hint(Family.CHROMA, "transformer", r"single_transformer_blocks_\d+_(attn_to_[qkv]|proj_mlp)$",
         "single blocks 3072 wide, as in FLUX.1", inputs=3072),
    rule(Family.FLUX2, "transformer", _FUSED, "fused attention 6144 wide", inputs=6144),
    rule(Family.FLUX2, "transformer", _FUSED, "fused attention 4096 wide", inputs=4096),
    rule(Family.FLUX2, "transformer", r"single_transformer_blocks_\d+_attn_to_qkv_mlp_proj$",
         "attention and feed-forward in one matrix"),
    rule(Family.FLUX2, "transformer", r"(double|single)_stream_modulation_",
         "one modulation for all blocks"),
    rule(Family.FLUX2, "transformer",
         r"(double_blocks_\d+_(img|txt)_mlp_0|transformer_blocks_\d+_ff(_context)?_linear_in)$",
         "a feed-forward six times as wide as its input", outputs_per_input=6),
    rule(Family.FLUX2, "transformer", r"single_blocks_\d+_linear1$",
         "nine numbers of attention and feed-forward for each that comes in",
         outputs_per_input=9),
    rule(Family.FLUX2, "transformer", r"transformer_blocks_\d+_ff(_context)?_linear_(in|out)$",
         "a feed-forward by FLUX.2's names", strength=Strength.STRONG),
    rule(Family.FLUX2, "transformer", r"single_transformer_blocks_\d+_attn_to_out$",
         "single blocks with one matrix out, four times as wide as it is long",
         outputs_per_input=0.25, strength=Strength.STRONG),
    *(
        rule(Family.FLUX2, "transformer", r"(txt_in|context_embedder)$",
             f"reads text of {width} numbers a token", inputs=width, strength=Strength.STRONG)
        for width in (15360, 12288, 7680)
    ),
    *(
        hint(Family.FLUX2, "transformer", _JOINT, f"joint blocks {width} wide", inputs=width)
        for width in (6144, 4096, 3072)
    ),
)  # fmt: skip
