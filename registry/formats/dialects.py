"""
How trainers name tensors, and how to take a name apart.

A name is <prefix><module><tail>: the prefix says which part of the base, the module which layer,
the tail which matrix of the pair. `lora_unet_mid_block_attentions_0_proj_in.lora_down.weight` is
`lora_unet_` + `mid_block_attentions_0_proj_in` + `.lora_down.weight`. Prefixes and tails are two
tables; a dialect is a meeting of the two. To teach us a dialect, add its rows.

A name that fits no row is left alone and reported. Nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from registry.formats.peft_types import PEFT_TYPES

# What PEFT's less common types call a layer's tensors.
PEFT_ROLES = tuple(
    dict.fromkeys(
        role
        for kind in PEFT_TYPES.values()
        for role in kind.roles
        if role not in {"lora_A", "lora_B"}
    )
)


class Dialect(StrEnum):
    KOHYA = "kohya"
    LYCORIS = "lycoris"
    DIFFUSERS = "diffusers"
    DIFFUSERS_MID = "diffusers_mid"  # `.lora.down`, early 2023
    DIFFUSERS_OLD = "diffusers_old"  # `.processor.to_k_lora.down`, with its `unet.` prefix
    DIFFUSERS_ROOT = "diffusers_root"  # … and without
    PEFT = "peft"
    BFL = "bfl"  # Black Forest Labs' own names, as ai-toolkit and ComfyUI write them too
    XLABS = "xlabs"
    CLONEOFSIMO = "cloneofsimo"  # 2022: layers are numbers
    OMI = "omi"  # the Open Model Initiative's, as OneTrainer writes it
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


class Piece(NamedTuple):
    """One tensor's name, taken apart."""

    dialect: Dialect
    component: str
    module: str
    role: str
    tail: Tail


def _same(tail: Tail, *roles: str) -> dict[str, tuple[str, Tail]]:
    return {role: (role, tail) for role in roles}


TAILS: Mapping[str, tuple[str, Tail]] = {
    "lora_down.weight": ("down", Tail.KOHYA),
    "lora_up.weight": ("up", Tail.KOHYA),
    "lora_mid.weight": ("mid", Tail.KOHYA),
    "dora_scale": ("magnitude", Tail.KOHYA),
    "lora_A.weight": ("down", Tail.PEFT),
    "lora_B.weight": ("up", Tail.PEFT),
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
    "lora_linear_layer.down.weight": ("down", Tail.MID),
    "lora_linear_layer.up.weight": ("up", Tail.MID),
    "weight.lora_a": ("down", Tail.GGUF),
    "weight.lora_b": ("up", Tail.GGUF),
    "a1.weight": ("a1", Tail.ANY),
    "a2.weight": ("a2", Tail.ANY),
    "b1.weight": ("b1", Tail.ANY),
    "b2.weight": ("b2", Tail.ANY),
    "bm.weight": ("bm", Tail.ANY),
    **_same(Tail.ANY, "alpha", "diff", "diff_b", "w_norm", "b_norm", "on_input", "ia3_l"),
    **_same(Tail.ANY, "hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b", "hada_t1", "hada_t2"),
    **_same(Tail.ANY, "lokr_w1", "lokr_w1_a", "lokr_w1_b", "lokr_t1"),
    **_same(Tail.ANY, "lokr_w2", "lokr_w2_a", "lokr_w2_b", "lokr_t2"),
    **_same(Tail.ANY, "oft_blocks", "oft_diag", "oft_R", "rescale"),
    **_same(Tail.ANY, *PEFT_ROLES),
    **{f"{role}.weight": (role, Tail.ANY) for role in PEFT_ROLES},
}

# Names with underscores for dots. The first that fits is taken, so longer ones come first.
FLAT_PREFIXES: tuple[tuple[str, Dialect, str], ...] = (
    ("lora_unet_", Dialect.KOHYA, "unet"),
    ("lora_transformer_", Dialect.KOHYA, "transformer"),
    ("lora_te1_", Dialect.KOHYA, "text_encoder"),
    ("lora_te2_", Dialect.KOHYA, "text_encoder_2"),
    ("lora_te3_", Dialect.KOHYA, "text_encoder_3"),
    ("lora_te_", Dialect.KOHYA, "text_encoder"),
    ("lora_prior_unet_", Dialect.KOHYA, "prior"),
    ("lora_prior_te_", Dialect.KOHYA, "text_encoder"),
    ("lycoris_te1_", Dialect.LYCORIS, "text_encoder"),
    ("lycoris_te2_", Dialect.LYCORIS, "text_encoder_2"),
    ("lycoris_te_", Dialect.LYCORIS, "text_encoder"),
    ("lycoris_unet_", Dialect.LYCORIS, "unet"),
    ("lycoris_", Dialect.LYCORIS, ""),
)

