"""What Wan's own code calls its layers; its blocks keep their place, their insides have others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workers.engine.other_names.naming import OtherNames
from workers.engine.other_names.tables import Table, names_by

_ENDS: Table = {
    "text_embedding.0": ("condition_embedder.text_embedder.linear_1",),
    "text_embedding.2": ("condition_embedder.text_embedder.linear_2",),
    "time_embedding.0": ("condition_embedder.time_embedder.linear_1",),
    "time_embedding.2": ("condition_embedder.time_embedder.linear_2",),
    "time_projection.1": ("condition_embedder.time_proj",),
    "img_emb.proj.0": ("condition_embedder.image_embedder.norm1",),
    "img_emb.proj.1": ("condition_embedder.image_embedder.ff.net.0.proj",),
    "img_emb.proj.3": ("condition_embedder.image_embedder.ff.net.2",),
    "img_emb.proj.4": ("condition_embedder.image_embedder.norm2",),
    "head.head": ("proj_out",),
}
_ATTENTION = {"q": "to_q", "k": "to_k", "v": "to_v", "o": "to_out.0"}
_ATTENTION |= {"norm_q": "norm_q", "norm_k": "norm_k"}
_TO_THE_PICTURE = {"k_img": "add_k_proj", "v_img": "add_v_proj", "norm_k_img": "norm_added_k"}
_BLOCK: Table = {
    "blocks.{n}.ffn.0": ("blocks.{n}.ffn.net.0.proj",),
    "blocks.{n}.ffn.2": ("blocks.{n}.ffn.net.2",),
    "blocks.{n}.norm3": ("blocks.{n}.norm2",),  # The one with weights, before cross-attention.
    **{
        f"blocks.{{n}}.self_attn.{other}": (f"blocks.{{n}}.attn1.{ours}",)
        for other, ours in _ATTENTION.items()
    },
    **{
        f"blocks.{{n}}.cross_attn.{other}": (f"blocks.{{n}}.attn2.{ours}",)
        for other, ours in (_ATTENTION | _TO_THE_PICTURE).items()
    },
}


def names(layers: tuple[str, ...], _: Mapping[str, Any]) -> OtherNames:
    return names_by({**_ENDS, **_BLOCK}, layers)
