"""
Which part of a base a layer is in: the U-Net, the transformer, which of the text encoders.

Most names say so by their prefix. Of the others this module decides, first by the layer's own name,
then by what else the file holds: T5 is FLUX's second text encoder and Stable Diffusion 3's third,
and a file says nowhere which of the two it is for but by its other layers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Set

from registry.formats.spellings import Place

# What a module's name begins with, dotted or flat, in every base of its kind and in no other.
_PRIOR = (
    r"(down|up)_blocks[._]\d+[._]\d|(down|up)_(repeat_mapp|downscal|upscal)ers|"
    r"clip_(txt|img)(_pooled)?_mapp"
)
_UNET = r"(down_blocks|up_blocks|mid_block|input_blocks|middle_block|output_blocks)(?![a-z])"
_TRANSFORMER = (
    r"(double_blocks|single_blocks|single_transformer_blocks|transformer_blocks|"
    r"joint_blocks|joint_transformer_blocks|double_stream_blocks|single_stream_blocks|"
    r"(visual|text)_transformer_blocks|distilled_guidance_layer|img_in|txt_in|time_in|"
    r"(double|single)_stream_modulation(_img|_txt)?|"
    r"vector_in|guidance_in|final_layer|txtfusion|text_fusion|txtmlp|context_refiner|"
    r"noise_refiner|llm_adapter|text_conditioner|individual_token_refiner|(double|single)_layers)(?![a-z])"
)
# Language models number their layers so too, but call what is in them otherwise.
_NUMBERED = (
    r"layers[._]\d+[._](attention[._](to_|qkv|out)|feed_forward[._]w[123]|adaLN)|"
    r"(vace_)?blocks[._]\d+[._]((self_attn|cross_attn)[._]([qkvo]|[kv]_img|norm_[qk])(?![a-z_])|"
    r"(self_attn|cross_attn)[._](q|k|v|output)_proj|attn[12][._]|ffn[._][02](?!\d)|"
    r"mlp[._]layer[12]|adaln|attn[._](w[qkvo]|gate)(?![a-z]))"
)
FIRST_WORDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(_PRIOR), "prior"),
    (re.compile(_UNET), "unet"),
    (re.compile(_TRANSFORMER), "transformer"),
    (re.compile(_NUMBERED), "transformer"),
)

# What is found in several kinds of bases, and so shows a part only where a denoiser is meant. Time
# is embedded by any of them and under the same names, so that shows nothing.
_DENOISER_WORDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"(conv_in|conv_out|add_embedding|label_emb|out_[02]|"
            r"encoder_hid_proj|class_embedding)(?![a-z])"
        ),
        "unet",
    ),
    (
        re.compile(
            r"(context_embedder|x_embedder|proj_out|norm_out|tmlp|blocks|layers|patch_embedding|"
            r"condition_embedder|caption_projection|adaln_single|patchify_proj|pos_embed|"
            r"time_text_embed|time_projection|text_embedding|cap_embedder|t_embedder)(?![a-z])"
        ),
        "transformer",
    ),
)
_TEXT = re.compile(r"text_model[._]|encoder[._]block[._]\d+[._]layer[._]|text_projection")
_FLUX = re.compile(r"(double|single)_blocks(?![a-z])|single_transformer_blocks")
_SD3 = re.compile(r"joint_blocks|double_stream_blocks|transformer_blocks[._]\d+[._]attn[._]")
_CHROMA = re.compile(r"distilled_guidance_layer")
_TEXT_ENCODERS = {"te3", "clip_l", "clip_g", "t5", "llama"}  # Numbered by their bases.
UNSETTLED = {"", *_TEXT_ENCODERS}
_BESIDE = {"unet", "transformer", "prior", "text_encoder"}


def component_of(module: str) -> str:
    """Return the part of a base that a module's own name shows surely; "model" if none."""
    for first_word, component in FIRST_WORDS:
        if first_word.match(module):
            return component
    return "model"


def of_denoiser(module: str) -> str:
    """Return the part that shows where the prefix says no more than "what denoises"; or ""."""
    sure = component_of(module)
    if sure != "model":
        return sure
    for first_word, component in _DENOISER_WORDS:
        if first_word.match(module):
            return component
    return ""


def is_text(module: str) -> bool:
    """Return whether a module is CLIP's or T5's by its own name."""
    return _TEXT.match(module) is not None


def settling(places: Collection[Place], *, told: str) -> Callable[[Place], Place]:
    """
    Return what settles the component of each place of one file by what else is in it.

    `told` is what the file's metadata says of its base, for text encoders that come alone.
    """
    components = {place.component for place in places}
    if components.isdisjoint(UNSETTLED) and not ("model" in components and components & _BESIDE):
        return lambda place: place
    return _placing(components, places, told)


def _placing(found: set[str], places: Collection[Place], told: str) -> Callable[[Place], Place]:
    denoiser = next((each for each in ("transformer", "prior", "unet") if each in found), "")
    settled = {"": denoiser or "unet"}
    if found & _TEXT_ENCODERS:
        modules = {place.module for place in places if place.component == denoiser}
        settled |= _text_encoders(found, modules, told)

    def settle(place: Place) -> Place:
        component = settled.get(place.component, place.component)
        if component == "model" and denoiser:
            component = "text_encoder" if is_text(place.module) else denoiser
        elif component == "text_encoder" and "model" in found and not denoiser:
            # A model of several parts, such as MusicGen, by PEFT without its prefix.
            return place._replace(component="model", module=f"text_encoder.{place.module}")
        return place if component == place.component else place._replace(component=component)

    return settle


def _text_encoders(found: set[str], modules: Set[str], told: str) -> dict[str, str]:
    """Return which text encoder each of those is that bases number otherwise."""
    is_flux = _has(_FLUX, modules) or "flux" in told
    # HiDream has Llama as its fourth; HunyuanVideo has it first, and CLIP second.
    is_hunyuan = "llama" in found and found.isdisjoint({"clip_g", "t5"}) and not _has(_SD3, modules)
    return {
        "te3": "text_encoder_2" if is_flux else "text_encoder_3",
        "t5": _of_t5(found, modules, told, is_flux=is_flux),
        "clip_g": "text_encoder" if "prior" in found else "text_encoder_2",
        "llama": "text_encoder" if is_hunyuan else "text_encoder_4",
        "clip_l": "text_encoder_2" if is_hunyuan else "text_encoder",
    }


def _of_t5(found: set[str], modules: Set[str], told: str, *, is_flux: bool) -> str:
    """Return which text encoder T5 is: the third beside two, the second beside one, or the only."""
    if "clip_g" in found or "text_encoder_3" in found:
        return "text_encoder_3"
    if _has(_CHROMA, modules) or "chroma" in told:
        return "text_encoder"
    if is_flux:
        return "text_encoder_2"
    if _has(_SD3, modules) or not modules:
        return "text_encoder_3"
    return "text_encoder_2" if "clip_l" in found else "text_encoder"


def _has(words: re.Pattern[str], modules: Set[str]) -> bool:
    return any(words.match(module) for module in modules)
