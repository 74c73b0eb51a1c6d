"""
Give every sample of a batch its own weight of one adapter.

A LoRA layer adds `up(down(x)) * scaling` to what the base's layer gives. The library keeps a number
in `scaling`; a column of numbers, one a sample, broadcasts in its place. Layers of other kinds have
no such number, but a weight is a share of what they do all the same: what the changed layer gives,
less what the base's gives, is multiplied by the column. So one denoising run renders a whole sweep,
to within rounding of what the runs one by one would give.

That holds while the rows of what comes into a layer are the samples. Some architectures join the
words or patches of all samples into one long row before a layer or two; whoever changes those is
told so (`NotByRow`), and renders them one by one.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from peft.tuners.adalora.layer import AdaLoraLayer
from peft.tuners.lora.layer import Conv1d, Conv2d, Conv3d, Embedding, Linear, LoraLayer

from workers.engine.attaching import NAME, Attachment
from workers.engine.columns import Column, shaped
from workers.engine.folded import fold
from workers.engine.parts import Parts, factor
from workers.engine.wearing.worn import Worn

PLAIN = (Linear, Conv1d, Conv2d, Conv3d, Embedding)
MIXING = "peft.tuners.lily"  # routes by what a whole batch has on average
NO_PARTS: Parts = {}
MOST_KEPT = 2 * 2**30  # bytes of differences that are kept while a batch runs, not made anew

Undo = Callable[[], None]


def why_not(attachment: Attachment) -> str:
    """Return why the adapter's samples cannot share a batch, "" if they can."""
    reasons = (
        f"{component} has {reason}."
        for component, layers in attachment.layers.items()
        for layer in layers.values()
        if (reason := _alone(layer))
    )
    return next(reasons, "")


def _alone(layer: Any) -> str:
    """Return what it is about a layer that takes one weight at a time, "" if nothing is."""
    if isinstance(layer, Worn):
        return ""
    if type(layer).__module__.startswith(MIXING):
        return "layers that look at all samples of a batch together"
    if layer.merged:
        return "layers merged into the base"
    if not _is_scaled(layer):
        return ""
    if NAME in layer.lora_variant:
        # DoRA scales by the length of the changed weight, which must be one number.
        return "DoRA layers, which take one weight at a time"
    kind = type(layer).__name__
    return "" if is_plain(layer) else f"LoRA on a {kind}, which takes one weight at a time"


def is_plain(layer: Any) -> bool:
    """Tell whether a layer adds `up(down(x)) * scaling` to what the base gives, and no more."""
    return isinstance(layer, PLAIN) and NAME not in layer.lora_variant


@contextlib.contextmanager
def weights_at_once(
    attachment: Attachment, weights: Sequence[float], parts: Parts = NO_PARTS
) -> Iterator[None]:
    """
    Have row i of every batch rendered at `weights[i]`, times the factor of the part it is in.

    One weight alone is for whatever comes, row by row or not. All is put back as it was.
    """
    column = torch.tensor(weights, dtype=torch.float64)
    undo: list[Undo] = []
    try:
        _keep_what_fits(attachment)
        for component, layers in attachment.layers.items():
            for name, layer in layers.items():
                share = column * factor(parts, component, name)
                undo.append(_way(layer)(layer, share))
        yield
    finally:
        for step in undo:
            step()


def _keep_what_fits(attachment: Attachment) -> None:
    room = MOST_KEPT
    for layers in attachment.layers.values():
        for layer in layers.values():
            if isinstance(layer, Worn) and layer.size <= room:
                layer.keeps = True
                room -= layer.size


def _way(layer: Any) -> Callable[[Any, torch.Tensor], Undo]:
    if isinstance(layer, Worn):
        return _worn
    return _scaled if _is_scaled(layer) else _blended


def _is_scaled(layer: Any) -> bool:
    # AdaLoRA is made of LoRA's parts, and divides by a rank of its own.
    return isinstance(layer, LoraLayer) and not isinstance(layer, AdaLoraLayer)


# --- layers of LoRA, whose scaling is a number that a column takes the place of ---------------


def _scaled(layer: Any, weights: torch.Tensor) -> Undo:
    before, unfold = layer.scaling[NAME], _as_it_is
    weights = weights * _at_weight_one(layer)
    if is_plain(layer):
        layer.scaling[NAME] = _column(layer, weights)
        unfold = fold(layer)
    else:  # … which takes one weight at a time
        layer.scaling[NAME] = float(weights[0])
        if not weights[0] and NAME in layer.lora_variant:
            # DoRA's magnitudes are there even at a scale of 0; without the adapter they are not.
            layer._disable_adapters = True  # noqa: SLF001

    def undo() -> None:
        unfold()
        layer.scaling[NAME] = before
        layer._disable_adapters = False  # noqa: SLF001

    return undo


def _as_it_is() -> None:
    """Undo nothing."""


def _at_weight_one(layer: Any) -> float:
    alpha, rank = layer.lora_alpha[NAME], layer.r[NAME]
    return float(alpha / (rank**0.5 if layer.use_rslora.get(NAME) else rank))


def _column(layer: Any, weights: torch.Tensor) -> Column:
    is_table = isinstance(layer, Embedding)
    like = layer.lora_embedding_B[NAME] if is_table else layer.lora_B[NAME].weight
    return Column(weights.to(like.device, like.dtype), is_table=is_table)


# --- layers of other kinds, of whose effect a share is taken ---------------------------------


def _blended(layer: Any, column: torch.Tensor) -> Undo:
    """Have a layer of PEFT's give the base's answer, and the share of what it does to that."""

    def blend(
        layer: Any, inputs: tuple[Any, ...], named: dict[str, Any], changed: torch.Tensor
    ) -> torch.Tensor:
        plain = layer.get_base_layer()(*inputs, **named)
        return plain + _like(changed, column, layer.get_base_layer()) * (changed - plain)

    removable: Any = layer.register_forward_hook(blend, with_kwargs=True)
    return removable.remove


def _worn(layer: Worn, column: torch.Tensor) -> Undo:
    """Have a layer of the base add the share of the difference that it wears."""

    def add(module: Any, inputs: tuple[Any, ...], plain: torch.Tensor) -> torch.Tensor:
        return plain + _like(plain, column, module) * layer.adds(inputs[0])

    removable: Any = layer.module.register_forward_hook(add)

    def undo() -> None:
        removable.remove()
        layer.let_go()

    return undo


def _like(answer: torch.Tensor, column: torch.Tensor, module: Any) -> torch.Tensor:
    is_table = isinstance(module, torch.nn.Embedding)
    rows = shaped(column, answer.shape[0], answer.ndim, is_table=is_table)
    return rows.to(answer.device, answer.dtype)
