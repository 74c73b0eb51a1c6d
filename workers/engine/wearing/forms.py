"""
What each algorithm makes of a layer's weight: the difference at a weight of 1.

A form takes the layer's tensors by role and the weight of the base, and gives a difference that
has as many numbers as that weight. Those that multiply or turn the weight need it; those that add
to it do not look. In between, a share of the difference is added, as the web interfaces do it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch

from registry.formats.algorithms import Algorithm
from workers.engine.converting.contract import ConversionRefused
from workers.engine.wearing import rotations

Tensors = Mapping[str, torch.Tensor]
Form = Callable[[Tensors, torch.Tensor], torch.Tensor]


def lora(tensors: Tensors, weight: torch.Tensor) -> torch.Tensor:  # noqa: ARG001
    up, down = tensors["up"].flatten(1), tensors["down"]
    if "mid" in tensors:
        down = _around(tensors["mid"], down.flatten(1))
    return up @ down.flatten(1)


def loha(tensors: Tensors, weight: torch.Tensor) -> torch.Tensor:  # noqa: ARG001
    halves = []
    for number in (1, 2):
        left, right = tensors[f"hada_w{number}_a"], tensors[f"hada_w{number}_b"]
        core = tensors.get(f"hada_t{number}")
        if core is not None:  # Its left matrix lies transposed.
            left, right = left.T, _around(core, right)
        halves.append(left @ right.flatten(1))
    return halves[0] * halves[1]


def lokr(tensors: Tensors, weight: torch.Tensor) -> torch.Tensor:  # noqa: ARG001
    first, second = (_kronecker_factor(tensors, name) for name in ("lokr_w1", "lokr_w2"))
    kernel = [1] * (second.ndim - first.ndim)
    return torch.kron(first.reshape(*first.shape, *kernel), second.contiguous())


def _kronecker_factor(tensors: Tensors, name: str) -> torch.Tensor:
    if name in tensors:
        return tensors[name]
    left, right = tensors[f"{name}_a"], tensors[f"{name}_b"]
    core = tensors.get(name.replace("_w", "_t"))
    if core is not None:
        return torch.einsum("ab...,ao,bi->oi...", core, left, right)
    return (left @ right.flatten(1)).reshape(left.shape[0], *right.shape[1:])


def _around(core: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    return torch.einsum("ab...,bi->ai...", core, right)


def full(tensors: Tensors, weight: torch.Tensor) -> torch.Tensor:
    given = tensors.get("diff", tensors.get("w_norm"))
    return torch.zeros_like(weight) if given is None else given  # Some change the bias alone.


def glora(tensors: Tensors, weight: torch.Tensor) -> torch.Tensor:
    inner = [tensors["a1"].flatten(1), tensors["a2"].flatten(1)]
    outer = [tensors["b1"], tensors["b2"]]
    if inner[0].shape[0] != weight.shape[1] or outer[0].shape[0] != weight.shape[0]:
        inner.reverse()  # Older files have the two the other way round.
        outer.reverse()
    left, right = outer
    added = {"up": left, "down": right} | ({"mid": tensors["bm"]} if "bm" in tensors else {})
    through = torch.einsum("oi...,ij,jk->ok...", weight, inner[0], inner[1])
    return lora(added, weight).reshape(weight.shape) + through


def ia3(tensors: Tensors, weight: torch.Tensor) -> torch.Tensor:
    share = tensors["weight"].flatten()
    if bool(tensors["on_input"]):
        return weight * share.view(1, -1, *[1] * (weight.ndim - 2))
    return weight * share.view(-1, *[1] * (weight.ndim - 1))


def oft(tensors: Tensors, weight: torch.Tensor) -> torch.Tensor:
    if "oft_blocks" not in tensors:
        raise ConversionRefused(
            "Its OFT is spelled in a way that its readers take for different things."
        )
    blocks = rotations.rotations(tensors["oft_blocks"], _most(tensors, weight))
    return rotations.turned(weight, blocks, tensors.get("rescale")) - weight


def boft(tensors: Tensors, weight: torch.Tensor) -> torch.Tensor:
    if "oft_blocks" not in tensors:
        raise ConversionRefused("Its BOFT is PEFT's, which needs its adapter_config.json.")
    blocks = rotations.rotations(tensors["oft_blocks"], _most(tensors, weight))
    return rotations.turned_in_stages(weight, blocks, tensors.get("rescale")) - weight


def _most(tensors: Tensors, weight: torch.Tensor) -> float:
    """Return how far a rotation may go, 0 for as far as it likes: what alpha means here."""
    alpha = tensors.get("alpha")
    return float(alpha) * weight.shape[0] if alpha is not None else 0.0


# Forms, and the tensors that a layer of each may have. One that is not here is refused by name.
FORMS: Mapping[Algorithm, tuple[Form, frozenset[str]]] = {
    Algorithm.LORA: (lora, frozenset({"up", "down", "mid"})),
    Algorithm.LOCON: (lora, frozenset({"up", "down", "mid"})),
    Algorithm.DORA: (lora, frozenset({"up", "down", "mid"})),
    Algorithm.LOHA: (
        loha,
        frozenset(f"hada_{part}" for part in ("w1_a", "w1_b", "w2_a", "w2_b", "t1", "t2")),
    ),
    Algorithm.LOKR: (
        lokr,
        frozenset(
            f"lokr_{part}" for part in ("w1", "w1_a", "w1_b", "w2", "w2_a", "w2_b", "t1", "t2")
        ),
    ),
    Algorithm.FULL: (full, frozenset({"diff"})),
    Algorithm.NORM: (full, frozenset({"diff", "w_norm", "b_norm"})),
    Algorithm.GLORA: (glora, frozenset({"a1", "a2", "b1", "b2", "bm"})),
    Algorithm.IA3: (ia3, frozenset({"weight", "on_input"})),
    Algorithm.OFT: (oft, frozenset({"oft_blocks", "rescale"})),
    Algorithm.BOFT: (boft, frozenset({"oft_blocks", "rescale"})),
}
# What any layer may have beside: LyCORIS folds its scalar into the matrices when it saves.
BESIDE = frozenset({"alpha", "magnitude", "diff_b", "up_bias", "scalar"})
LOOK_AT_THE_WEIGHT = frozenset({Algorithm.GLORA, Algorithm.IA3, Algorithm.OFT, Algorithm.BOFT})


def decomposed(
    weight: torch.Tensor, difference: torch.Tensor, magnitude: torch.Tensor, *, along: int
) -> torch.Tensor:
    """
    Return a difference after the changed weight was brought to its magnitudes (DoRA), which are
    one an output (`along` 0) or one an input (1).
    """
    changed = weight + difference
    dims = [dim for dim in range(changed.ndim) if dim != along]
    shape = [1] * changed.ndim
    shape[along] = -1
    return changed * (magnitude.reshape(shape) / changed.norm(dim=dims, keepdim=True)) - weight
