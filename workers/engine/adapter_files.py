"""
Adapter files as the loader of diffusers takes them.

Sound weights come under names and in algorithms that diffusers passes over in silence, drops or
refuses. These are brought into its own layout (converting.translating), and the answer says so, for
whoever loads the file elsewhere must do the same. Everything else goes to the loader as it lies on
disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from registry.bases.manifest import Layer, Manifest
from registry.formats.peft_types import named_in
from workers.engine import pipeline_parts
from workers.engine.bases import Base
from workers.engine.converting.contract import ConversionRefused
from workers.engine.converting.names import Names
from workers.engine.converting.translating import translate, why_not_taken
from workers.engine.converting.weights import Weights, open_weights
from workers.engine.manifests import layers_of
from workers.engine.models_alone import ModelAlone
from workers.engine.other_names import OtherNames, other_names
from workers.engine.wearing.reading import Wardrobe, is_ours, read

_MORE_THAN_LORA = "changes more than plain LoRA can, biases or normalisations"
ALONE = "Diffusers alone does not take this file: it"


class AdapterUnreadable(Exception):
    """The file is not there, or is not what it was when it was judged."""


@dataclass(frozen=True, slots=True)
class AdapterSource:
    """Which adapter, and what the parent counted in its file."""

    path: Path
    config_path: Path | None = None
    dialect: str = ""
    expected: Mapping[str, int] = field(default_factory=dict)
    tensor_digest: str = ""


@dataclass(frozen=True, slots=True)
class Loadable:
    """What to give the loader, and what was done to make it so."""

    state: Path | dict[str, torch.Tensor]
    messages: tuple[str, ...]
    is_finite: bool
    unplaced: tuple[str, ...] = ()  # layers that were not given to it, for the base lacks them
    layers: int | None = None  # how many of the base's layers it changes, once translated
    counted: int = 0  # layers in the file, as we read it
    options: Mapping[str, Any] = field(default_factory=dict)  # what else the loader is given
    wardrobe: Wardrobe | None = None  # what layers wear, where no loader puts it on them
    carrier: ModelAlone | None = None  # the part that PEFT puts it on, not the pipeline's loader

    def improves(self, count: int, *, refused: bool) -> bool:
        """
        Return whether this is better than what came of the file as it is: `count` layers, or a
        refusal. A file that was refused is not loaded in part: it is for another base.
        """
        return (self.layers or 0) > count and not (refused and self.unplaced)


def prepare(base: Base, source: AdapterSource) -> Loadable:
    """
    Return the adapter as diffusers reads it.

    :raises AdapterUnreadable: if the file cannot be read
    """
    try:
        tensors = load_file(source.path)
    except (OSError, ValueError, SafetensorError) as error:
        raise AdapterUnreadable(f"The adapter's file cannot be read: {error}.") from error
    is_finite = all(bool(torch.isfinite(tensor.float()).all()) for tensor in tensors.values())
    as_it_is = Loadable(source.path, (), is_finite)
    try:
        weights = open_weights(source.path, source.config_path)
        adapter = weights.adapter
        as_it_is = replace(as_it_is, counted=len(adapter.pairs))
        if pipeline_parts.is_for_peft(adapter):
            return _by_its_config(base, weights, replace(as_it_is, state=tensors))
        why = why_not_taken(adapter)
        if is_ours(adapter):
            return _worn(base, weights, as_it_is, why or _MORE_THAN_LORA)
        if not pipeline_parts.has_loader(base.pipeline):
            return _on_a_part(base, weights, as_it_is)
        return _translated(base, source, as_it_is, why) if why else as_it_is
    except ConversionRefused as refusal:
        # What cannot be translated is for the loader to refuse in its own words.
        return replace(as_it_is, messages=(f"The file could not be translated: {refusal}",))


def translated(base: Base, source: AdapterSource, tried: Loadable, *, said: str) -> Loadable | None:
    """
    Return the adapter in diffusers' own layout after it was `tried` as it is and did not load
    whole, None if that cannot be made of it; `said` is what came of the trial.
    """
    if tried.layers is not None or tried.carrier is not None:
        return None
    try:
        return _translated(base, source, tried, said)
    except ConversionRefused:
        return None


def _translated(base: Base, source: AdapterSource, tried: Loadable, why: str) -> Loadable:
    translation = translate(
        open_weights(source.path, source.config_path),
        manifest_of(base),
        loadable=base.family.adapted,
        shapes_only=base.is_skeleton,
    )
    told = f"{ALONE} {why}. For the trial it was brought into diffusers' layout."
    return Loadable(
        state=translation.state,
        messages=(told, *translation.messages),
        is_finite=tried.is_finite,
        unplaced=translation.unplaced,
        layers=translation.layers,
    )


def _by_its_config(base: Base, weights: Weights, tried: Loadable) -> Loadable:
    pipeline_parts.refuse_what_has_no_weight(weights.adapter)
    method = named_in(weights.adapter.config)[0]
    told = f"{ALONE} is {method} of PEFT's. For the trial PEFT put it on the layers by its config."
    return replace(
        tried,
        carrier=pipeline_parts.carrier(base.pipeline, weights, Names(manifest_of(base))),
        options={"config": weights.adapter.config},
        messages=(told,),
    )


def _on_a_part(base: Base, weights: Weights, tried: Loadable) -> Loadable:
    component = base.family.adapted[0]
    names = Names(manifest_of(base))
    state, config, reading = pipeline_parts.as_peft_has_it(
        weights, names, component, shapes_only=base.is_skeleton
    )
    told = (
        f"Diffusers has no loader of adapters for this base. PEFT put it on the {component}, and "
        "whoever loads it must do the same."
    )
    return replace(
        tried,
        state=state,
        carrier=ModelAlone(getattr(base.pipeline, component), component),
        options={"config": config},
        unplaced=reading.unplaced,
        messages=(told, *reading.notes),
    )


def _worn(base: Base, weights: Weights, tried: Loadable, why: str) -> Loadable:
    wardrobe = read(weights, Names(manifest_of(base)), base.pipeline, shapes_only=base.is_skeleton)
    told = f"{ALONE} {why}. For the trial the base's layers were given its changes directly."
    return replace(tried, wardrobe=wardrobe, messages=(told, *wardrobe.notes))


def manifest_of(base: Base) -> Manifest:
    """Return the layers of the base that is there, catalogued or not."""
    components: dict[str, dict[str, Layer]] = {}
    others: dict[str, OtherNames] = {}
    for name in base.family.adapted:
        part = getattr(base.pipeline, name, None)
        if part is not None:
            components[name] = dict(layers_of(part))
            others[name] = other_names(type(part).__name__, components[name], part.config)
    return Manifest(base.source.slug, components, others)
