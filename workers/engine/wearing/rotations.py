"""
Weights that are turned: OFT's blocks of rows, and BOFT's, stage after stage across blocks.

A block is stored as any square; what it is less its transpose makes a rotation by Cayley's formula.
"""

from __future__ import annotations

import torch


def rotations(blocks: torch.Tensor, most: float) -> torch.Tensor:
    """
    Return a rotation for each block of shape [..., size, size].

    With `most` above 0, what they all turn by has at most that norm.
    """
    skew = blocks - blocks.transpose(-1, -2)
    if most > 0:
        size = skew.norm() + 1e-8
        skew = torch.where(size > most, skew * (most / size), skew)
    one = torch.eye(blocks.shape[-1], device=blocks.device, dtype=blocks.dtype)
    # (1 + skew)(1 - skew)⁻¹, of which the two factors may change places.
    return torch.linalg.solve(one - skew, one + skew)


def turned(
    weight: torch.Tensor, blocks: torch.Tensor, rescale: torch.Tensor | None
) -> torch.Tensor:
    """Return a weight whose rows were turned block by block; blocks are [count, size, size]."""
    count, size, _ = blocks.shape
    rows = weight.reshape(count, size, -1)
    return _rescaled((blocks.transpose(1, 2) @ rows).reshape(weight.shape), rescale)


def turned_in_stages(
    weight: torch.Tensor, blocks: torch.Tensor, rescale: torch.Tensor | None
) -> torch.Tensor:
    """
    Return a weight whose rows were turned by butterflies; blocks are [stages, count, size, size].

    Each stage turns rows that lie twice as far apart as those of the stage before.
    """
    rows = weight.flatten(1)
    for stage, turn in enumerate(blocks):
        size = turn.shape[-1]
        apart = 2**stage * (size // 2)
        rows = rows.unflatten(0, (-1, 2, apart)).transpose(1, 2).flatten(0, 2)
        rows = (turn @ rows.unflatten(0, (-1, size))).flatten(0, 1)
        rows = rows.unflatten(0, (-1, apart, 2)).transpose(1, 2).flatten(0, 2)
    return _rescaled(rows.reshape(weight.shape), rescale)


def _rescaled(weight: torch.Tensor, rescale: torch.Tensor | None) -> torch.Tensor:
    if rescale is None:
        return weight
    return weight * rescale.reshape(-1, *[1] * (weight.ndim - 1))