DOTTED_PREFIXES: tuple[tuple[str, Dialect, str], ...] = (
    ("base_model.model.", Dialect.PEFT, ""),
    ("diffusion_model.", Dialect.BFL, ""),
    ("unet.", Dialect.DIFFUSERS, "unet"),
    ("transformer.", Dialect.DIFFUSERS, "transformer"),
    ("text_encoder.", Dialect.DIFFUSERS, "text_encoder"),
    ("text_encoder_2.", Dialect.DIFFUSERS, "text_encoder_2"),
    ("text_encoder_3.", Dialect.DIFFUSERS, "text_encoder_3"),
    ("clip_l.", Dialect.OMI, "text_encoder"),
    ("clip_g.", Dialect.OMI, "text_encoder_2"),
    ("t5.", Dialect.OMI, "text_encoder_3"),
)

# What a module's name begins with, where no prefix says which part of the base it is in.
FIRST_WORDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"(down_blocks|up_blocks|mid_block|input_blocks|middle_block|output_blocks|conv_in|"
            r"conv_out|time_embed|time_embedding|add_embedding|label_emb|out_[02])(?![a-z])"
        ),
        "unet",
    ),
    (
        re.compile(
            r"(double_blocks|single_blocks|single_transformer_blocks|transformer_blocks|"
            r"joint_blocks|joint_transformer_blocks|double_stream_blocks|single_stream_blocks|"
            r"distilled_guidance_layer|img_in|txt_in|time_in|vector_in|guidance_in|final_layer|"
            r"context_embedder|x_embedder|proj_out|norm_out|txtfusion|text_fusion|txtmlp|tmlp|"
            r"blocks|layers|context_refiner|noise_refiner|llm_adapter)(?![a-z])"
        ),
        "transformer",
    ),
)

# diffusers' `transformer.` is a part of the pipeline; GPT-2's and BLOOM's is in the model.
_TEXT_TRANSFORMER = re.compile(r"transformer\.(h|wte|wpe|word_embeddings|layer|encoder|blocks)\.")
_CLONEOFSIMO = re.compile(r"(unet|text_encoder):(\d+):(down|up)")
_PROCESSOR = re.compile(r"(.+)\.processor\.(to_[qkv]|to_out)_lora\.(down|up)\.weight")
_XLABS = re.compile(
    r"(?:diffusion_model\.)?((?:double|single)_blocks\.\d+)\.processor\."
    r"(qkv|proj)_lora([12]?)\.(down|up)\.weight"
)
_INFIX = re.compile(r"(.+)\.(lora_A|lora_B|lora_embedding_A|lora_embedding_B|lora_magnitude_vector)"
                    r"\.([^.]+)(\.weight)?")  # fmt: skip
_WITH_TAIL = {
    (Dialect.DIFFUSERS, Tail.MID): Dialect.DIFFUSERS_MID,
    (Dialect.DIFFUSERS, Tail.PROCESSOR): Dialect.DIFFUSERS_OLD,
    (Dialect.DIFFUSERS, Tail.KOHYA): Dialect.HYBRID,
    (Dialect.UNKNOWN, Tail.PROCESSOR): Dialect.DIFFUSERS_ROOT,
    (Dialect.UNKNOWN, Tail.MID): Dialect.DIFFUSERS_ROOT,
    (Dialect.UNKNOWN, Tail.PEFT): Dialect.PEFT,
    (Dialect.UNKNOWN, Tail.GGUF): Dialect.GGUF,
    (Dialect.UNKNOWN, Tail.KOHYA): Dialect.HYBRID,
    (Dialect.UNKNOWN, Tail.ANY): Dialect.HYBRID,
}


