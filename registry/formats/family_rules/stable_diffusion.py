"""What shows Stable Diffusion: its U-Nets, the joint blocks of SD 3, the prior of Cascade."""

from __future__ import annotations

from collections.abc import Mapping

from registry.formats.family_rules.rule import Family, Rule, Strength, hint, rule

# Kolors is SDXL's U-Net with another text encoder: their attention is alike to the last number.
LIKE: Mapping[Family, frozenset[Family]] = {Family.SDXL: frozenset({Family.KOLORS})}

# Cross-attention reads the text: its keys and values take as many inputs as the text encoder gives.
CONTEXT_WIDTHS = {
    Family.SD1: 768,
    Family.SD2: 1024,
    Family.SDXL: 2048,
    Family.SHAPES: 128,
}
_CROSS_ATTENTION = r".*attn2_to_[kv]$"
_JOINT = r"transformer_blocks_\d+_(attn_|ff_context|norm1_context)"
_ALONE = r"transformer_blocks_\d+_(ff_net|norm1_linear)"  # models of one stream have these too

RULES: tuple[Rule, ...] = (
    *(
        rule(family, "unet", _CROSS_ATTENTION, f"reads text of {width} numbers a token",
              inputs=width)
        for family, width in CONTEXT_WIDTHS.items()
    ),
    rule(Family.SDXL, "unet", r"(add_embedding_linear_1|label_emb_0_0)$",
         "takes picture sizes and a pooled text", inputs=2816),
    rule(Family.SDXL, "unet", r".*transformer_blocks_[1-9]\d*_attn",
         "several transformer blocks in one place, where SD 1 and SD 2 have one"),
    rule(Family.SDXL, "text_encoder_2", r".*self_attn", "a second text encoder, 1280 wide",
         inputs=1280, strength=Strength.STRONG),
    rule(Family.KOLORS, "unet", r"(add_embedding_linear_1|label_emb_0_0)$",
         "takes picture sizes and a pooled text of ChatGLM", inputs=5632),
    rule(Family.KOLORS, "unet", r"encoder_hid_proj$", "brings a text of ChatGLM down to size",
         inputs=4096),
    hint(Family.KOLORS, "unet", _CROSS_ATTENTION, "reads text of 2048 numbers a token, as SDXL",
         inputs=2048),
    hint(Family.SD1, "unet", r".*down_blocks_0_attentions_\d_transformer_blocks_0_attn",
         "attention in the first block, as SD 1 and SD 2 have", inputs=320),
    hint(Family.SD2, "unet", r".*down_blocks_0_attentions_\d_transformer_blocks_0_attn",
         "attention in the first block, as SD 1 and SD 2 have", inputs=320),
    # One that is called the first of several is SDXL's, Stable Diffusion 3's or FLUX's.
    rule(Family.SD1, "text_encoder", r".*self_attn|.*mlp_fc", "a text encoder 768 wide",
         inputs=768, strength=Strength.LIKELY, beginning=r"(?!(lora|lycoris)_te1_)"),
    rule(Family.SD2, "text_encoder", r".*self_attn|.*mlp_fc", "a text encoder 1024 wide",
         inputs=1024, strength=Strength.LIKELY),
    rule(Family.SHAPES, "text_encoder", r".*self_attn|.*mlp_fc", "a text encoder 128 wide",
         inputs=128, strength=Strength.LIKELY),
    rule(Family.SD3, "transformer", r"joint_blocks_\d+_", "joint blocks by SD 3's names"),
    rule(Family.SD3, "transformer", _JOINT, "joint blocks 1536 wide", inputs=1536,
         unless=r"transformer_blocks_\d+_attn1_"),  # Mochi's text is as wide.
    rule(Family.SD3, "transformer", _JOINT, "joint blocks 2432 wide", inputs=2432),
    *(
        rule(Family.SD3, "transformer", _ALONE, f"a feed-forward {width} wide", inputs=width,
             strength=Strength.STRONG)
        for width in (1536, 2432)
    ),
    rule(Family.SD3, "transformer", r"transformer_blocks_\d+_attn2_to_[qkv]$",
         "a second attention 1536 wide", inputs=1536, strength=Strength.STRONG),
    rule(Family.CASCADE, "prior", r".", "a prior, as Stable Cascade's trainers call it",
         strength=Strength.STRONG),
    rule(Family.CASCADE, "text_encoder", r".*self_attn|.*mlp_fc1",
         "a first text encoder 1280 wide", inputs=1280, strength=Strength.LIKELY),
)  # fmt: skip
