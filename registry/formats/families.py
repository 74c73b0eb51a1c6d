"""
Tell from names and shapes which family of bases an adapter is made for.

The table is the knowledge: what a layer is called, how many inputs it takes, which family that
shows, and how surely. The surest evidence decides. Where evidence of one strength names several
families, the family is unknown and every candidate is named: shapes cannot always tell, and then
nothing here pretends that they do.

Names are compared in the flat spelling (underscores for dots), which all dialects share.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from registry.formats.adapter import AdapterFile, Pair
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
    strength: Strength = Strength.PROOF


@dataclass(frozen=True, slots=True)
class Candidate:
    """A family that the file may be for, with the tensor that suggests it."""

    family: Family
    reason: str
    tensor: str
    strength: Strength


@dataclass(frozen=True, slots=True)
class Detection:
    """The verdict, and all that led to it."""

    family: Family
    variant: str
    decided_by: str  # the deciding tensor's name, "" if none decided
    reason: str
    candidates: tuple[Candidate, ...]


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
_FUSED = r"(double_blocks_\d+_(img|txt)_attn_(qkv|proj)|single_blocks_\d+_linear1)$"
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
    _rule(Family.FLUX1, "transformer", _FUSED, "fused attention 3072 wide", inputs=3072),
    _rule(Family.FLUX1, "transformer", _SINGLE, "single blocks 3072 wide", inputs=3072),
    _rule(Family.FLUX1, "transformer", r"single_blocks_\d+_linear2$",
          "single blocks 3072 wide, 12288 inside", inputs=15360),
    _rule(Family.FLUX1, "transformer", r"transformer_blocks_\d+_(ff_context|norm1_context)",
          "joint blocks 3072 wide with FLUX's feed-forward", inputs=3072),
    _hint(Family.FLUX1, "transformer", r"transformer_blocks_\d+_attn_(to|add)_",
          "joint blocks 3072 wide", inputs=3072),
    _rule(Family.FLUX2, "transformer", _FUSED, "fused attention 6144 wide", inputs=6144),
    _rule(Family.FLUX2, "transformer", _FUSED, "fused attention 4096 wide", inputs=4096),
    _rule(Family.FLUX2, "transformer", r"single_transformer_blocks_\d+_attn_to_qkv_mlp_proj$",
          "attention and feed-forward in one matrix"),
    _rule(Family.QWEN_IMAGE, "transformer", r"transformer_blocks_\d+_(img|txt)_(mlp|mod)",
          "picture and text streams by Qwen's names", inputs=3072),
    _rule(Family.QWEN_IMAGE, "transformer", r"transformer_blocks_(19|[2-9]\d)_attn_",
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
    _rule(Family.WHISPER, "model", r"(model_)?decoder_layers_\d+_encoder_attn",
          "a decoder that reads an encoder"),
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


def detect_family(adapter: AdapterFile) -> Detection:
    """Return the family that the adapter's layers show, with the evidence for and against."""
    if not adapter.pairs:
        return _unknown("The file's layout is not one that we know.", ())
    candidates = _candidates(adapter.pairs)
    if not candidates:
        return _unknown("No layer has a name and shape of a family that we know.", ())
    surest = [each for each in candidates if each.strength is candidates[0].strength]
    if len(surest) > 1:
        return _unknown(_disagreement(surest), candidates)
    [by] = surest
    variant = _variant(by.family, adapter)
    return Detection(by.family, variant, by.tensor, by.reason, candidates)


def _candidates(pairs: Iterable[Pair]) -> tuple[Candidate, ...]:
    """Return the best evidence for each family, the surest first."""
    best: dict[Family, Candidate] = {}
    waiting: dict[str, list[Rule]] = {}
    for rule in RULES:
        waiting.setdefault(rule.component, []).append(rule)
    for pair in pairs:
        rules, flat = waiting.get(pair.component, []), pair.flat
        for rule in [rule for rule in rules if rule.name.match(flat) and _shows(rule, pair)]:
            rules.remove(rule)
            known = best.get(rule.family)
            if known is None or known.strength < rule.strength:
                best[rule.family] = Candidate(
                    rule.family, rule.reason, _evidence(pair), rule.strength
                )
    return tuple(sorted(best.values(), key=lambda each: -each.strength))


def _shows(rule: Rule, pair: Pair) -> bool:
    """Return whether a pair that has the rule's name has its shape too."""
    if rule.inputs is None and rule.outputs_per_input is None:
        return True
    outputs, inputs = (*pair.shape, None, None)[:2]
    if rule.inputs is not None:
        return inputs == rule.inputs
    return bool(inputs and outputs and outputs / inputs == rule.outputs_per_input)


def _evidence(pair: Pair) -> str:
    tensor = pair.down or pair.up or next(iter(pair.tensors.values()))
    return tensor.name


def _unknown(reason: str, candidates: tuple[Candidate, ...]) -> Detection:
    return Detection(Family.UNKNOWN, "", "", reason, candidates)


def _disagreement(surest: list[Candidate]) -> str:
    families = " and ".join(sorted(each.family for each in surest))
    if surest[0].strength is Strength.PROOF:
        return f"Its layers belong to more than one family: {families}."
    return f"Shapes alone cannot tell {families} apart in this file."


def _variant(family: Family, adapter: AdapterFile) -> str:
    """Return what shapes tell within a family, "" if nothing."""
    if family is Family.SD3:
        widths = {pair.shape[1] for pair in adapter.pairs if len(pair.shape) > 1}
        return "3.5 large" if 2432 in widths else "medium" if 1536 in widths else ""
    if family is Family.FLUX1 and any(pair.flat == "img_in" for pair in adapter.pairs):
        return "control" if adapter.dialect is Dialect.BFL else ""
    if family is Family.LLAMA:
        widths = {pair.shape[1] for pair in adapter.pairs if pair.flat.endswith("_q_proj")}
        return f"{max(filter(None, widths), default=0)} wide" if widths else ""
    return ""
