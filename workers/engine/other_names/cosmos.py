"""What NVIDIA call the layers of Cosmos-Predict2, and with them the makers of Anima."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workers.engine.other_names.naming import OtherNames
from workers.engine.other_names.tables import Table, names_by

_ENDS: Table = {
    "x_embedder.proj.1": ("patch_embed.proj",),
    "t_embedder.1.linear_1": ("time_embed.t_embedder.linear_1",),
    "t_embedder.1.linear_2": ("time_embed.t_embedder.linear_2",),
    "t_embedding_norm": ("time_embed.norm",),
    "final_layer.adaln_modulation.1": ("norm_out.linear_1",),
    "final_layer.adaln_modulation.2": ("norm_out.linear_2",),
    "final_layer.linear": ("proj_out",),
}
_IN_ATTENTION = {
    "q_proj": "to_q",
    "k_proj": "to_k",
    "v_proj": "to_v",
    "output_proj": "to_out.0",
    "q_norm": "norm_q",
    "k_norm": "norm_k",
}
_IN_BLOCK = {
    "mlp.layer1": "ff.net.0.proj",
    "mlp.layer2": "ff.net.2",
    **{
        f"{attention}_attn.{other}": f"attn{number}.{ours}"
        for number, attention in ((1, "self"), (2, "cross"))
        for other, ours in _IN_ATTENTION.items()
    },
    **{
        f"adaln_modulation_{part}.{step}": f"norm{number}.linear_{step}"
        for number, part in ((1, "self_attn"), (2, "cross_attn"), (3, "mlp"))
        for step in (1, 2)
    },
}
_TABLE: Table = {
    **_ENDS,
    **{
        f"blocks.{{n}}.{other}": (f"transformer_blocks.{{n}}.{ours}",)
        for other, ours in _IN_BLOCK.items()
    },
}


def names(layers: tuple[str, ...], _: Mapping[str, Any]) -> OtherNames:
    return names_by(_TABLE, layers)
