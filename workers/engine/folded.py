"""
Plain LoRA layers that scale where they are narrowest, for as long as a batch runs.

PEFT multiplies what comes out of `up` with the scale and adds that to the base's answer: two walks
over something as wide as the layer, in memory that is new each time. Multiplied between `down` and
`up`, the scale meets a handful of numbers a row, and `up` can add to the base's answer in place. It
is the same product but for rounding.

A layer is folded by giving it another class. Code that torch compiled looks at every call of what
class a layer is; of a method that was put on one layer it would not be told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from peft.tuners.lora.layer import Conv1d, Conv2d, Conv3d, Linear

from workers.engine.attaching import NAME


class _Folded:
    def forward(self: Any, x: torch.Tensor, *args: Any, **kwargs: Any) -> torch.Tensor:
        answer = self.base_layer(x, *args, **kwargs)
        narrow = self.lora_A[NAME](self.lora_dropout[NAME](x)) * self.scaling[NAME]
        return self._with(answer, narrow)  # type: ignore[no-any-return]


class FoldedLinear(_Folded, Linear):
    """A linear layer whose addition is one matrix product, into the base's answer."""

    def _with(self: Any, answer: torch.Tensor, narrow: torch.Tensor) -> torch.Tensor:
        up = self.lora_B[NAME].weight
        rows = answer.reshape(-1, answer.shape[-1])
        rows.addmm_(narrow.reshape(-1, narrow.shape[-1]), up.T)
        return rows.view(answer.shape)


class _FoldedConvolution(_Folded):
    def _with(self: Any, answer: torch.Tensor, narrow: torch.Tensor) -> torch.Tensor:
        return answer.add_(self.lora_B[NAME](narrow))


class FoldedConv1d(_FoldedConvolution, Conv1d):
    """A convolution along one dimension."""


class FoldedConv2d(_FoldedConvolution, Conv2d):
    """A convolution along two dimensions."""


class FoldedConv3d(_FoldedConvolution, Conv3d):
    """A convolution along three dimensions."""


FOLDED: Mapping[type, type] = {
    Linear: FoldedLinear,
    Conv1d: FoldedConv1d,
    Conv2d: FoldedConv2d,
    Conv3d: FoldedConv3d,
}


def fold(layer: Any) -> Callable[[], None]:
    """Fold a plain layer, unless it is of those that cannot be; return what unfolds it again."""
    before = type(layer)
    if before in FOLDED and _can_be(layer):
        layer.__class__ = FOLDED[before]

    def unfold() -> None:
        layer.__class__ = before

    return unfold


def _can_be(layer: Any) -> bool:
    """Tell whether nothing but the adapter adds to the layer, in the base's own numbers."""
    up = layer.lora_B[NAME]
    return (
        up.bias is None
        and list(layer.active_adapters) == [NAME]
        and not layer.disable_adapters
        and layer.get_base_layer().weight.dtype == up.weight.dtype
    )
