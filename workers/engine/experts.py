"""
The layers of experts, which transformers 5 keeps joined: one tensor of three dimensions for all.

Published weights and adapters have each expert by itself, under the names here. So do manifests:
an expert's layer is a layer like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import torch

from registry.bases.manifest import Layer


class Naming(NamedTuple):
    """What a kind of experts is called in published weights."""

    block: str  # what holds the experts and their router, `mlp` in transformers
    gate: str
    up: str
    down: str


_MIXTRAL = Naming("block_sparse_moe", "w1", "w3", "w2")
_QWEN = Naming("mlp", "gate_proj", "up_proj", "down_proj")

EXPERTS: Mapping[str, Naming] = {"MixtralExperts": _MIXTRAL, "Qwen3MoeExperts": _QWEN}
ROUTERS: Mapping[str, Naming] = {"MixtralTopKRouter": _MIXTRAL, "Qwen3MoeTopKRouter": _QWEN}


def experts_in(name: str, module: torch.nn.Module) -> Iterator[tuple[str, Layer]]:
    """Yield the layers of a module that joins experts or chooses among them, none for any other."""
    kind = type(module).__name__
    if naming := ROUTERS.get(kind):
        weight = module.get_parameter("weight")
        yield _renamed(name, naming), Layer("linear", tuple(weight.shape))
    elif naming := EXPERTS.get(kind):
        count, doubled, inputs = module.get_parameter("gate_up_proj").shape
        _, outputs, inside = module.get_parameter("down_proj").shape
        for number in range(count):
            root = f"{_renamed(name, naming)}.{number}"
            yield f"{root}.{naming.gate}", Layer("linear", (doubled // 2, inputs))
            yield f"{root}.{naming.up}", Layer("linear", (doubled // 2, inputs))
            yield f"{root}.{naming.down}", Layer("linear", (outputs, inside))


def _renamed(name: str, naming: Naming) -> str:
    holder, _, last = name.rpartition(".")
    return f"{holder.removesuffix('mlp')}{naming.block}.{last}"
