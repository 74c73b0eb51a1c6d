"""
Ranks evened out, so that adapters of one rank and of another are the same to a compiler.

A LoRA of rank 5 is one of rank 32 whose other 27 rows are zeros. What scales a layer is reckoned
from the rank that it came with, which stays noted in the layer, so nothing else changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch.nn.functional import pad

from workers.engine.at_once import is_plain
from workers.engine.attaching import NAME, Attachment
from workers.engine.compiling import Blocks
from workers.engine.wearing.worn import Worn

# Two steps take in what people train, and each costs one compilation. Wider than needed costs time
# with every picture, so it is no more than this.
STEPS = (32, 128, 512)


def even_out(attachment: Attachment, blocks: Blocks) -> bool:
    """
    Give all layers within the blocks the rank of the step above the largest, by rows of zeros.

    Return False, and leave them as they are, if one of them is no plain LoRA: such layers work by
    hooks or numbers that code compiled for other layers does not look at.
    """
    layers = list(_within(attachment, blocks))
    if not all(map(is_plain, layers)):
        return False
    width = _step(max((layer.lora_A[NAME].weight.shape[0] for layer in layers), default=0))
    for layer in layers:
        _widen(layer, width)
    return True


def _within(attachment: Attachment, blocks: Blocks) -> Iterator[Any]:
    """Yield what changes a layer of the blocks. Layers elsewhere are called as ever."""
    for component, found in blocks.components.items():
        modules = {module for block in found for module in block.modules()}
        for layer in attachment.layers.get(component, {}).values():
            if (layer.module if isinstance(layer, Worn) else layer) in modules:
                yield layer


def _step(rank: int) -> int:
    return next((step for step in STEPS if step >= rank), rank)


@torch.no_grad()
def _widen(layer: Any, width: int) -> None:
    down, up = layer.lora_A[NAME], layer.lora_B[NAME]
    after = [0, width - down.weight.shape[0]]
    # Also where there is nothing to add: whoever loaded it may have left it to be trained.
    down.weight = _fixed(pad(down.weight, [*_around(down.weight.ndim - 1), *after]))
    up.weight = _fixed(pad(up.weight, [*_around(up.weight.ndim - 2), *after]))


def _around(dimensions: int) -> list[int]:
    """Return what `pad` is told of so many last dimensions that stay as they are."""
    return [0, 0] * dimensions


def _fixed(weight: torch.Tensor) -> torch.nn.Parameter:
    return torch.nn.Parameter(weight, requires_grad=False)
