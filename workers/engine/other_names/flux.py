"""What Black Forest Labs call the layers of FLUX: queries, keys and values in one matrix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workers.engine.other_names.naming import Blocks, OtherNames, named

_ENDS = {
    "img_in": "x_embedder",
    "txt_in": "context_embedder",
    "time_in_in_layer": "time_text_embed.timestep_embedder.linear_1",
    "time_in_out_layer": "time_text_embed.timestep_embedder.linear_2",
    "vector_in_in_layer": "time_text_embed.text_embedder.linear_1",
    "vector_in_out_layer": "time_text_embed.text_embedder.linear_2",
    "guidance_in_in_layer": "time_text_embed.guidance_embedder.linear_1",
    "guidance_in_out_layer": "time_text_embed.guidance_embedder.linear_2",
    "final_layer_linear": "proj_out",
    "final_layer_adaLN_modulation_1": "norm_out.linear",
}
_JOINT_ATTENTION = {
    "img_attn_qkv": ("attn.to_q", "attn.to_k", "attn.to_v"),
    "txt_attn_qkv": ("attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj"),
    "img_attn_proj": ("attn.to_out.0",),
    "txt_attn_proj": ("attn.to_add_out",),
}
_DOUBLE = _JOINT_ATTENTION | {
    "img_mlp_0": ("ff.net.0.proj",),
    "img_mlp_2": ("ff.net.2",),
    "txt_mlp_0": ("ff_context.net.0.proj",),
    "txt_mlp_2": ("ff_context.net.2",),
    "img_mod_lin": ("norm1.linear",),
    "txt_mod_lin": ("norm1_context.linear",),
}
_SINGLE = {
    "linear1": ("attn.to_q", "attn.to_k", "attn.to_v", "proj_mlp"),
    "linear2": ("proj_out",),
    "modulation_lin": ("norm.linear",),
    "qkv": ("attn.to_q", "attn.to_k", "attn.to_v"),  # XLabs trains these rows alone.
}
_BLOCKS = (
    Blocks("double_blocks", "transformer_blocks", _DOUBLE),
    Blocks("single_blocks", "single_transformer_blocks", _SINGLE),
)
# What Chroma has in the place of FLUX.1's modulations.
_APPROXIMATOR = Blocks(
    "distilled_guidance_layer_layers",
    "distilled_guidance_layer.layers",
    {"in_layer": ("linear_1",), "out_layer": ("linear_2",)},
)

# FLUX.2 modulates all blocks alike, and its single blocks are one matrix in and one out.
_ENDS_OF_2 = {
    "img_in": "x_embedder",
    "txt_in": "context_embedder",
    "time_in_in_layer": "time_guidance_embed.timestep_embedder.linear_1",
    "time_in_out_layer": "time_guidance_embed.timestep_embedder.linear_2",
    "guidance_in_in_layer": "time_guidance_embed.guidance_embedder.linear_1",
    "guidance_in_out_layer": "time_guidance_embed.guidance_embedder.linear_2",
    "double_stream_modulation_img_lin": "double_stream_modulation_img.linear",
    "double_stream_modulation_txt_lin": "double_stream_modulation_txt.linear",
    "single_stream_modulation_lin": "single_stream_modulation.linear",
    "final_layer_linear": "proj_out",
    "final_layer_adaLN_modulation_1": "norm_out.linear",
}
_DOUBLE_OF_2 = _JOINT_ATTENTION | {
    "img_mlp_0": ("ff.linear_in",),
    "img_mlp_2": ("ff.linear_out",),
    "txt_mlp_0": ("ff_context.linear_in",),
    "txt_mlp_2": ("ff_context.linear_out",),
}
_SINGLE_OF_2 = {"linear1": ("attn.to_qkv_mlp_proj",), "linear2": ("attn.to_out",)}


def names(layers: tuple[str, ...], _config: Mapping[str, Any]) -> OtherNames:
    return named(layers, ends=_ENDS, blocks=_BLOCKS)


def names_in_chroma(layers: tuple[str, ...], _config: Mapping[str, Any]) -> OtherNames:
    return named(layers, ends=_ENDS, blocks=(*_BLOCKS, _APPROXIMATOR))


def names_in_flux_2(layers: tuple[str, ...], _config: Mapping[str, Any]) -> OtherNames:
    blocks = (
        Blocks("double_blocks", "transformer_blocks", _DOUBLE_OF_2),
        Blocks("single_blocks", "single_transformer_blocks", _SINGLE_OF_2),
    )
    return named(layers, ends=_ENDS_OF_2, blocks=blocks)
