"""
Namings that diffusers' loader for a model does not read, though the model's own code does.

Each row was tried on a small model of the real class (tests/workers/engine/agreement). What a
loader makes of a naming that it does not know varies: it refuses the file, or it finds no layer of
the model in it and says nothing.
"""

from __future__ import annotations

import re

from registry.checks.traps import Trap, begins
from registry.formats.adapter import AdapterFile
from registry.formats.algorithms import Algorithm
from registry.formats.dialects import Dialect
from registry.formats.family_rules.rule import Family

_WITHOUT_LOADER = frozenset({Family.CASCADE, Family.HUNYUAN_DIT, Family.PIXART})
_NOT_KOHYA = frozenset(
    {
        Family.AURAFLOW, Family.CHROMA, Family.COGVIDEOX, Family.COSMOS, Family.HIDREAM,
        Family.HUNYUAN_IMAGE, Family.HUNYUAN_VIDEO, Family.KREA2, Family.LTX_VIDEO,
        Family.LUMINA2, Family.MOCHI, Family.SANA,
    }
)  # fmt: skip
_NOT_COMFYUI = frozenset(
    {
        Family.AURAFLOW, Family.CHROMA, Family.COGVIDEOX, Family.HUNYUAN_IMAGE,
        Family.HUNYUAN_VIDEO, Family.MOCHI, Family.SANA, Family.SD3,
    }
)  # fmt: skip
_ITS_OWN = ("unet", "transformer", "prior")

# diffusers' names, where the loader knows the original ones alone; and the other way round.
_RENAMED = re.compile(
    r"(single_)?transformer_blocks_|blocks_\d+_attn[12]_|blocks_\d+_ffn_net_|text_fusion_|"
    r"context_embedder|norm_out"
)
_NUMBERED_IN_A_ROW = ("input_blocks", "middle_block", "output_blocks")
_AROUND_WAN_S_BLOCKS = ("head", "img_emb", "text_embedding", "time_embedding", "time_projection",
                        "condition_embedder", "proj_out")  # fmt: skip
_AROUND_THE_U_NET = ("add_embedding", "encoder_hid_proj")
_LUMINA_S_BLOCKS = ("layers_", "noise_refiner_", "context_refiner_")
_LUMINA_S_LAYERS = {
    "attention_qkv", "attention_out", "feed_forward_w1", "feed_forward_w2", "feed_forward_w3",
    "adaLN_modulation_1",
}  # fmt: skip
_BLOCK = re.compile(r"^(layers|noise_refiner|context_refiner)_\d+_")
_JOINED = re.compile(r".*_attention_qkv$")
_WITHOUT_ENCODERS = frozenset(
    {
        Family.AURAFLOW, Family.CHROMA, Family.COGVIDEOX, Family.COSMOS, Family.FLUX2,
        Family.HIDREAM, Family.HUNYUAN_IMAGE, Family.HUNYUAN_VIDEO, Family.KREA2,
        Family.LTX_VIDEO, Family.LUMINA2, Family.MOCHI, Family.QWEN_IMAGE, Family.SANA,
        Family.WAN, Family.Z_IMAGE,
    }
)  # fmt: skip


def _kohya(adapter: AdapterFile) -> bool:
    return adapter.dialect is Dialect.KOHYA and any(one in adapter.components for one in _ITS_OWN)


def _comfyui(adapter: AdapterFile) -> bool:
    return any(pair.layer.startswith("diffusion_model.") for pair in adapter.pairs)


def _renamed(adapter: AdapterFile) -> bool:
    return any(_RENAMED.match(pair.flat) for pair in adapter.pairs)


def _is_whole_lumina(adapter: AdapterFile) -> bool:
    blocks = [pair.flat for pair in adapter.pairs if pair.flat.startswith(_LUMINA_S_BLOCKS)]
    ends = {_BLOCK.sub("", flat) for flat in blocks}
    return len(blocks) == len(adapter.pairs) and ends >= _LUMINA_S_LAYERS


NO_KOHYA = (
    "Diffusers does not read kohya's names for this model: it refuses the file, or applies none of "
    "it and says nothing."
)
NO_COMFYUI = (
    "Diffusers does not read names that begin with “diffusion_model.” for this model: it refuses "
    "the file, or applies none of it and says nothing."
)

NO_ENCODER = (
    "Diffusers puts no adapter on this text encoder: it drops its layers and says nothing, or "
    "refuses the file."
)

