"""
What a layer's tensors make of it, without building the change.

The change that up and down make has as many numbers as the layer itself; all that is asked of it
follows from two small matrices of rank by rank: |BA|² = tr(BᵀB · AAᵀ), and the singular values of
BA, squared, are the eigenvalues of BᵀB · AAᵀ. Other algorithms are brought into that form.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from registry.formats.adapter import Pair
from registry.formats.algorithms import Algorithm
from workers.decoding import Floats

LARGEST_GRAM = 1024  # Ranks beyond this are not worth 4 MiB a matrix.
ENERGY = 0.99  # of the change, which its effective rank holds
_NOTHING, _TINY = 1e-6, 1e-30
_WHOLE = {Algorithm.FULL, Algorithm.NORM}
_HADAMARD = ("hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b")


class Parts(NamedTuple):
    """A layer: the sum of squares of each tensor, and as much of their numbers as was kept."""

    pair: Pair
    squares: Mapping[str, float]  # by role, as all that follows
    held: Mapping[str, Floats]
    grams: Mapping[str, Floats]  # of down AAᵀ, of up BᵀB


def norm(parts: Parts) -> float | None:
    """Return the norm of the layer's change before scaling, None if it was not worth the room."""
    if parts.pair.algorithm in _WHOLE:
        return math.sqrt(sum(parts.squares.values()))
    if parts.pair.algorithm is Algorithm.LOKR:
        factors = [_norm_of_factor(parts, name) for name in ("lokr_w1", "lokr_w2")]
        one, two = factors
        return None if one is None or two is None else one * two
    two_sides = _sides(parts)
    return None if two_sides is None else math.sqrt(max(float(np.sum(np.multiply(*two_sides))), 0))


def effective_rank(parts: Parts) -> int | None:
    """
    Return how many directions hold 99 % of the change's energy, None where that is not known.

    A layer of rank 32 that has learned one thing has an effective rank of little more than 1.
    """
    try:
        energies = _energies(parts)
    except np.linalg.LinAlgError:  # Numbers so large or small that rounding has its way with them.
        return None
    if energies is None or not energies.size:
        return None
    energies = np.sort(np.clip(energies, 0, None))[::-1]
    total = float(energies.sum())
    if not (math.isfinite(total) and total > 0):
        return None
    return int(np.searchsorted(np.cumsum(energies), ENERGY * total)) + 1


def work(pair: Pair) -> int:
    """Return how much there is to do for a layer's effective rank: the cubes of its matrices."""
    rank = pair.rank or 0
    if pair.algorithm is Algorithm.LOHA:
        return rank**6  # Each column of one factor meets each of the other.
    if pair.algorithm is not Algorithm.LOKR:
        return rank**3
    shapes = [tensor.shape for role, tensor in pair.tensors.items() if role.startswith("lokr_w")]
    sides = [min(shape[0], math.prod(shape[1:])) for shape in shapes if len(shape) > 1]
    return sum(min(side, LARGEST_GRAM) ** 3 for side in sides)


def _energies(parts: Parts) -> NDArray[Any] | None:
    """Return the squares of the change's singular values, in any order."""
    if parts.pair.algorithm is Algorithm.LOKR:
        one, two = (_energies_of_factor(parts, name) for name in ("lokr_w1", "lokr_w2"))
        # The singular values of a Kronecker product are all products of its factors' own.
        return None if one is None or two is None else np.outer(one, two).reshape(-1)
    sides = _sides(parts)
    return None if sides is None else _eigenvalues(*sides)


def _eigenvalues(left: Floats, right: Floats) -> NDArray[Any]:
    """Return the eigenvalues of the product of two matrices that are squares of others."""
    right = right.astype(np.float64)
    # Rounding may have left it a little less than a square, and so little more is no energy.
    right[np.diag_indices_from(right)] += _NOTHING * max(float(np.trace(right)), _TINY)
    root = np.linalg.cholesky(right)
    return np.linalg.eigvalsh(root.T @ left.astype(np.float64) @ root)


def _sides(parts: Parts) -> tuple[Floats, Floats] | None:
    """Return BᵀB and AAᵀ of a change that is B times A."""
    if parts.pair.algorithm is Algorithm.LOHA:
        return _hadamard(parts.held)
    down, up = parts.grams.get("down"), parts.grams.get("up")
    if down is None or up is None:
        return None
    if "mid" in parts.pair.tensors:
        return _around_a_core(up, down, parts.held.get("mid"))
    return (up, down) if up.shape == down.shape else None


def _around_a_core(up: Floats, down: Floats, mid: Floats | None) -> tuple[Floats, Floats] | None:
    if mid is None or mid.shape[:2] != (up.shape[0], down.shape[0]):
        return None
    core = mid.reshape(*mid.shape[:2], -1)
    return up, np.einsum("prk,rs,qsk->pq", core, down, core, optimize=True)


def _hadamard(held: Mapping[str, Floats]) -> tuple[Floats, Floats] | None:
    if not all(name in held and held[name].ndim == 2 for name in _HADAMARD) or "hada_t1" in held:
        return None
    one, two, three, four = (held[name] for name in _HADAMARD)
    if one.shape[1] * three.shape[1] > LARGEST_GRAM:
        return None
    # (AB)∘(CD) is the product of two matrices whose columns are products of pairs of columns.
    left = np.einsum("ip,iq->ipq", one, three).reshape(one.shape[0], -1)
    right = np.einsum("pj,qj->pqj", two, four).reshape(-1, two.shape[1])
    return left.T @ left, right @ right.T


def _norm_of_factor(parts: Parts, name: str) -> float | None:
    if name in parts.squares:
        return math.sqrt(parts.squares[name])
    product = _product(parts, name)
    return None if product is None else float(np.linalg.norm(product))


def _energies_of_factor(parts: Parts, name: str) -> NDArray[Any] | None:
    factor = parts.held.get(name)
    if factor is None or factor.ndim < 2:
        factor = _product(parts, name)
    if factor is None:
        return None
    flat = factor.reshape(factor.shape[0], -1)
    if flat.shape[0] > flat.shape[1]:
        flat = flat.T
    if flat.shape[0] > LARGEST_GRAM:
        return None
    return np.linalg.eigvalsh((flat @ flat.T).astype(np.float64))


def _product(parts: Parts, name: str) -> Floats | None:
    """Return a factor of a Kronecker product that is kept as a product of two itself."""
    left, right = parts.held.get(f"{name}_a"), parts.held.get(f"{name}_b")
    if left is None or right is None or left.ndim != 2 or left.shape[-1] != right.shape[0]:
        return None  # Missing, or decomposed once more around a core.
    return left @ right.reshape(right.shape[0], -1)
