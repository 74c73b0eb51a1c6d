"""
Give every sample of a batch its own weight of one adapter.

A LoRA layer adds `up(down(x)) * scaling` to what the base's layer gives. The library keeps a number
in `scaling`; a column of numbers, one a sample, broadcasts in its place. So one denoising run
renders a whole sweep, to within rounding of what the runs one by one would give.

That holds while the rows of what comes into a layer are the samples. Some architectures join the
words or patches of all samples into one long row before a layer or two; whoever changes those is
told so (`NotByRow`), and renders them one by one.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from peft.tuners.lora.layer import Conv1d, Conv2d, Conv3d, Embedding, Linear

from workers.engine.attaching import NAME, Attachment
from workers.engine.families.protocol import NotByRow
from workers.engine.parts import Parts, factor

PLAIN = (Linear, Conv1d, Conv2d, Conv3d, Embedding)
NO_PARTS: Parts = {}
PASSES = (1, 2)  # guidance doubles the batch: all samples without the prompt, then all with it


def why_not(attachment: Attachment) -> str:
    """Return why the adapter's samples cannot share a batch, "" if they can."""
    for component, layers in attachment.layers.items():
        for layer in layers.values():
            if not isinstance(layer, PLAIN):
                return f"{component} has layers of another kind than LoRA ({type(layer).__name__})."
            if NAME in layer.lora_variant:
                # DoRA scales by the length of the changed weight, which must be one number.
                return f"{component} has DoRA layers, which take one weight at a time."
            if layer.merged:
                return f"{component} has layers merged into the base."
    return ""


@contextlib.contextmanager
def weights_at_once(
    attachment: Attachment, weights: Sequence[float], parts: Parts = NO_PARTS
) -> Iterator[None]:
    """
    Have row i of every batch rendered at `weights[i]`, times the factor of the part it is in.

    One weight alone is for whatever comes, row by row or not. Scaling is put back as it was.
    """
    column = torch.tensor(weights, dtype=torch.float64)
    layers, hooks = list(_layers(attachment, parts)), []
    before = [layer.scaling[NAME] for layer, _ in layers]
    try:
        for layer, share in layers:
            natural = _at_weight_one(layer) * share
            if len(weights) == 1:
                layer.scaling[NAME] = float(column[0]) * natural
            else:
                hooks.append(layer.register_forward_pre_hook(_scale_by(column * natural)))
        yield
    finally:
        for hook in hooks:
            hook.remove()
        for (layer, _), scaling in zip(layers, before, strict=True):
            layer.scaling[NAME] = scaling


def _layers(attachment: Attachment, parts: Parts) -> Iterator[tuple[Any, float]]:
    """Yield each layer that carries the adapter, and the factor of its weight."""
    for component, layers in attachment.layers.items():
        for name, layer in layers.items():
            yield layer, factor(parts, component, name)


def _at_weight_one(layer: Any) -> float:
    alpha, rank = layer.lora_alpha[NAME], layer.r[NAME]
    return float(alpha / (rank**0.5 if layer.use_rslora.get(NAME) else rank))


def _scale_by(column: torch.Tensor) -> Callable[[Any, tuple[Any, ...]], None]:
    """Return a hook that sets a layer's scaling to `column`, shaped for what comes in."""
    shaped: dict[tuple[int, int], torch.Tensor] = {}

    def set_scaling(layer: Any, inputs: tuple[Any, ...]) -> None:
        batch = inputs[0]
        key = batch.shape[0], batch.ndim
        if key not in shaped:
            is_table = isinstance(layer, Embedding)
            rows = column.repeat(_passes(batch.shape[0], len(column), is_table=is_table))
            # A table's output has one dimension more than the numbers that are looked up in it.
            rows = rows.view(-1, *[1] * (batch.ndim - (not is_table)))
            like = layer.lora_embedding_B[NAME] if is_table else batch
            shaped[key] = rows.to(batch.device, like.dtype)
        layer.scaling[NAME] = shaped[key]

    return set_scaling


def _passes(rows: int, samples: int, *, is_table: bool) -> int:
    if is_table and rows == 1:
        return 1  # Positions are looked up once for all samples, which they are added to.
    passes, rest = divmod(rows, samples)
    if rest or passes not in PASSES:
        raise NotByRow(
            "The adapter changes a layer that sees all samples in one row: "
            f"{rows} rows cannot carry {samples} weights, one each."
        )
    return passes
