"""
Norms and ranks of products, without the products.

A change of a large layer is tens of millions of numbers, its factors are thousands. All that is
asked of it (how large, how far from another, how much of it a lower rank keeps) follows from the
small matrices UᵀU and VVᵀ, in double precision, where differences of near-equal things survive.
"""

from __future__ import annotations

import torch

from workers.engine.converting.changes import Change, flat
from workers.engine.converting.contract import ConversionRefused


def norm(change: Change) -> float:
    """Return the Frobenius norm of a change."""
    return _norm(*_factors(change))


def distance(one: Change, other: Change) -> float:
    """Return the Frobenius norm of the difference of two changes of the same layer."""
    (up, down), (its_up, its_down) = _factors(one), _factors(other)
    return _norm(torch.cat([up, -its_up], dim=1), torch.cat([down, its_down]))


def _factors(change: Change) -> tuple[torch.Tensor, torch.Tensor]:
    return change.up.double() * change.scale, flat(change.down).double()


def _norm(up: torch.Tensor, down: torch.Tensor) -> float:
    squares = ((up.T @ up) * (down @ down.T)).sum()
    return float(squares.clamp(min=0).sqrt())


def decompose(up: torch.Tensor, down: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """
    Return up · down as U, singular values in falling order, V; no more than there are.

    :raises ConversionRefused: if there are values that are no numbers in it
    """
    _refuse_what_is_no_number(up, down)
    left, small_left = torch.linalg.qr(up.double())
    right, small_right = torch.linalg.qr(down.double().T)
    inner, values, outer = torch.linalg.svd(small_left @ small_right.T, full_matrices=False)
    return _real(left @ inner, values, outer @ right.T)


def decompose_whole(matrix: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """
    Return the same of a matrix that has no factors, by the smaller of its two squares.

    :raises ConversionRefused: as above
    """
    _refuse_what_is_no_number(matrix)
    if matrix.shape[0] > matrix.shape[1]:
        left, values, right = decompose_whole(matrix.T)
        return right.T, values, left.T
    matrix = matrix.double()
    squares, left = torch.linalg.eigh(matrix @ matrix.T)
    left, values = left.flip(1), squares.flip(0).clamp(min=0).sqrt()
    kept = values > values[:1] * 1e-7
    left, values = left[:, kept], values[kept]
    return _real(left, values, (left.T @ matrix) / values[:, None])


def _refuse_what_is_no_number(*matrices: torch.Tensor) -> None:
    if not all(bool(torch.isfinite(matrix).all()) for matrix in matrices):
        raise ConversionRefused("It holds values that are not finite numbers.")


def _real(
    left: torch.Tensor, values: torch.Tensor, right: torch.Tensor
) -> tuple[torch.Tensor, ...]:
    kept = int((values > values[:1] * 1e-7).sum())
    return left[:, :kept].float(), values[:kept].float(), right[:kept].float()


def rank_for(spectrum: torch.Tensor, energy: float) -> int:
    """Return how many of the largest singular values hold that share of all their squares."""
    squares = spectrum.double() ** 2
    left = squares.flip(0).cumsum(0).flip(0)  # of all from the n-th on, the small ones first
    allowed = (1 - energy) * float(left[0]) if len(left) else 0.0
    return max(1, int((left > allowed).sum()))
