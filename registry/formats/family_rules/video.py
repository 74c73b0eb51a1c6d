"""What shows the families of video transformers, and of picture models made of such."""

from __future__ import annotations

from registry.formats.family_rules.rule import Family, Rule, Strength, hint, rule

_WAN_WIDTHS = (1536, 3072, 5120)
_WAN = (
    r"(vace_)?blocks_\d+_((self|cross)_attn_([qkvo]|[kv]_img)|"
    r"attn[12]_(to_[qkv]|to_out_0|add_[kv]_proj)|ffn_(0|net_0_proj))$"
)
_FIRST_ATTENTION = r"transformer_blocks_\d+_attn1_to_([qkv]|out_0)$"
_SECOND_ATTENTION = r"transformer_blocks_\d+_attn2_to_[kv]$"
_FLUX_TOO = (
    r"(double_blocks_\d+_(img|txt)_(attn_(qkv|proj)|mlp_0|mod_lin)|"
    r"single_blocks_\d+_(linear1|modulation_lin)|"
    r"single_transformer_blocks_\d+_(attn_to_[qkv]|proj_mlp|norm_linear)|"
    r"transformer_blocks_\d+_(norm1(_context)?_linear|ff(_context)?_net_0_proj))$"
)
_TENCENT = (
    r"(double_blocks_\d+_(img|txt)_(attn_(qkv|[qkv]|proj)|mlp_(fc1|0)|mod_lin(ear)?)|"
    r"single_blocks_\d+_(linear1(_[qkv]|_mlp)?|modulation_lin(ear)?))$"
)

