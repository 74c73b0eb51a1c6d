"""What Lightricks call the layers of LTX-Video: all but the ends and the norms as diffusers do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workers.engine.other_names.naming import OtherNames
from workers.engine.other_names.tables import Table, names_by

_TABLE: Table = {
    "patchify_proj": ("proj_in",),
    "adaln_single.emb.timestep_embedder.linear_1": ("time_embed.emb.timestep_embedder.linear_1",),
    "adaln_single.emb.timestep_embedder.linear_2": ("time_embed.emb.timestep_embedder.linear_2",),
    "adaln_single.linear": ("time_embed.linear",),
    **{
        f"transformer_blocks.{{n}}.attn{attention}.{letter}_norm": (
            f"transformer_blocks.{{n}}.attn{attention}.norm_{letter}",
        )
        for attention in (1, 2)
        for letter in "qk"
    },
}


def names(layers: tuple[str, ...], _: Mapping[str, Any]) -> OtherNames:
    return names_by(_TABLE, layers)
