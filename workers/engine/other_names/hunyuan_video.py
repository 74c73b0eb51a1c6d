"""
What Tencent call the layers of HunyuanVideo and HunyuanImage, and what ComfyUI makes of that.

Their blocks are those of FLUX.1, with more of them, and so are most of their names: `img_attn_qkv`
for `img_attn.qkv`, which are one in the flat spelling. The later ones keep queries, keys and values
apart, and ComfyUI joins them again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workers.engine.other_names.naming import OtherNames
from workers.engine.other_names.tables import Table, names_by

# The embedding of time has moved: what is not there gives no name.
_EMBEDDERS = (
    ("time_in", "time_text_embed.timestep_embedder"),
    ("time_in", "time_guidance_embed.timestep_embedder"),
    ("time_in", "time_embed.timestep_embedder"),
    ("time_r_in", "time_guidance_embed.timestep_embedder_r"),
    ("time_r_in", "time_embed.timestep_embedder_r"),
    ("guidance_in", "time_text_embed.guidance_embedder"),
    ("guidance_in", "time_guidance_embed.guidance_embedder"),
    ("txt_in.t_embedder", "context_embedder.time_text_embed.timestep_embedder"),
)
_ENDS: Table = {
    "img_in.proj": ("x_embedder.proj",),
    "vector_in.in_layer": ("time_text_embed.text_embedder.linear_1",),
    "vector_in.out_layer": ("time_text_embed.text_embedder.linear_2",),
    "txt_in.input_embedder": ("context_embedder.proj_in",),
    "final_layer.linear": ("proj_out",),
    "final_layer.adaLN_modulation.1": ("norm_out.linear",),
    "byt5_in.layernorm": ("context_embedder_2.norm",),
    "byt5_in.fc1": ("context_embedder_2.linear_1",),
    "byt5_in.fc2": ("context_embedder_2.linear_2",),
    "byt5_in.fc3": ("context_embedder_2.linear_3",),
    "vision_in.proj.0": ("image_embedder.norm_in",),
    "vision_in.proj.1": ("image_embedder.linear_1",),
    "vision_in.proj.3": ("image_embedder.linear_2",),
    "vision_in.proj.4": ("image_embedder.norm_out",),
    "cond_type_embedding": ("cond_type_embed",),
    **{
        f"txt_in.c_embedder.{other}": (f"context_embedder.time_text_embed.text_embedder.{ours}",)
        for other, ours in (
            ("linear_1", "linear_1"),
            ("linear_2", "linear_2"),
            ("in_layer", "linear_1"),
            ("out_layer", "linear_2"),
        )
    },
}
_REFINER = "context_embedder.token_refiner.refiner_blocks.{n}"
_IN_REFINER: Table = {
    "self_attn_qkv": ("attn.to_q", "attn.to_k", "attn.to_v"),
    "self_attn_proj": ("attn.to_out.0",),
    "mlp.fc1": ("ff.net.0.proj",),
    "mlp.fc2": ("ff.net.2",),
    "mlp.0": ("ff.net.0.proj",),
    "mlp.2": ("ff.net.2",),
    "norm1": ("norm1",),
    "norm2": ("norm2",),
    "adaLN_modulation.1": ("norm_out.linear",),
}
_STREAMS = {  # name of the stream: its queries, keys and values, what comes out, its other layers
    "img": (("to_q", "to_k", "to_v"), "to_out.0", "ff", "norm1", ("norm_q", "norm_k")),
    "txt": (
        ("add_q_proj", "add_k_proj", "add_v_proj"),
        "to_add_out",
        "ff_context",
        "norm1_context",
        ("norm_added_q", "norm_added_k"),
    ),
}
_IN_SINGLE: Table = {
    "linear1": ("attn.to_q", "attn.to_k", "attn.to_v", "proj_mlp"),
    "linear2": ("proj_out",),
    "modulation.linear": ("norm.linear",),
    "modulation.lin": ("norm.linear",),
    "q_norm": ("attn.norm_q",),
    "k_norm": ("attn.norm_k",),
}
_SINGLE_APART = {
    "linear1_q": "attn.to_q",
    "linear1_k": "attn.to_k",
    "linear1_v": "attn.to_v",
    "linear1_mlp": "proj_mlp",
    "linear2.fc": "proj_out",
}


def names(layers: tuple[str, ...], _: Mapping[str, Any]) -> OtherNames:
    table = dict(_ENDS)
    for root, its_root, inside in (
        ("txt_in.individual_token_refiner.blocks.{n}", _REFINER, _IN_REFINER),
        ("single_blocks.{n}", "single_transformer_blocks.{n}", _IN_SINGLE),
        ("double_blocks.{n}", "transformer_blocks.{n}", _in_double()),
    ):
        for other, parts in inside.items():
            table[f"{root}.{other}"] = tuple(f"{its_root}.{part}" for part in parts)
    found = names_by(table, layers)
    for other, ours in _EMBEDDERS:
        for number, spellings in ((1, ("mlp.0", "in_layer")), (2, ("mlp.2", "out_layer"))):
            part = (f"{ours}.linear_{number}",)
            found |= names_by({f"{other}.{spelling}": part for spelling in spellings}, layers)
    return found


def names_apart(layers: tuple[str, ...], config: Mapping[str, Any]) -> OtherNames:
    """Return what the later models call the layers: queries, keys and values apart, or joined."""
    table = {
        f"single_blocks.{{n}}.{other}": (f"single_transformer_blocks.{{n}}.{part}",)
        for other, part in _SINGLE_APART.items()
    }
    for stream, (joined, *_) in _STREAMS.items():
        for letter, part in zip("qkv", joined, strict=True):
            table[f"double_blocks.{{n}}.{stream}_attn_{letter}"] = (
                f"transformer_blocks.{{n}}.attn.{part}",
            )
    return names_by(table, layers) | names(layers, config)


def _in_double() -> Table:
    table: dict[str, tuple[str, ...]] = {}
    for stream, (joined, out, feed_forward, modulation, norms) in _STREAMS.items():
        table[f"{stream}_attn_qkv"] = tuple(f"attn.{part}" for part in joined)
        table[f"{stream}_attn_proj"] = (f"attn.{out}",)
        for first, second in (("fc1", "fc2"), ("0", "2")):
            table[f"{stream}_mlp.{first}"] = (f"{feed_forward}.net.0.proj",)
            table[f"{stream}_mlp.{second}"] = (f"{feed_forward}.net.2",)
        for spelling in ("linear", "lin"):
            table[f"{stream}_mod.{spelling}"] = (f"{modulation}.linear",)
        for letter, norm in zip("qk", norms, strict=True):
            table[f"{stream}_attn_{letter}_norm"] = (f"attn.{norm}",)
    return table
