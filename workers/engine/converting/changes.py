"""
The change that an adapter makes to one layer, whatever algorithm and naming it came in.

Every algorithm that adds to a weight ends as two factors: `up` [outputs, rank] and `down` [rank,
inputs, kernel…], times a scale. What is exact stays exact: a change whose numbers are in the file
as they are here keeps its dtype and bits.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch


@dataclass(frozen=True, slots=True)
class Change:
    """What is added to one layer of the base: scale · up · down."""

    component: str
    layer: str  # as the base's own library names it
    kind: str  # linear, conv, embedding: see registry.bases.manifest
    down: torch.Tensor  # [rank, inputs, kernel…]; of an embedding [rank, words]
    up: torch.Tensor  # [outputs, rank]
    scale: float = 1.0
    magnitude: torch.Tensor | None = None  # DoRA's, one a row
    algorithm: str = "lora"  # which it was made of; anything else may be shrunk unasked
    spectrum: torch.Tensor | None = None  # where `up` has orthogonal columns: how long they are

    @property
    def rank(self) -> int:
        return self.down.shape[0]

    @property
    def alpha(self) -> float:
        """The alpha that together with the rank gives the scale."""
        return self.scale * self.rank

    @property
    def place(self) -> tuple[str, str]:
        return self.component, self.layer


def flat(down: torch.Tensor) -> torch.Tensor:
    """Return a down matrix with its kernel as more inputs."""
    return down.reshape(down.shape[0], -1)
