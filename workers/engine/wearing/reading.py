"""
Read an adapter as what the layers of a base are to wear.

Names are found as for conversions (converting.names); what comes of a layer's tensors is held
against the shape of the base's weight before anything is drawn, on the meta device, where that
costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import nn

from registry.formats.adapter import AdapterFile, Pair
from registry.formats.algorithms import Algorithm
from registry.formats.header import Tensor
from workers.engine.converting.contract import ConversionRefused
from workers.engine.converting.names import Names, Place
from workers.engine.converting.reading import Reading
from workers.engine.converting.scaling import scale_of
from workers.engine.converting.weights import NUMBERS, Weights
from workers.engine.wearing.forms import (
    BESIDE,
    FORMS,
    LOOK_AT_THE_WEIGHT,
    Form,
    Tensors,
    decomposed,
)
from workers.engine.wearing.worn import Worn, can_wear, weight_of

_PLAIN = {Algorithm.LORA, Algorithm.LOCON, Algorithm.DORA}
_NUMBERS = {"on_input", "alpha"}  # one number, and read even where only shapes are asked for
_BIASES = ("diff_b", "up_bias", "b_norm")
# Where alpha says something else than by what to multiply, or nothing.
_NOT_SCALED = {
    Algorithm.FULL,
    Algorithm.NORM,
    Algorithm.IA3,
    Algorithm.OFT,
    Algorithm.BOFT,
}


@dataclass(frozen=True, slots=True)
class Wardrobe:
    """What an adapter has for a base: a difference a layer, by component and name."""

    layers: Mapping[str, Mapping[str, Worn]]
    unplaced: tuple[str, ...]  # layers of the file that the base lacks, component first
    notes: tuple[str, ...]


def is_ours(adapter: AdapterFile) -> bool:
    """Return whether an adapter does to layers what plain LoRA cannot, and no loader takes it."""
    return any(
        pair.algorithm not in _PLAIN or not set(_BIASES).isdisjoint(pair.tensors)
        for pair in adapter.pairs
    ) or any(_is_by_inputs(pair) for pair in adapter.pairs)


def read(weights: Weights, names: Names, pipeline: Any, *, shapes_only: bool) -> Wardrobe:
    """
    Return what the layers of a pipeline are to wear; with `shapes_only`, no tensor is read.

    :raises ConversionRefused: if a layer's tensors are of no form that is known, or do not fit
    """
    reading = Reading(weights, names)
    _refuse_strangers(weights.adapter)
    layers: dict[str, dict[str, Worn]] = {}
    unplaced = []
    for pair in weights.adapter.pairs:
        place = reading.place(pair)
        if place is None:
            unplaced.append(f"{pair.component}.{pair.module}")
            continue
        for name, worn in _worn(weights, pair, place, pipeline, shapes_only=shapes_only):
            layers.setdefault(place.component, {})[name] = worn
    if not layers:
        raise ConversionRefused("None of its layers is in the base.")
    notes: tuple[str, ...] = ()
    if weights.adapter.embeddings:
        count = len(weights.adapter.embeddings)
        notes = (f"Its {count} embeddings (textual inversion) are left out.",)
    return Wardrobe(layers, tuple(unplaced), notes)


def _refuse_strangers(adapter: AdapterFile) -> None:
    for pair in adapter.pairs:
        form = FORMS.get(pair.algorithm)
        if form is None:
            raise ConversionRefused(
                f"{pair.layer} is {pair.algorithm.value}, which only PEFT puts on layers, by the "
                "adapter_config.json that belongs beside it."
            )
        if pair.missing:
            raise ConversionRefused(f"{pair.layer} lacks its {pair.missing[0]} matrix.")
        strange = sorted(set(pair.tensors) - form[1] - BESIDE)
        if strange:
            raise ConversionRefused(
                f"{pair.layer} is {pair.algorithm.value} with {strange[0]}, and it is not known "
                "what that does."
            )


def _worn(
    weights: Weights, pair: Pair, place: Place, pipeline: Any, *, shapes_only: bool
) -> Iterator[tuple[str, Worn]]:
    if len(place.layers) > 1 and pair.algorithm in LOOK_AT_THE_WEIGHT:
        raise ConversionRefused(
            f"{pair.layer} is {pair.algorithm.value} on what are {len(place.layers)} layers in "
            "this base: it cannot be told apart."
        )
    tensors = _tensors(weights, pair, shapes_only=shapes_only)
    form = FORMS[pair.algorithm][0]
    scale = _scale(weights, pair)
    bias = next((tensors[role] for role in _BIASES if role in tensors), None)
    if bias is not None and "up_bias" in tensors:
        bias = bias * scale
    begin = 0
    for name in place.layers:
        module = _module(pipeline, place.component, name)
        end = begin + weight_of(module).shape[0]
        rows = slice(begin, end) if len(place.layers) > 1 else None
        making = _Making(
            form,
            tensors,
            scale,
            rows=rows,
            swapped=place.swapped,
            turned=isinstance(module, nn.Embedding) and pair.algorithm in _PLAIN,
            along=int(_is_by_inputs(pair)),
        )
        own = bias[rows] if bias is not None and rows else bias
        _refuse_misfit(pair, module, making, own)
        yield name, Worn(module, making.on(weight_of(module).device), own)
        begin = end


def _module(pipeline: Any, component: str, name: str) -> Any:
    module = getattr(pipeline, component).get_submodule(name)
    if not can_wear(module):
        raise ConversionRefused(
            f"{name} is a {type(module).__name__}, and it is not known what a change does to it."
        )
    return module


def _tensors(weights: Weights, pair: Pair, *, shapes_only: bool) -> dict[str, torch.Tensor]:
    return {
        role: _tensor(weights, role, one, shapes_only=shapes_only)
        for role, one in pair.tensors.items()
    }


def _tensor(weights: Weights, role: str, tensor: Tensor, *, shapes_only: bool) -> torch.Tensor:
    if role == "on_input":
        return weights.switch(tensor)
    if shapes_only and role not in _NUMBERS:
        return torch.empty(
            tensor.shape, dtype=NUMBERS.get(tensor.dtype, torch.float16), device="meta"
        )
    return weights.tensor(tensor)


def _scale(weights: Weights, pair: Pair) -> float:
    # LyCORIS divides alpha by the rank only where there is one; PEFT's LoKr always does.
    if pair.algorithm in _NOT_SCALED or (
        pair.rank is None and weights.adapter.config.get("peft_type") != "LOKR"
    ):
        return 1.0
    return scale_of(weights, pair, pair.rank or 1)


def _is_by_inputs(pair: Pair) -> bool:
    # LyCORIS has magnitudes of [outputs, 1] or [1, inputs]; PEFT's are of outputs, in any shape.
    if pair.magnitude is None or not pair.magnitude.name.endswith("dora_scale"):
        return False
    shape = pair.magnitude.shape
    return len(shape) > 1 and shape[0] == 1 and shape[1] != 1


@dataclass(frozen=True, slots=True)
class _Making:
    """How a layer's difference is made of its tensors."""

    form: Form
    tensors: Tensors
    scale: float
    rows: slice | None  # of what the file joins
    swapped: bool  # the halves of the rows lie the other way round in the base
    turned: bool  # an embedding's pair makes its table lying on its side
    along: int  # which way magnitudes lie: see `decomposed`

    def on(self, place: torch.device) -> _Making:
        """Return the same with the tensors where the layer is, moved once."""
        moved = {
            role: one if one.is_meta or role in _NUMBERS else one.to(place)
            for role, one in self.tensors.items()
        }
        return replace(self, tensors=moved)

    def __call__(self, weight: torch.Tensor) -> torch.Tensor:
        tensors = {role: one.float() for role, one in self.tensors.items()}
        made = self.form(tensors, weight)
        made = self._put_right(made.T if self.turned else made, weight)
        magnitude = tensors.get("magnitude")
        if magnitude is None:
            return made
        rows = self.rows if self.rows is not None and not self.along else slice(None)
        sized = magnitude.flatten()[rows]
        if self.swapped and not self.along:
            sized = sized.roll(sized.shape[0] // 2, 0)
        return decomposed(weight, made.reshape(weight.shape), sized, along=self.along)

    def _put_right(self, made: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        if self.scale != 1:
            made = made * self.scale
        if self.rows is not None and made.numel() != weight.numel():
            made = made.reshape(-1, *weight.shape[1:])[self.rows]
        return made.roll(made.shape[0] // 2, 0) if self.swapped else made


def _refuse_misfit(pair: Pair, module: Any, making: _Making, bias: torch.Tensor | None) -> None:
    weight = torch.empty_like(weight_of(module), dtype=torch.float32, device="meta")
    try:
        made = making.on(weight.device)(weight)
        fits = made.numel() == weight.numel() and (bias is None or bias.numel() == weight.shape[0])
    except (RuntimeError, IndexError, ValueError):
        fits = False
    if not fits:
        raise ConversionRefused(f"{pair.layer} has another shape in this base.")
