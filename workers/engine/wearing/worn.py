"""
One layer of a base that wears a difference: what goes on it, and what it then adds.

The difference is made of the adapter's tensors each time the layer runs, or once and kept, as
whoever renders has room for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn
from torch.nn import functional
from torch.nn.modules.conv import _ConvNd
from transformers.pytorch_utils import Conv1D

Make = Callable[[torch.Tensor], torch.Tensor]  # the base's weight → what is added to it


@dataclass(slots=True)
class Worn:
    """A layer of the base, and the difference that it wears at a weight of 1."""

    module: nn.Module
    make: Make
    bias: torch.Tensor | None = None  # what is added to its bias
    keeps: bool = False  # the difference, once it is made
    _kept: torch.Tensor | None = field(default=None, repr=False)

    @property
    def size(self) -> int:
        """Bytes of the difference."""
        weight = weight_of(self.module)
        return weight.numel() * weight.element_size()

    def difference(self) -> torch.Tensor:
        """Return what is added to the weight, in its shape and number type."""
        if self._kept is not None:
            return self._kept
        weight = weight_of(self.module)
        made = self.make(weight.float()).reshape(weight.shape).to(weight.dtype)
        if self.keeps:
            self._kept = made
        return made

    def adds(self, given: torch.Tensor) -> torch.Tensor:
        """Return what the difference alone makes of what comes into the layer."""
        bias = self.bias
        if bias is not None:
            bias = bias.to(weight_of(self.module))
        return _applied(self.module, given, self.difference(), bias)

    def let_go(self) -> None:
        """Forget the difference: it is made anew when asked for."""
        self._kept, self.keeps = None, False


def weight_of(module: nn.Module) -> torch.Tensor:
    """Return a layer's weight with a row an output, however its class keeps it."""
    weight = module.get_parameter("weight").detach()
    return weight.T if isinstance(module, Conv1D) else weight


def can_wear(module: nn.Module) -> bool:
    """Return whether it is known what a difference does to a layer of this class."""
    return isinstance(
        module, nn.Linear | Conv1D | _ConvNd | nn.Embedding | nn.LayerNorm | nn.GroupNorm
    ) or _is_rms(module)


def _is_rms(module: nn.Module) -> bool:
    name = type(module).__name__
    return name.endswith("RMSNorm") or name in {"T5LayerNorm", "UMT5LayerNorm"}


def _applied(
    module: Any, given: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None
) -> torch.Tensor:
    if isinstance(module, nn.Linear | Conv1D):
        return functional.linear(given, weight, bias)
    if isinstance(module, _ConvNd):
        convolved: torch.Tensor = module._conv_forward(given, weight, bias)  # type: ignore[operator]  # noqa: SLF001
        return convolved
    if isinstance(module, nn.Embedding):
        return functional.embedding(given, weight)
    if isinstance(module, nn.LayerNorm):
        return functional.layer_norm(given, module.normalized_shape, weight, bias, module.eps)
    if isinstance(module, nn.GroupNorm):
        return functional.group_norm(given, module.num_groups, weight, bias, module.eps)
    small = getattr(module, "eps", None) or getattr(module, "variance_epsilon", 1e-6)
    even = functional.rms_norm(given.float(), given.shape[-1:], None, small)
    scaled = even.to(given.dtype) * weight
    return scaled if bias is None else scaled + bias