NAMES: tuple[Trap, ...] = (
    Trap(
        "no-loader",
        lambda adapter: bool(adapter.pairs),
        "Diffusers has no loader for adapters of this model.",
        _WITHOUT_LOADER,
    ),
    Trap(
        "text-encoder",
        lambda adapter: any(each.startswith("text_encoder") for each in adapter.components),
        NO_ENCODER,
        _WITHOUT_ENCODERS,
    ),
    Trap(
        "second-text-encoder",
        lambda adapter: "text_encoder_2" in adapter.components,
        NO_ENCODER,
        frozenset({Family.FLUX1}),
    ),
    Trap(
        "third-text-encoder",
        lambda adapter: "text_encoder_3" in adapter.components,
        NO_ENCODER,
        frozenset({Family.SD3}),
    ),
    Trap("kohya-names", _kohya, NO_KOHYA, _NOT_KOHYA),
    Trap(
        "kohya-renamed",
        lambda adapter: _kohya(adapter) and _renamed(adapter),
        "Diffusers reads kohya's names for this model only where they are made of the original "
        "names of its layers, and these are made of diffusers' own.",
        frozenset({Family.FLUX1, Family.FLUX2, Family.WAN}),
    ),
    Trap(
        "kohya-numbered-blocks",
        lambda adapter: _kohya(adapter) and begins(adapter, _NUMBERED_IN_A_ROW),
        "Diffusers reads names made of input_blocks and output_blocks for SDXL alone: it refuses "
        "the file, or applies hardly any of it and says nothing.",
        frozenset({Family.SD1, Family.SD2, Family.SHAPES}),
    ),
    Trap(
        "kohya-around-unet",
        lambda adapter: _kohya(adapter) and begins(adapter, _AROUND_THE_U_NET),
        "Diffusers drops its layers around the U-Net's blocks (add_embedding) and says nothing.",
        frozenset({Family.SDXL, Family.KOLORS}),
    ),
    Trap(
        "kohya-around-wan",
        lambda adapter: _kohya(adapter) and begins(adapter, _AROUND_WAN_S_BLOCKS),
        "Diffusers refuses kohya's names for layers around Wan's blocks (head, time_embedding).",
        frozenset({Family.WAN}),
    ),
    Trap(
        "kohya-around-z-image",
        lambda adapter: _kohya(adapter) and begins(adapter, ("x_embedder", "final_layer")),
        "Diffusers drops its layers around Z-Image's blocks (x_embedder, final_layer) and says "
        "nothing.",
        frozenset({Family.Z_IMAGE}),
    ),
    Trap("comfyui-names", _comfyui, NO_COMFYUI, _NOT_COMFYUI),
    Trap(
        "comfyui-renamed",
        lambda adapter: _comfyui(adapter) and _renamed(adapter),
        "Diffusers refuses its own names with “diffusion_model.” before them: for this model it "
        "wants the original ones there.",
        frozenset({Family.COSMOS, Family.KREA2, Family.WAN}),
    ),
    Trap(
        "comfyui-around-flux",
        lambda adapter: _comfyui(adapter) and begins(adapter, ("context_embedder", "norm_out")),
        "Diffusers refuses its own names of layers around FLUX.2's blocks with “diffusion_model.” "
        "before them.",
        frozenset({Family.FLUX2}),
    ),
    Trap(
        "comfyui-around-ltx",
        lambda adapter: (
            _comfyui(adapter)
            and begins(adapter, ("patchify_proj", "adaln_single"))
            and not any("audio" in pair.flat for pair in adapter.pairs)
        ),
        "Diffusers drops its layers around LTX-Video's blocks (patchify_proj, adaln_single) and "
        "says nothing.",
        frozenset({Family.LTX_VIDEO}),
    ),
    Trap(
        "comfyui-around-cosmos",
        lambda adapter: _comfyui(adapter) and begins(adapter, ("final_layer",)),
        "Diffusers drops the modulation of its last layer (final_layer) and says nothing.",
        frozenset({Family.COSMOS}),
    ),
    Trap(
        "comfyui-joined",
        lambda adapter: (
            _comfyui(adapter) and any(_JOINED.match(pair.flat) for pair in adapter.pairs)
        ),
        "Diffusers drops the layers of its attention and says nothing: it does not know joined "
        "queries, keys and values under names that begin with “diffusion_model.”.",
        frozenset({Family.Z_IMAGE}),
    ),
    Trap(
        "comfyui-lumina",
        lambda adapter: _comfyui(adapter) and not _is_whole_lumina(adapter),
        "Diffusers reads names that begin with “diffusion_model.” for Lumina 2 only where a file "
        "has all layers of the blocks and none around them; it refuses this one.",
        frozenset({Family.LUMINA2}),
    ),
    Trap(
        "comfyui-cosmos",
        lambda adapter: _comfyui(adapter) and not begins(adapter, ("llm_adapter",)),
        "Diffusers reads names that begin with “diffusion_model.” for Anima, and not for "
        "Cosmos-Predict2, whose pipelines have no loader.",
        frozenset({Family.COSMOS}),
    ),
    Trap(
        "comfyui-dora",
        lambda adapter: _comfyui(adapter) and Algorithm.DORA in adapter.algorithms,
        "Diffusers refuses DoRA in this naming.",
        frozenset({Family.FLUX2, Family.KREA2, Family.WAN, Family.Z_IMAGE}),
    ),
    Trap(
        "experts-dora",
        lambda adapter: any(
            pair.algorithm is Algorithm.DORA and "experts" in pair.flat for pair in adapter.pairs
        ),
        "PEFT refuses DoRA on experts: transformers 5 keeps them joined, and it has none for that.",
        frozenset({Family.MIXTRAL, Family.QWEN3_MOE}),
    ),
    Trap(
        "lycoris-names",
        lambda adapter: adapter.dialect is Dialect.LYCORIS,
        "Diffusers does not read names that begin with “lycoris_”: it refuses the file, or applies "
        "none of it and says nothing.",
    ),
)
