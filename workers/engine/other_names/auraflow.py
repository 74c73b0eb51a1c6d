"""What fal's own code calls the layers of AuraFlow, and ComfyUI after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workers.engine.other_names.naming import Blocks, OtherNames, named

_ENDS = {
    "init_x_linear": "pos_embed.proj",
    "t_embedder_mlp_0": "time_step_proj.linear_1",
    "t_embedder_mlp_2": "time_step_proj.linear_2",
    "cond_seq_linear": "context_embedder",
    "modF_1": "norm_out.linear",
    "final_linear": "proj_out",
}


def _feed_forward(other: str, own: str) -> dict[str, tuple[str, ...]]:
    return {
        f"{other}_c_fc1": (f"{own}.linear_1",),
        f"{other}_c_fc2": (f"{own}.linear_2",),
        f"{other}_c_proj": (f"{own}.out_projection",),
    }


_DOUBLE = {
    "attn_w1q": ("attn.add_q_proj",),
    "attn_w1k": ("attn.add_k_proj",),
    "attn_w1v": ("attn.add_v_proj",),
    "attn_w1o": ("attn.to_add_out",),
    "attn_w2q": ("attn.to_q",),
    "attn_w2k": ("attn.to_k",),
    "attn_w2v": ("attn.to_v",),
    "attn_w2o": ("attn.to_out.0",),
    "modX_1": ("norm1.linear",),
    "modC_1": ("norm1_context.linear",),
    **_feed_forward("mlpX", "ff"),
    **_feed_forward("mlpC", "ff_context"),
}
_SINGLE = {
    "attn_w1q": ("attn.to_q",),
    "attn_w1k": ("attn.to_k",),
    "attn_w1v": ("attn.to_v",),
    "attn_w1o": ("attn.to_out.0",),
    "modCX_1": ("norm1.linear",),
    **_feed_forward("mlp", "ff"),
}


def names(layers: tuple[str, ...], _config: Mapping[str, Any]) -> OtherNames:
    blocks = (
        Blocks("double_layers", "joint_transformer_blocks", _DOUBLE),
        Blocks("single_layers", "single_transformer_blocks", _SINGLE),
    )
    return named(layers, ends=_ENDS, blocks=blocks)
