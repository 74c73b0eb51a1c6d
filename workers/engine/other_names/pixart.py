"""What PixArt's own code, and Sana's that grew from it, call their layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workers.engine.other_names.naming import OtherNames
from workers.engine.other_names.tables import Table, names_by

_EMBEDDERS = {
    "t_embedder": "timestep_embedder",
    "csize_embedder": "resolution_embedder",
    "ar_embedder": "aspect_ratio_embedder",
}
_ENDS: Table = {
    "y_embedder.y_proj.fc1": ("caption_projection.linear_1",),
    "y_embedder.y_proj.fc2": ("caption_projection.linear_2",),
    "final_layer.linear": ("proj_out",),
}
_IN_BLOCK: Table = {
    "attn.qkv": ("attn1.to_q", "attn1.to_k", "attn1.to_v"),
    "attn.proj": ("attn1.to_out.0",),
    "attn.q_norm": ("attn1.norm_q",),
    "attn.k_norm": ("attn1.norm_k",),
    "cross_attn.q_linear": ("attn2.to_q",),
    "cross_attn.kv_linear": ("attn2.to_k", "attn2.to_v"),
    "cross_attn.proj": ("attn2.to_out.0",),
    "cross_attn.q_norm": ("attn2.norm_q",),
    "cross_attn.k_norm": ("attn2.norm_k",),
}
_PIXART_BLOCK: Table = {"mlp.fc1": ("ff.net.0.proj",), "mlp.fc2": ("ff.net.2",)}
_SANA_BLOCK: Table = {
    "mlp.inverted_conv.conv": ("ff.conv_inverted",),
    "mlp.depth_conv.conv": ("ff.conv_depth",),
    "mlp.point_conv.conv": ("ff.conv_point",),
}


def names(layers: tuple[str, ...], _: Mapping[str, Any]) -> OtherNames:
    """Return what PixArt's code calls the layers."""
    return names_by(_table("adaln_single", "pos_embed", _PIXART_BLOCK), layers)


def sana_names(layers: tuple[str, ...], _: Mapping[str, Any]) -> OtherNames:
    """Return what Sana's code calls the layers."""
    ends = {"attention_y_norm": ("caption_norm",)}
    return names_by({**ends, **_table("time_embed", "patch_embed", _SANA_BLOCK)}, layers)


def _table(time: str, patches: str, feed_forward: Table) -> Table:
    table = {
        **_ENDS,
        "x_embedder.proj": (f"{patches}.proj",),
        "t_block.1": (f"{time}.linear",),
    }
    for other, ours in _EMBEDDERS.items():
        for number, step in ((0, 1), (2, 2)):
            table[f"{other}.mlp.{number}"] = (f"{time}.emb.{ours}.linear_{step}",)
    for other, parts in {**_IN_BLOCK, **feed_forward}.items():
        table[f"blocks.{{n}}.{other}"] = tuple(f"transformer_blocks.{{n}}.{part}" for part in parts)
    return table
