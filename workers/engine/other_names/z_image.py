"""What Tongyi's own code calls the layers of Z-Image, and ComfyUI after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workers.engine.other_names.naming import Blocks, OtherNames, named

_ENDS = {
    "x_embedder": "all_x_embedder.2-1",
    "final_layer_linear": "all_final_layer.2-1.linear",
    "final_layer_adaLN_modulation_1": "all_final_layer.2-1.adaLN_modulation.1",
}
_ATTENTION = {
    "attention_qkv": ("attention.to_q", "attention.to_k", "attention.to_v"),
    "attention_out": ("attention.to_out.0",),
}


def names(layers: tuple[str, ...], _config: Mapping[str, Any]) -> OtherNames:
    rows = ("layers", "noise_refiner", "context_refiner")
    return named(layers, ends=_ENDS, blocks=(Blocks(row, row, _ATTENTION) for row in rows))
