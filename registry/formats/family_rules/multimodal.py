"""
What shows the families of models that read pictures and write text.

What reads the picture shows them. An adapter of the language model alone has Llama's names, with
`language_model` before them in most of these families: then names leave all of them open.
"""

from __future__ import annotations

from registry.formats.family_rules.rule import Family, Rule, Strength, rule

_TOWER = r"(model_|vlm_)*(vision_tower_)+(vision_model_)?(encoder_layers_\d+|embeddings)_"
_VISUAL = r"(model_|vlm_)*visual_(blocks_\d+|merger|patch_embed)_"
_INSIDE = r"(model_|vlm_)*language_model_(model_)*layers_\d+_(self_attn_[qkvo]_proj|mlp_\w+_proj)$"

RULES: tuple[Rule, ...] = (
    rule(Family.LLAVA, "model", _TOWER, "a vision tower 1024 wide", inputs=1024),
    rule(Family.LLAVA, "model", r"(model_)*(multi_modal_projector_linear_[12]|mm_projector_\d)$",
         "two layers from the picture to the words, by LLaVA's names"),
    rule(Family.PALIGEMMA, "model", r"(model_)*multi_modal_projector_linear$",
         "one layer from the picture to the words, as PaliGemma has"),
    rule(Family.GEMMA3, "model", r"(model_)*multi_modal_projector_mm_soft_emb_norm$",
         "a norm between the picture and the words, as Gemma 3 has"),
    *(
        rule(family, "model", _TOWER, "a vision tower 1152 wide, as PaliGemma and Gemma 3 have",
             inputs=1152, strength=Strength.STRONG)
        for family in (Family.PALIGEMMA, Family.GEMMA3)
    ),
    rule(Family.QWEN2_5_VL, "model", r"(model_|vlm_)*visual_blocks_\d+_mlp_(gate|up|down)_proj$",
         "a vision model with a gate, as Qwen 2.5 VL has"),
    rule(Family.QWEN2_VL, "model", r"(model_|vlm_)*visual_blocks_\d+_mlp_fc[12]$",
         "a vision model without a gate, as Qwen 2 VL has"),
    *(
        rule(family, "model", _VISUAL, f"a vision model by Qwen's names, {width} wide",
             inputs=width, strength=Strength.STRONG)
        for family in (Family.QWEN2_VL, Family.QWEN2_5_VL)
        for width in (1280, 5120)  # 5120 where it merges four patches; Qwen 3 VL's are others.
    ),
    *(
        rule(family, "model", _INSIDE, "Llama's layers inside a model that reads pictures",
             strength=Strength.LIKELY)
        for family in (Family.LLAVA, Family.PALIGEMMA, Family.GEMMA3, Family.QWEN2_VL,
                       Family.QWEN2_5_VL)
    ),
    rule(Family.BLIP, "model", r"text_decoder_(bert|cls)_", "a text decoder by BLIP's names"),
    rule(Family.BLIP, "model", r"text_encoder_encoder_layer_\d+_(cross)?attention_",
         "a text encoder by BLIP's names"),
    rule(Family.BLIP, "model", r"vision_model_encoder_layers_\d+_", "a vision model 768 wide",
         inputs=768, strength=Strength.STRONG),
    rule(Family.BLIP2, "model", r"qformer_", "a querying transformer"),
    rule(Family.BLIP2, "model", r"language_projection$", "a layer from the queries to the words"),
    rule(Family.BLIP2, "model", r"vision_model_encoder_layers_\d+_", "a vision model 1408 wide",
         inputs=1408),
    rule(Family.BLIP2, "model", r"language_model_(model_)?decoder_layers_\d+_",
         "OPT's layers inside a model that reads pictures"),
)  # fmt: skip
