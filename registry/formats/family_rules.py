"""
What shows a family: names of layers, how many inputs they take, and how surely that tells.

This table is the knowledge of families.py. Names are in the flat spelling (underscores for dots),
which all dialects share. To teach us a family, add it and its rows: what no other family has is a
PROOF, what several have is a HINT for each of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from registry.formats.dialects import Dialect


class Family(StrEnum):
    SHAPES = "shapes"  # the demo base's own
    SD1 = "sd1"
    SD2 = "sd2"
    SDXL = "sdxl"
    SD3 = "sd3"
    FLUX1 = "flux1"
    FLUX2 = "flux2"
    QWEN_IMAGE = "qwen-image"
    KREA2 = "krea2"
    COSMOS = "cosmos"
    WAN = "wan"
    CASCADE = "cascade"
    HUNYUAN_VIDEO = "hunyuan-video"
    LUMINA2 = "lumina2"
    HIDREAM = "hidream"
    AURAFLOW = "auraflow"
    LTX_VIDEO = "ltx-video"
    PIXART = "pixart"
    SANA = "sana"
    Z_IMAGE = "z-image"
    LLAMA = "llama"
    GPT2 = "gpt2"
    BLOOM = "bloom"
    FALCON = "falcon"
    NEOX = "neox"
    OPT = "opt"
    BERT = "bert"
    ROBERTA = "roberta"
    DISTILBERT = "distilbert"
    T5 = "t5"
    WHISPER = "whisper"
    UNKNOWN = "unknown"


class Strength(IntEnum):
    """How surely a layer shows a family."""

    HINT = 1  # Other families have such layers too.
    LIKELY = 2  # … but if nothing else is in the file, it is this one.
    STRONG = 3
    PROOF = 4


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table: what shows a family, and why it does."""

    family: Family
    component: str
    name: re.Pattern[str]
    reason: str
    inputs: int | None = None  # None: whatever the shape
    outputs_per_input: float | None = None
    dialect: Dialect | None = None  # None: whatever the dialect
    strength: Strength = Strength.PROOF


def _rule(family: Family, component: str, name: str, reason: str, **more: object) -> Rule:
    return Rule(family, component, re.compile(name), reason, **more)  # type: ignore[arg-type]


def _hint(family: Family, component: str, name: str, reason: str, **more: object) -> Rule:
    return _rule(family, component, name, reason, strength=Strength.HINT, **more)


# Cross-attention reads the text: its keys and values take as many inputs as the text encoder gives.
CONTEXT_WIDTHS = {
    Family.SD1: 768,
    Family.SD2: 1024,
    Family.SDXL: 2048,
    Family.SHAPES: 128,
}
_CROSS_ATTENTION = r".*attn2_to_[kv]$"
_FUSED = r"(double_blocks_\d+_(img|txt)_attn_(qkv|proj)|single_blocks_\d+_linear1)(_\d)?$"
_SINGLE = r"single_transformer_blocks_\d+_(attn_to_[qkv]|proj_mlp|norm_linear)$"
_JOINT = r"transformer_blocks_\d+_(attn_|ff|norm1)"

