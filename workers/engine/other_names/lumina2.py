"""What Lumina-Image 2.0's own code calls its layers: queries, keys and values in one matrix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workers.engine.other_names.naming import OtherNames
from workers.engine.other_names.tables import Table, names_by

_ENDS: Table = {
    "t_embedder.mlp.0": ("time_caption_embed.timestep_embedder.linear_1",),
    "t_embedder.mlp.2": ("time_caption_embed.timestep_embedder.linear_2",),
    "cap_embedder.0": ("time_caption_embed.caption_embedder.0",),
    "cap_embedder.1": ("time_caption_embed.caption_embedder.1",),
    "final_layer.adaLN_modulation.1": ("norm_out.linear_1",),
    "final_layer.linear": ("norm_out.linear_2",),
}
_IN_BLOCK: Table = {
    "attention.qkv": ("attn.to_q", "attn.to_k", "attn.to_v"),
    "attention.out": ("attn.to_out.0",),
    "attention.q_norm": ("attn.norm_q",),
    "attention.k_norm": ("attn.norm_k",),
    "feed_forward.w1": ("feed_forward.linear_1",),
    "feed_forward.w2": ("feed_forward.linear_2",),
    "feed_forward.w3": ("feed_forward.linear_3",),
    "attention_norm2": ("norm2",),
}
_MODULATED: Table = {
    "adaLN_modulation.1": ("norm1.linear",),
    "attention_norm1": ("norm1.norm",),
}
_UNMODULATED: Table = {"attention_norm1": ("norm1",)}


def names(layers: tuple[str, ...], _: Mapping[str, Any]) -> OtherNames:
    table = dict(_ENDS)
    for root, more in (
        ("layers", _MODULATED),
        ("noise_refiner", _MODULATED),
        ("context_refiner", _UNMODULATED),
    ):
        for other, parts in {**_IN_BLOCK, **more}.items():
            table[f"{root}.{{n}}.{other}"] = tuple(f"{root}.{{n}}.{part}" for part in parts)
    return names_by(table, layers)
