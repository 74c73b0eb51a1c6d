"""
The words of which trainers make a tensor's name: its ends and its beginnings, as two tables.

A tail says which matrix of a layer a tensor is, a prefix which part of the base the layer is in. A
dialect is a meeting of the two. To teach us a dialect, add its rows; `dialects.py` reads them.

Three components are not yet settled here, since the same words mean another text encoder in another
base: `clip_l`, `t5` and their like. `components.py` settles them by what else is in the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from registry.formats.peft_types import PEFT_TYPES


class Dialect(StrEnum):
    KOHYA = "kohya"
    LYCORIS = "lycoris"
    DIFFUSERS = "diffusers"
    DIFFUSERS_MID = "diffusers_mid"  # `.lora.down`, early 2023
    DIFFUSERS_OLD = "diffusers_old"  # `.processor.to_k_lora.down`, with its `unet.` prefix
    DIFFUSERS_ROOT = "diffusers_root"  # … and without
    DIFFUSERS_PEFT = "diffusers_peft"  # PEFT's prefix inside the pipeline's: SimpleTuner, 2024
    PEFT = "peft"
    BFL = "bfl"  # Black Forest Labs' own names, as ai-toolkit and ComfyUI write them too
    XLABS = "xlabs"
    CLONEOFSIMO = "cloneofsimo"  # 2022: layers are numbers
    OMI = "omi"  # the Open Model Initiative's, as OneTrainer wrote it
    GGUF = "gguf"  # llama.cpp's own names
    HYBRID = "hybrid"  # kohya's tails on dotted module names
    UNKNOWN = "unknown"


class Tail(StrEnum):
    """A way of naming the matrices of a pair."""

    KOHYA = "kohya"
    PEFT = "peft"
    MID = "mid"
    PROCESSOR = "processor"
    XLABS = "xlabs"
    GGUF = "gguf"
    ANY = "any"  # Found in several dialects, so the prefix decides alone.


class Place(NamedTuple):
    """Where a layer is, by the names of its tensors: all of them but the tail."""

    dialect: Dialect
    component: str
    module: str
    layer: str  # as the file spells it, for messages


# What PEFT's less common types call a layer's tensors.
PEFT_ROLES = tuple(
    dict.fromkeys(
        role
        for kind in PEFT_TYPES.values()
        for role in (*kind.roles, *kind.more)
        if role not in {"lora_A", "lora_B"}
    )
)


def _of_role(role: str) -> Tail:
    # LyCORIS' names were taken over by PEFT, and PEFT's OFT by OneTrainer.
    return Tail.ANY if role.startswith(("hada_", "lokr_", "oft_")) else Tail.PEFT


def _same(tail: Tail, *roles: str) -> dict[str, tuple[str, Tail]]:
    return {role: (role, tail) for role in roles}


TAILS: Mapping[str, tuple[str, Tail]] = {
    "lora_down.weight": ("down", Tail.KOHYA),
    "lora_up.weight": ("up", Tail.KOHYA),
    "lora_mid.weight": ("mid", Tail.KOHYA),
    "lora_up.bias": ("up_bias", Tail.KOHYA),
    "dora_scale": ("magnitude", Tail.KOHYA),
    "lora_A.weight": ("down", Tail.PEFT),
    "lora_B.weight": ("up", Tail.PEFT),
    "lora_A.bias": ("down_bias", Tail.PEFT),
    "lora_B.bias": ("up_bias", Tail.PEFT),
    "lora_A": ("down", Tail.PEFT),
    "lora_B": ("up", Tail.PEFT),
    "lora_embedding_A": ("down", Tail.PEFT),
    "lora_embedding_B": ("up", Tail.PEFT),
    "lora_magnitude_vector": ("magnitude", Tail.PEFT),
    "lora_magnitude_vector.weight": ("magnitude", Tail.PEFT),
    "dora_magnitude": ("magnitude", Tail.PEFT),
    "lora.down.weight": ("down", Tail.MID),
    "lora.up.weight": ("up", Tail.MID),
    "lora.alpha": ("alpha", Tail.MID),
    "lora_linear_layer.down.weight": ("down", Tail.MID),
    "lora_linear_layer.up.weight": ("up", Tail.MID),
    "lora_linear_layer.alpha": ("alpha", Tail.MID),
    "weight.lora_a": ("down", Tail.GGUF),
    "weight.lora_b": ("up", Tail.GGUF),
    "a1.weight": ("a1", Tail.ANY),
    "a2.weight": ("a2", Tail.ANY),
    "b1.weight": ("b1", Tail.ANY),
    "b2.weight": ("b2", Tail.ANY),
    "bm.weight": ("bm", Tail.ANY),
    **_same(Tail.ANY, "alpha", "scalar", "rescale", "reshape_weight"),
    **_same(Tail.ANY, "diff", "diff_b", "w_norm", "b_norm", "on_input"),
    **_same(Tail.ANY, "hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b", "hada_t1", "hada_t2"),
    **_same(Tail.ANY, "lokr_w1", "lokr_w1_a", "lokr_w1_b", "lokr_t1"),
    **_same(Tail.ANY, "lokr_w2", "lokr_w2_a", "lokr_w2_b", "lokr_t2"),
    **_same(Tail.ANY, "oft_blocks", "oft_diag", "oft_s"),
    # kohya turns the rows of FLUX's joined matrices each by itself.
    **_same(Tail.ANY, *(f"oft_blocks.{part}" for part in range(4))),
    **{role: (role, _of_role(role)) for role in PEFT_ROLES},
    **{f"{role}.weight": (role, _of_role(role)) for role in PEFT_ROLES if "." not in role},
}

# Names with underscores for dots. The first that fits is taken, so longer ones come first.
FLAT_PREFIXES: tuple[tuple[str, Dialect, str], ...] = (
    ("lora_unet__", Dialect.KOHYA, "unet"),  # One underscore too many, by some trainers of Wan's.
    ("lora_unet_", Dialect.KOHYA, "unet"),
    ("lora_transformer_", Dialect.KOHYA, "transformer"),
    ("lora_te1_", Dialect.KOHYA, "text_encoder"),
    ("lora_te2_", Dialect.KOHYA, "text_encoder_2"),
    ("lora_te3_", Dialect.KOHYA, "te3"),
    ("lora_te4_", Dialect.KOHYA, "text_encoder_4"),
    ("lora_te_", Dialect.KOHYA, "text_encoder"),
    ("lora_prior_unet_", Dialect.KOHYA, "prior"),
    ("lora_prior_te_", Dialect.KOHYA, "text_encoder"),
    ("oft_unet_", Dialect.KOHYA, "unet"),
    ("oft_te_", Dialect.KOHYA, "text_encoder"),
    ("Hunyuan_video_I2V_lora_", Dialect.KOHYA, "transformer"),
    ("lycoris_te1_", Dialect.LYCORIS, "text_encoder"),
    ("lycoris_te2_", Dialect.LYCORIS, "text_encoder_2"),
    ("lycoris_te3_", Dialect.LYCORIS, "te3"),
    ("lycoris_te_", Dialect.LYCORIS, "text_encoder"),
    ("lycoris_unet_", Dialect.LYCORIS, "unet"),
    ("lycoris_", Dialect.LYCORIS, ""),
)

# ComfyUI's names of text encoders; a base has those of its kind, mostly in this order.
_COMFYUI = {"clip_l": "clip_l", "clip_g": "clip_g", "t5xxl": "t5", "llama": "llama"}

# What diffusers calls the parts of a pipeline; PEFT's word for what it wraps.
_PARTS = ("unet", "transformer", "transformer_2", "prior", "text_encoder", "text_encoder_2",
          "text_encoder_3", "text_encoder_4")  # fmt: skip
WRAPPED = "base_model.model."

DOTTED_PREFIXES: tuple[tuple[str, Dialect, str], ...] = (
    (WRAPPED, Dialect.PEFT, "model"),
    ("diffusion_model.", Dialect.BFL, ""),
    ("model.diffusion_model.", Dialect.BFL, ""),
    *(
        (f"text_encoders.{name}.{wrapped}", Dialect.BFL, component)
        for name, component in _COMFYUI.items()
        for wrapped in ("transformer.", "")
    ),
    *((f"{part}.{WRAPPED}", Dialect.DIFFUSERS_PEFT, part) for part in _PARTS),
    *((f"{part}.", Dialect.DIFFUSERS, part) for part in _PARTS),
    ("clip_l.", Dialect.OMI, "clip_l"),
    ("clip_g.", Dialect.OMI, "clip_g"),
    ("t5.", Dialect.OMI, "t5"),
    ("llama.", Dialect.OMI, "llama"),
)
