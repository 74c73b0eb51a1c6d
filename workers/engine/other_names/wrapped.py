"""
What adapters call the layers of models that hold other models, as transformers wraps them.

That `model.` and `language_model.` come in any order, or not at all, is known to manifests
(registry/bases/manifest.py): no two layers differ in these words alone, for whatever sees or hears
has a word of its own in front. Here are the names that have other words besides: a vision tower
held its layers in a `vision_model` until transformers 5, LLaVA's own code has a tower in a tower,
and MusicGen's decoder may be trained by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from workers.engine.other_names.naming import OtherNames

_TOWER = "model.vision_tower."
_IN_LLAVA = {
    "mm_projector_0": "model.multi_modal_projector.linear_1",
    "mm_projector_2": "model.multi_modal_projector.linear_2",
}


def names(layers: tuple[str, ...], _: Mapping[str, Any]) -> OtherNames:
    return _moved(layers, _TOWER, "vision_tower_vision_model_")


def names_in_llava(layers: tuple[str, ...], _: Mapping[str, Any]) -> OtherNames:
    known = set(layers)
    return (
        names(layers, {})
        | _moved(layers, _TOWER, "vision_tower_vision_tower_vision_model_")
        | {other: (layer,) for other, layer in _IN_LLAVA.items() if layer in known}
    )


def names_for_retrieval(layers: tuple[str, ...], _: Mapping[str, Any]) -> OtherNames:
    return _moved(layers, "vlm.vision_tower.", "vision_tower_vision_model_") | {
        "custom_text_proj": ("embedding_proj_layer",)  # as ColPali's own code has it
    }


def names_in_musicgen(layers: tuple[str, ...], _: Mapping[str, Any]) -> OtherNames:
    # `model.decoder.layers…`, less the `model.` that manifests take away.
    return _moved(layers, "decoder.model.decoder.", "decoder_") | _moved(
        layers, "decoder.lm_heads.", "lm_heads_"
    )


def _moved(layers: Iterable[str], root: str, other: str) -> OtherNames:
    """Return names that begin with `other` for all layers that begin with `root`."""
    return {
        other + layer.removeprefix(root).replace(".", "_"): (layer,)
        for layer in layers
        if layer.startswith(root)
    }
