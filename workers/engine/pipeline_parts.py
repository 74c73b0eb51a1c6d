"""
Parts of pipelines that PEFT puts adapters on, where the pipeline's own loader does not.

diffusers has a loader for most pipelines, and it takes LoRA alone. PEFT's other methods, saved with
their adapter_config.json, are put on the part that has their layers, as PeftModel does it; so is
LoRA on a pipeline that has no loader (PixArt).
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from registry.formats.adapter import AdapterFile
from registry.formats.dialects import Dialect
from registry.formats.peft_types import named_in
from workers.engine.converting.contract import ConversionRefused
from workers.engine.converting.layouts import peft
from workers.engine.converting.names import Names
from workers.engine.converting.numbers import written_in
from workers.engine.converting.reading import Reading
from workers.engine.converting.translating import SomeLayers
from workers.engine.converting.weights import Weights
from workers.engine.models_alone import ModelAlone

_WITHOUT_A_WEIGHT = {"POLY", "XLORA", "SHADOW"}  # they ask for a task, or for words
_AS_FILES_ARE = {"", "LORA", "LOHA", "LOKR"}  # whose layers are read from any file alike


def has_loader(pipeline: Any) -> bool:
    """Return whether the pipeline has a loader of its own."""
    return hasattr(pipeline, "load_lora_weights")


def is_for_peft(adapter: AdapterFile) -> bool:
    """Return whether an adapter is of a method that PEFT alone puts on layers."""
    return adapter.dialect is Dialect.PEFT and named_in(adapter.config)[0] not in _AS_FILES_ARE


def refuse_what_has_no_weight(adapter: AdapterFile) -> None:
    """
    Refuse methods that a picture cannot be drawn with at a weight.

    :raises ConversionRefused: saying why
    """
    name, kind = named_in(adapter.config)
    if name in _WITHOUT_A_WEIGHT:
        does = kind.does if kind else "is unknown"
        raise ConversionRefused(f"{name} {does}, and has no weight that a sweep could go over.")


def carrier(pipeline: Any, weights: Weights, names: Names) -> ModelAlone:
    """
    Return the part of the pipeline that has the adapter's layers.

    :raises ConversionRefused: if none has one
    """
    reading = Reading(weights, names)
    places = [reading.place(pair) for pair in weights.adapter.pairs]
    found = Counter(place.component for place in places if place)
    if not found:
        raise ConversionRefused("None of its layers is in the base.")
    [(component, _)] = found.most_common(1)
    return ModelAlone(getattr(pipeline, component), component)


def as_peft_has_it(
    weights: Weights, names: Names, component: str, *, shapes_only: bool
) -> tuple[dict[str, Any], dict[str, Any], SomeLayers]:
    """
    Return a component's tensors in PEFT's layout, the configuration beside them, and what was read.

    :raises ConversionRefused: if its layers cannot be expressed so, or are none of the base's
    """
    reading = SomeLayers(weights, names, shapes_only=shapes_only)
    changes = [change for change in reading if change.component == component]
    if not changes:
        raise ConversionRefused("None of its layers is in the base.")
    config = peft.config(changes, names.components[component], weights.adapter.config)
    return peft.tensors(changes, written_in(weights.dtype)), config, reading
