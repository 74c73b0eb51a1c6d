"""What Krea's own code calls the layers of Krea 2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workers.engine.other_names.naming import Blocks, OtherNames, named

_ENDS = {
    "first": "img_in",
    "last_linear": "final_layer.linear",
    "tmlp_0": "time_embed.linear_1",
    "tmlp_2": "time_embed.linear_2",
    "tproj_1": "time_mod_proj",
    "txtmlp_1": "txt_in.linear_1",
    "txtmlp_3": "txt_in.linear_2",
    "txtfusion_projector": "text_fusion.projector",
}
_INSIDE = {
    "attn_wq": ("attn.to_q",),
    "attn_wk": ("attn.to_k",),
    "attn_wv": ("attn.to_v",),
    "attn_wo": ("attn.to_out.0",),
    "attn_gate": ("attn.to_gate",),
    "mlp_gate": ("ff.gate",),
    "mlp_up": ("ff.up",),
    "mlp_down": ("ff.down",),
}
_BLOCKS = (
    Blocks("blocks", "transformer_blocks", _INSIDE),
    Blocks("txtfusion_layerwise_blocks", "text_fusion.layerwise_blocks", _INSIDE),
    Blocks("txtfusion_refiner_blocks", "text_fusion.refiner_blocks", _INSIDE),
)


def names(layers: tuple[str, ...], _config: Mapping[str, Any]) -> OtherNames:
    return named(layers, ends=_ENDS, blocks=_BLOCKS)