RULES: tuple[Rule, ...] = (
    *(
        _rule(family, "unet", _CROSS_ATTENTION, f"reads text of {width} numbers a token",
              inputs=width)
        for family, width in CONTEXT_WIDTHS.items()
    ),
    _rule(Family.SDXL, "unet", r"(add_embedding_linear_1|label_emb_0_0)$",
          "takes picture sizes and a pooled text", inputs=2816),
    _rule(Family.SDXL, "unet", r".*transformer_blocks_[1-9]\d*_attn",
          "several transformer blocks in one place, where SD 1 and SD 2 have one"),
    _rule(Family.SDXL, "text_encoder_2", r".*self_attn", "a second text encoder, 1280 wide",
          inputs=1280, strength=Strength.STRONG),
    _hint(Family.SD1, "unet", r".*down_blocks_0_attentions_\d_transformer_blocks_0_attn",
          "attention in the first block, as SD 1 and SD 2 have", inputs=320),
    _hint(Family.SD2, "unet", r".*down_blocks_0_attentions_\d_transformer_blocks_0_attn",
          "attention in the first block, as SD 1 and SD 2 have", inputs=320),
    _rule(Family.SD1, "text_encoder", r".*self_attn|.*mlp_fc", "a text encoder 768 wide",
          inputs=768, strength=Strength.LIKELY),
    _rule(Family.SD2, "text_encoder", r".*self_attn|.*mlp_fc", "a text encoder 1024 wide",
          inputs=1024, strength=Strength.LIKELY),
    _rule(Family.SHAPES, "text_encoder", r".*self_attn|.*mlp_fc", "a text encoder 128 wide",
          inputs=128, strength=Strength.LIKELY),
    # HunyuanVideo and Chroma have these layers too, the former one or two blocks more of them.
    _rule(Family.FLUX1, "transformer", _FUSED, "fused attention 3072 wide", inputs=3072,
          strength=Strength.STRONG),
    _rule(Family.FLUX1, "transformer", _SINGLE, "single blocks 3072 wide", inputs=3072,
          strength=Strength.STRONG),
    _rule(Family.FLUX1, "transformer", r"double_blocks_\d+_(img|txt)_mod_lin$",
          "modulation by FLUX's names", inputs=3072),
    _rule(Family.FLUX1, "transformer", r"single_blocks_\d+_linear2$",
          "single blocks 3072 wide, 12288 inside", inputs=15360, strength=Strength.STRONG),
    _rule(Family.FLUX1, "transformer", r"transformer_blocks_\d+_(ff_context|norm1_context)",
          "joint blocks 3072 wide with FLUX's feed-forward", inputs=3072,
          strength=Strength.STRONG),
    _hint(Family.FLUX1, "transformer", r"transformer_blocks_\d+_attn_(to|add)_",
          "joint blocks 3072 wide", inputs=3072),
    _rule(Family.FLUX2, "transformer", _FUSED, "fused attention 6144 wide", inputs=6144),
    _rule(Family.FLUX2, "transformer", _FUSED, "fused attention 4096 wide", inputs=4096),
    _rule(Family.FLUX2, "transformer", r"single_transformer_blocks_\d+_attn_to_qkv_mlp_proj$",
          "attention and feed-forward in one matrix"),
    _rule(Family.QWEN_IMAGE, "transformer", r"transformer_blocks_\d+_(img|txt)_(mlp|mod)",
          "picture and text streams by Qwen's names", inputs=3072),
    _rule(Family.FLUX2, "transformer", r"double_blocks_\d+_(img|txt)_mlp_0$",
          "a feed-forward six times as wide as its input", outputs_per_input=6),
    _rule(Family.FLUX2, "transformer", r"single_blocks_\d+_linear1$",
          "nine numbers of attention and feed-forward for each that comes in",
          outputs_per_input=9),
    _rule(Family.HUNYUAN_VIDEO, "transformer",
          r"(single_blocks_(38|39)|single_transformer_blocks_(38|39)|double_blocks_19)_",
          "blocks beyond the 19 and 38 of FLUX.1", inputs=3072),
    _rule(Family.HUNYUAN_VIDEO, "transformer",
          r"(double_blocks_\d+_(img|txt)_(mlp_fc[12]|mod_linear)$|single_blocks_\d+_modulation_linear$)",
          "blocks by HunyuanVideo's names"),
    _rule(Family.HUNYUAN_VIDEO, "transformer", r".*individual_token_refiner",
          "a refiner of tokens"),
    _rule(Family.QWEN_IMAGE, "transformer", r"transformer_blocks_\d+_attn_(to|add)_",
          "joint blocks 3072 wide, named without prefix as trainers of Qwen-Image do and those of "
          "FLUX.1 do not", inputs=3072, dialect=Dialect.HYBRID, strength=Strength.LIKELY),
    _rule(Family.QWEN_IMAGE, "transformer", r"transformer_blocks_[2-5]\d_attn_",
          "joint blocks beyond the 19 of FLUX.1", inputs=3072),
    _hint(Family.QWEN_IMAGE, "transformer", r"transformer_blocks_\d+_attn_(to|add)_",
          "joint blocks 3072 wide", inputs=3072),
    _rule(Family.SD3, "transformer", r"joint_blocks_\d+_", "joint blocks by SD 3's names"),
    _rule(Family.SD3, "transformer", _JOINT, "joint blocks 1536 wide", inputs=1536),
    _rule(Family.SD3, "transformer", _JOINT, "joint blocks 2432 wide", inputs=2432),
    _rule(Family.KREA2, "transformer", r"blocks_\d+_attn_(wq|wk|wv|wo|gate)$",
          "attention with a gate", inputs=6144),
    _rule(Family.COSMOS, "transformer", r"blocks_\d+_(cross|self)_attn_(q|k|v|output)_proj$",
          "blocks by Cosmos-Predict2's names"),
    _rule(Family.WAN, "transformer", r"blocks_\d+_((self|cross)_attn_[qkvo]|attn[12]_to_[qkv])$",
          "blocks by Wan's names"),
    _rule(Family.Z_IMAGE, "transformer", r"(layers|context_refiner|noise_refiner)_\d+_attention_",
          "layers by Z-Image's names", inputs=3840),
    _rule(Family.LUMINA2, "transformer", r"(layers|context_refiner|noise_refiner)_\d+_att",
          "layers by Lumina's names, 2304 wide", inputs=2304),
    _rule(Family.CASCADE, "prior", r".", "a prior, as Stable Cascade's trainers call it",
          strength=Strength.STRONG),
    _rule(Family.HIDREAM, "transformer", r"(double|single)_stream_blocks_\d+_",
          "blocks by HiDream's names"),
    _rule(Family.AURAFLOW, "transformer", r"joint_transformer_blocks_\d+_",
          "joint blocks by AuraFlow's names"),
    *(
        _rule(family, "transformer", r"transformer_blocks_\d+_attn1_to_[qkv]$",
              f"blocks of two attentions, {width} wide", inputs=width, strength=Strength.STRONG)
        for family, width in (
            (Family.LTX_VIDEO, 2048), (Family.PIXART, 1152), (Family.SANA, 2240),
        )
    ),
    _rule(Family.WHISPER, "model", r"(model_)?decoder_layers_\d+_encoder_attn",
          "a decoder that reads an encoder"),
    _rule(Family.COSMOS, "transformer", r"llm_adapter_", "an adapter between text and picture"),
    _hint(Family.OPT, "model", r"(model_)?decoder_layers_\d+_self_attn",
          "a decoder by OPT's names"),
    _hint(Family.WHISPER, "model", r"(model_)?encoder_layers_\d+_self_attn",
          "an encoder by Whisper's names"),
    _rule(Family.LLAMA, "model",
          r"(model_|language_model_)*layers_\d+_(self_attn_[qkvo]_proj|mlp_(gate|up|down)_proj)$",
          "layers by Llama's names (Qwen, Mistral and Gemma use them too)"),
    _rule(Family.GPT2, "model", r"(transformer_)?h_\d+_(attn_c_(attn|proj)|mlp_c_)",
          "layers by GPT-2's names"),
    _rule(Family.BLOOM, "model", r"(transformer_)?h_\d+_self_attention_query_key_value$",
          "queries, keys and values of equal size in one matrix", outputs_per_input=3),
    _hint(Family.BLOOM, "model", r"(transformer_)?h_\d+_(self_attention|mlp)_dense",
          reason="layers by BLOOM's names"),
    _hint(Family.FALCON, "model", r"(transformer_)?h_\d+_self_attention_query_key_value$",
          "one key and value for several queries"),
    _rule(Family.NEOX, "model", r"(gpt_neox_)?layers_\d+_attention_(query_key_value|dense)$",
          "layers by GPT-NeoX's names"),
    _rule(Family.ROBERTA, "model", r"roberta_encoder_layer_", "layers by RoBERTa's names"),
    _rule(Family.BERT, "model", r"(bert_)?encoder_layer_\d+_(attention|intermediate|output)_",
          "layers by BERT's names"),
    _rule(Family.DISTILBERT, "model", r"(distilbert_)?transformer_layer_\d+_(attention|ffn)_",
          "layers by DistilBERT's names"),
    _rule(Family.T5, "model", r"(encoder|decoder)_block_\d+_layer_\d_", "blocks by T5's names"),
)  # fmt: skip
