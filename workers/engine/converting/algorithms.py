"""
What each algorithm adds to a weight, as two factors: exact, at whatever rank that takes.

LoHa's product number by number is a product of factors of rank r², a Kronecker product's singular
vectors are the Kronecker products of its factors', and a core between two matrices goes into one
of them. A whole difference is taken apart. None of it is an approximation; shrinking comes later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import torch

from registry.formats.algorithms import Algorithm
from workers.engine.converting.algebra import decompose, decompose_whole
from workers.engine.converting.contract import ConversionRefused

Tensors = Mapping[str, torch.Tensor]


class Factors(NamedTuple):
    """up [outputs, rank] and down [rank, everything else], not yet scaled."""

    up: torch.Tensor
    down: torch.Tensor
    rank: int | None  # by which alpha is divided; None: alpha does not count
    spectrum: torch.Tensor | None = None


def lora(tensors: Tensors) -> Factors:
    up, down = tensors["up"], tensors["down"]
    rank = down.shape[0]
    up = up.reshape(up.shape[0], -1)
    if up.shape[1] != rank:
        raise ConversionRefused(f"The halves of a pair have the ranks {up.shape[1]} and {rank}.")
    if "mid" in tensors:  # Tucker: a core of rank by rank by kernel between two plain matrices.
        core = tensors["mid"].float()
        down = torch.einsum("ab...,bi->ai...", core, down.float().reshape(rank, -1))
    return Factors(up, down, rank)


def loha(tensors: Tensors) -> Factors:
    names = ("hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b")
    left, right, its_left, its_right = (tensors[name].float() for name in names)
    rank = right.shape[0]
    if "hada_t1" in tensors:
        left, right = _around(tensors["hada_t1"], left, right)
        its_left, its_right = _around(tensors["hada_t2"], its_left, its_right)
    up = torch.einsum("oa,ob->oab", left, its_left).flatten(1)
    down = torch.einsum("ai,bi->abi", right, its_right).flatten(0, 1)
    left, values, right = decompose(up, down)
    return Factors(left * values, right, rank, values)


def _around(
    core: torch.Tensor, left: torch.Tensor, right: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the two factors of a core with its matrices, of which the left lies transposed."""
    return left.T, torch.einsum("ab...,bi->ai...", core.float(), right).flatten(1)


def lokr(tensors: Tensors) -> Factors:
    first, _ = _factor(tensors, "lokr_w1")
    second, rank = _factor(tensors, "lokr_w2")
    if rank is None:
        _, rank = _factor(tensors, "lokr_w1")
    left, values, right = decompose_whole(first.flatten(1))
    its_left, its_values, its_right = decompose_whole(second.flatten(1))
    up, down = torch.kron(left, its_left), torch.kron(right, its_right)
    products = torch.kron(values, its_values)
    order = products.argsort(descending=True)
    return Factors((up * products)[:, order], down[order], rank, products[order])


def _factor(tensors: Tensors, name: str) -> tuple[torch.Tensor, int | None]:
    """Return one factor of a Kronecker product, and its rank if it is itself a product."""
    if name in tensors:
        return tensors[name].float(), None
    left, right = tensors[f"{name}_a"].float(), tensors[f"{name}_b"].float()
    core = tensors.get(name.replace("_w", "_t"))
    if core is not None:
        return torch.einsum("ab...,ao,bi->oi...", core.float(), left, right), right.shape[0]
    matrix = left @ right.flatten(1)
    return matrix.reshape(left.shape[0], *right.shape[1:]), right.shape[0]


def full(tensors: Tensors) -> Factors:
    left, values, right = decompose_whole(tensors["diff"].float().flatten(1))
    return Factors(left * values, right, None, values)


def glora(tensors: Tensors) -> Factors:
    if bool(tensors["a1"].count_nonzero()) and bool(tensors["a2"].count_nonzero()):
        raise ConversionRefused(
            "Its GLoRA multiplies the base's own weights, which plain LoRA cannot express."
        )
    # LyCORIS calls what stands on the left b1; older files have the two the other way round.
    left, right = tensors["b1"], tensors["b2"]
    if left.shape[0] < left.flatten(1).shape[1]:  # A rank is less than what it stands between.
        left, right = right, left
    core = {"mid": tensors["bm"]} if "bm" in tensors else {}
    return lora({"up": left, "down": right, **core})


# What adds to weights. What multiplies or turns them has no factors that hold for every base.
BY_ALGORITHM: Mapping[Algorithm, Callable[[Tensors], Factors]] = {
    Algorithm.LORA: lora,
    Algorithm.LOCON: lora,
    Algorithm.DORA: lora,
    Algorithm.LOHA: loha,
    Algorithm.LOKR: lokr,
    Algorithm.FULL: full,
    Algorithm.GLORA: glora,
}
