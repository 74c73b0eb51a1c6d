"""What Tencent call the layers of Hunyuan-DiT, which its official adapters carry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workers.engine.other_names.naming import OtherNames
from workers.engine.other_names.tables import Table, names_by

_ENDS: Table = {
    "x_embedder.proj": ("pos_embed.proj",),
    "t_embedder.mlp.0": ("time_extra_emb.timestep_embedder.linear_1",),
    "t_embedder.mlp.2": ("time_extra_emb.timestep_embedder.linear_2",),
    "extra_embedder.0": ("time_extra_emb.extra_embedder.linear_1",),
    "extra_embedder.2": ("time_extra_emb.extra_embedder.linear_2",),
    "mlp_t5.0": ("text_embedder.linear_1",),
    "mlp_t5.2": ("text_embedder.linear_2",),
    "final_layer.adaLN_modulation.1": ("norm_out.linear",),
    "final_layer.linear": ("proj_out",),
    **{f"pooler.{letter}_proj": (f"time_extra_emb.pooler.{letter}_proj",) for letter in "kqvc"},
}
_IN_BLOCK: Table = {
    "attn1.Wqkv": ("attn1.to_q", "attn1.to_k", "attn1.to_v"),
    "attn1.out_proj": ("attn1.to_out.0",),
    "attn2.q_proj": ("attn2.to_q",),
    "attn2.kv_proj": ("attn2.to_k", "attn2.to_v"),
    "attn2.out_proj": ("attn2.to_out.0",),
    "attn1.q_norm": ("attn1.norm_q",),
    "attn1.k_norm": ("attn1.norm_k",),
    "attn2.q_norm": ("attn2.norm_q",),
    "attn2.k_norm": ("attn2.norm_k",),
    "default_modulation.1": ("norm1.linear",),
    "norm1": ("norm1.norm",),
    "mlp.fc1": ("ff.net.0.proj",),
    "mlp.fc2": ("ff.net.2",),
}


def names(layers: tuple[str, ...], _: Mapping[str, Any]) -> OtherNames:
    blocks = {
        f"blocks.{{n}}.{other}": tuple(f"blocks.{{n}}.{part}" for part in parts)
        for other, parts in _IN_BLOCK.items()
    }
    return names_by({**_ENDS, **blocks}, layers)