RULES: tuple[Rule, ...] = (
    rule(Family.HUNYUAN_VIDEO, "transformer",
         r"(single_blocks_(38|39)|single_transformer_blocks_(38|39)|double_blocks_19)_",
         "blocks beyond the 19 and 38 of FLUX.1", inputs=3072),
    rule(Family.HUNYUAN_VIDEO, "transformer",
         r"(double_blocks_\d+_(img|txt)_(mlp_fc1|mod_linear)|single_blocks_\d+_modulation_linear)$",
         "blocks by HunyuanVideo's names, 3072 wide", inputs=3072),
    rule(Family.HUNYUAN_VIDEO, "transformer", r"double_blocks_\d+_(img|txt)_mlp_fc2$",
         "blocks by HunyuanVideo's names, 12288 wide inside", inputs=12288),
    rule(Family.HUNYUAN_VIDEO, "transformer",
         r"(txt_in_individual_token_refiner|context_embedder_token_refiner)", "a refiner of tokens",
         inputs=3072),
    # FLUX.1 has `img_attn.qkv`. Flat, the two are one; and a tool that guesses dots makes this of
    # FLUX.1's too, but its other layers keep names that HunyuanVideo has not.
    rule(Family.HUNYUAN_VIDEO, "transformer", r"double_blocks_\d+_(img|txt)_attn_(qkv|proj)$",
         "attention 3072 wide, spelled as HunyuanVideo does", inputs=3072,
         spelled=r".+\.(img|txt)_attn_(qkv|proj)$",
         unless=r"(double|single)_blocks_\d+_(.*_mlp_[02]|.*mod_lin|modulation_lin)$"),
    hint(Family.HUNYUAN_VIDEO, "transformer", _FLUX_TOO, "blocks like FLUX.1's", inputs=3072),
    *(
        rule(family, "transformer", _TENCENT, f"blocks by Tencent's names, {width} wide",
             inputs=width)
        for family, width in ((Family.HUNYUAN_IMAGE, 3584), (Family.HUNYUAN_VIDEO, 2048))
    ),
    *(
        rule(family, "transformer", r"(single_)?transformer_blocks_\d+_attn_(to|add)_",
             f"joint blocks {width} wide", inputs=width, strength=Strength.STRONG)
        for family, width in ((Family.HUNYUAN_IMAGE, 3584), (Family.HUNYUAN_VIDEO, 2048))
    ),
    rule(Family.COSMOS, "transformer", r"blocks_\d+_(cross|self)_attn_(q|k|v|output)_proj$",
         "blocks by Cosmos-Predict2's names"),
    rule(Family.COSMOS, "transformer", r"blocks_\d+_(mlp_layer[12]|adaln_modulation_\w+_[12])$",
         "feed-forward and modulation by Cosmos-Predict2's names"),
    rule(Family.COSMOS, "transformer", r"(llm_adapter|text_conditioner)_",
         "an adapter between text and picture"),
    rule(Family.COSMOS, "transformer", r"transformer_blocks_\d+_norm[123]_linear_2$",
         "modulation out of 256 numbers", inputs=256),
    rule(Family.COSMOS, "transformer", _SECOND_ATTENTION, "reads text of 1024 numbers a token",
         inputs=1024),
    # The smaller of both are equally wide: what they read of the text tells them apart.
    *(
        rule(family, "transformer", _FIRST_ATTENTION, f"blocks of two attentions, {width} wide",
             inputs=width, strength=Strength.STRONG)
        for family, width in (
            (Family.LTX_VIDEO, 2048), (Family.LTX_VIDEO, 4096),
            (Family.COSMOS, 2048), (Family.COSMOS, 5120),
        )
    ),
    *(
        rule(Family.LTX_VIDEO, "transformer", _SECOND_ATTENTION,
             f"reads text of {width} numbers a token", inputs=width)
        for width in (2048, 4096)
    ),
    rule(Family.LTX_VIDEO, "transformer", r"patchify_proj$", "takes patches by LTX-Video's name",
         inputs=128),
    rule(Family.LTX_VIDEO, "transformer", r"adaln_single_(linear|emb_)",
         "one modulation for all blocks, 2048 wide", inputs=2048),
    rule(Family.LTX_VIDEO, "transformer",
         r"transformer_blocks_\d+_(audio_(attn[12]|ff|to_video_attn)|video_to_audio_attn)_",
         "blocks of picture and sound, as LTX-2 has"),
    rule(Family.COGVIDEOX, "transformer", r"transformer_blocks_\d+_norm[12]_linear$",
         "modulation by an embedding of 512 numbers", inputs=512),
    rule(Family.COGVIDEOX, "transformer", _FIRST_ATTENTION, "attention 1920 wide", inputs=1920),
    *(
        rule(family, "transformer", _FIRST_ATTENTION, "a first attention 3072 wide", inputs=3072,
             strength=Strength.STRONG)
        for family in (Family.COGVIDEOX, Family.MOCHI)
    ),
    rule(Family.MOCHI, "transformer", r"transformer_blocks_\d+_attn1_add_[qkv]_proj$",
         "text of 1536 numbers a token beside the picture", inputs=1536),
    rule(Family.MOCHI, "transformer", r"blocks_\d+_(attn_(qkv|proj)|mlp|mod)_[xy](_w[12])?$",
         "blocks by Mochi's names"),
    rule(Family.HUNYUAN_DIT, "transformer",
         r"blocks_\d+_(attn1_(Wqkv|to_[qkv])|attn2_(q_proj|to_q)|attn[12]_(out_proj|to_out_0)|"
         r"mlp_fc1|ff_net_0_proj|default_modulation_1|norm1_linear)$",
         "blocks 1408 wide by Hunyuan-DiT's names", inputs=1408),
    rule(Family.HUNYUAN_DIT, "transformer", r"blocks_\d+_attn2_(kv_proj|to_[kv])$",
         "text of 1024 numbers a token by Hunyuan-DiT's names", inputs=1024),
    *(
        rule(Family.WAN, "transformer", _WAN, f"blocks by Wan's names, {width} wide", inputs=width)
        for width in _WAN_WIDTHS
    ),
)  # fmt: skip