def take_apart(name: str) -> Piece | None:
    """Return what the name of a tensor says, None if it speaks no dialect that we know."""
    split = _split_tail(name)
    if split is not None:
        root, role, tail = split
        dialect, component, module = _place(root, tail)
        return Piece(dialect, component, module, role, tail)
    if match := _CLONEOFSIMO.fullmatch(name):
        component, number, role = match.groups()
        return Piece(Dialect.CLONEOFSIMO, component, number, role, Tail.ANY)
    if match := _XLABS.fullmatch(name):
        return _xlabs(*match.groups())
    if match := _PROCESSOR.fullmatch(name):
        layer = "to_out.0" if match[2] == "to_out" else match[2]
        place = _place(f"{match[1]}.{layer}", Tail.PROCESSOR)
        return Piece(*place, match[3], Tail.PROCESSOR)
    return None


def take_all_apart(names: Iterable[str]) -> dict[str, Piece | None]:
    """Return what each name says; a layer that shows no component is where the others are."""
    pieces = {name: take_apart(name) for name in names}
    for name in [name for name in pieces if name.endswith("on_input")]:
        piece = pieces[name]
        # (IA)³ calls its vector plainly "weight", so it is known by what stands beside it.
        vector = f"{name.removesuffix('on_input')}weight"
        if piece and vector in pieces and pieces[vector] is None:
            pieces[vector] = piece._replace(role="weight")
    if all(piece is None or piece.component for piece in pieces.values()):
        return pieces
    denoiser = "unet"
    if any(piece and piece.component == "transformer" for piece in pieces.values()):
        denoiser = "transformer"
    return {
        name: piece._replace(component=denoiser) if piece and not piece.component else piece
        for name, piece in pieces.items()
    }


def component_of(module: str) -> str:
    """Return the part of a base that a module's own name shows; "model" if none."""
    for first_word, component in FIRST_WORDS:
        if first_word.match(module):
            return component
    return "model"


def _split_tail(name: str) -> tuple[str, str, Tail] | None:
    # A flat name has no dots but those of its tail,
    root, _, tail = name.partition(".")
    if tail in TAILS:
        return root, *TAILS[tail]
    # … and others are cut at their last three, from the right: tails have one to three words.
    end = len(name)
    for _ in range(3):
        end = name.rfind(".", 0, end)
        if end < 0:
            break
        found = TAILS.get(name[end + 1 :])
        if found:
            return name[:end], *found
    # PEFT in memory has the adapter's own name inside: `lora_A.default.weight`.
    if match := _INFIX.fullmatch(name):
        return match[1], *TAILS[match[2]]
    return None


@lru_cache(maxsize=4096)  # Each layer has two to eight tensors, one after another.
def _place(root: str, tail: Tail) -> tuple[Dialect, str, str]:
    """Return dialect, component and module of a name without its tail."""
    for prefix, dialect, component in FLAT_PREFIXES:
        if root.startswith(prefix):
            module = root.removeprefix(prefix)
            return dialect, _flat_component(component, module), module
    return _dotted(root, tail)


def _dotted(root: str, tail: Tail) -> tuple[Dialect, str, str]:
    dialect, component, module = Dialect.UNKNOWN, "", root
    if not _TEXT_TRANSFORMER.match(root):
        for prefix, of_prefix, its_component in DOTTED_PREFIXES:
            if root.startswith(prefix):
                dialect, component = of_prefix, its_component
                module = root.removeprefix(prefix)
                break
    if not component:
        component = component_of(module)
    dialect = _WITH_TAIL.get((dialect, tail), dialect)
    if dialect is Dialect.PEFT and _is_bfl(module):
        dialect = Dialect.BFL
    return dialect, component, module


def _is_bfl(module: str) -> bool:
    return module.startswith(("double_blocks.", "single_blocks.", "img_in", "txt_in", "vector_in",
                              "time_in", "guidance_in", "final_layer."))  # fmt: skip


def _flat_component(component: str, module: str) -> str:
    # kohya says `lora_unet_` for whatever denoises, U-Net or transformer.
    if component in {"unet", ""}:
        seen = component_of(module)
        return seen if seen != "model" else ""
    return component


def _xlabs(block: str, matrix: str, stream: str, role: str) -> Piece:
    if block.startswith("single"):
        module = f"{block}.{matrix}"
    else:
        module = f"{block}.{'txt' if stream == '2' else 'img'}_attn.{matrix}"
    return Piece(Dialect.XLABS, "transformer", module, role, Tail.XLABS)
