"""
What each algorithm's trainer writes for one layer: tails, and the shapes of their tensors.

A layer's shape is outputs, inputs and perhaps a kernel. Ranks are small, so that files for the
largest bases stay small, and everything else is as in the real thing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from registry.bases.manifest import Layer

RANK = 2
FEWEST = 4  # layers that an adapter is made of

Shape = tuple[int, ...]
Tensors = dict[str, Shape]  # tail → shape


def lora(shape: Shape) -> Tensors:
    outputs, inputs, *kernel = shape
    return {
        "lora_down.weight": (RANK, inputs, *kernel),
        "lora_up.weight": (outputs, RANK, *[1] * len(kernel)),
        "alpha": (),
    }


def core(shape: Shape) -> Tensors:
    outputs, inputs, *kernel = shape
    ones = [1] * len(kernel)
    return {
        "lora_down.weight": (RANK, inputs, *ones),
        "lora_mid.weight": (RANK, RANK, *kernel),
        "lora_up.weight": (outputs, RANK, *ones),
        "alpha": (),
    }


def dora(shape: Shape) -> Tensors:
    return lora(shape) | {"dora_scale": (shape[0], *[1] * (len(shape) - 1))}


def loha(shape: Shape) -> Tensors:
    outputs, inputs = shape[0], math.prod(shape[1:])
    halves = {"a": (outputs, RANK), "b": (RANK, inputs)}
    return {f"hada_w{n}_{half}": size for n in (1, 2) for half, size in halves.items()} | {
        "alpha": ()
    }


def lokr(shape: Shape) -> Tensors:
    outputs, inputs, *kernel = shape
    (o1, o2), (i1, i2) = _factors(outputs), _factors(inputs)
    if kernel:
        return {"lokr_w1": (o1, i1), "lokr_w2": (o2, i2, *kernel), "alpha": ()}
    return {
        "lokr_w1": (o1, i1), "lokr_w2_a": (o2, RANK), "lokr_w2_b": (RANK, i2), "alpha": ()
    }  # fmt: skip


def full(shape: Shape) -> Tensors:
    return {"diff": shape, "diff_b": shape[:1]}


def ia3(shape: Shape) -> Tensors:
    return {"weight": (1, shape[0], *[1] * (len(shape) - 2)), "on_input": ()}


def oft(shape: Shape) -> Tensors:
    few, many = _factors(shape[0])
    return {"oft_blocks": (many, few, few), "alpha": ()}


def glora(shape: Shape) -> Tensors:
    outputs, inputs, *kernel = shape
    ones = [1] * len(kernel)
    return {
        "a1.weight": (inputs, RANK, *ones), "a2.weight": (RANK, inputs, *ones),
        "b1.weight": (outputs, RANK, *ones), "b2.weight": (RANK, inputs, *kernel), "alpha": (),
    }  # fmt: skip


def norm(shape: Shape) -> Tensors:
    """Return a normalisation's difference; it is trained beside other layers, never alone."""
    return {"w_norm": shape, "b_norm": shape} if len(shape) == 1 else lora(shape)


def peft_lora(shape: Shape) -> Tensors:
    outputs, inputs, *kernel = shape
    return {
        "lora_A.weight": (RANK, inputs, *kernel),
        "lora_B.weight": (outputs, RANK, *[1] * len(kernel)),
    }


def peft_dora(shape: Shape) -> Tensors:
    return peft_lora(shape) | {"lora_magnitude_vector": shape[:1]}


def peft_ia3(shape: Shape) -> Tensors:
    return {"ia3_l": (shape[0], *[1] * (len(shape) - 1))}


def peft_loha(shape: Shape) -> Tensors:
    return {tail: size for tail, size in loha(shape).items() if tail != "alpha"}


def peft_lokr(shape: Shape) -> Tensors:
    return {tail: size for tail, size in lokr(shape).items() if tail != "alpha"}


def mid(shape: Shape) -> Tensors:
    outputs, inputs = shape
    return {"lora.down.weight": (RANK, inputs), "lora.up.weight": (outputs, RANK)}


def _factors(number: int) -> tuple[int, int]:
    """Return two factors of a number, the smaller one at most 16."""
    small = next(each for each in range(16, 0, -1) if number % each == 0)
    return small, number // small


@dataclass(frozen=True)
class Algorithm:
    """One row: what it is called, what it writes for a layer, and for which kinds of layers."""

    name: str  # as the reader should name it
    write: Callable[[Shape], Tensors]
    on: tuple[str, ...] = ("linear",)

    def takes(self, layer: Layer) -> bool:
        # Nobody trains a layer that is hardly wider than a rank.
        return layer.kind in self.on and min(layer.shape) >= (1 if layer.kind == "conv" else 8)

    def is_for(self, layers: Iterable[Layer]) -> bool:
        """Return whether layers show the algorithm: LoCon is LoRA where there is no kernel."""
        taken = [layer for layer in layers if self.takes(layer)]
        if self.name == "locon":
            taken = [layer for layer in taken if math.prod(layer.shape[2:]) > 1]
        if self.name == "norm":
            taken = [layer for layer in taken if layer.kind == "norm"]
        return len(taken) >= FEWEST


LINEAR_AND_CONV = ("linear", "conv")
# kohya's sd-scripts and LyCORIS, by their tails; then PEFT and diffusers by theirs.
OF_KOHYA: Mapping[str, Algorithm] = {
    "LoRA": Algorithm("lora", lora),
    "LoCon": Algorithm("locon", lora, LINEAR_AND_CONV),
    "LoCon with a core": Algorithm("locon", core, ("conv",)),
    "DoRA": Algorithm("dora", dora),
    "LoHa": Algorithm("loha", loha, LINEAR_AND_CONV),
    "LoKr": Algorithm("lokr", lokr, LINEAR_AND_CONV),
    "full": Algorithm("full", full, LINEAR_AND_CONV),
    "norm": Algorithm("norm", norm, ("norm", "linear")),
    "IA3": Algorithm("ia3", ia3),
    "OFT": Algorithm("oft", oft),
    "GLoRA": Algorithm("glora", glora),
}
OF_PEFT: Mapping[str, Algorithm] = {
    "LoRA": Algorithm("lora", peft_lora),
    "DoRA": Algorithm("dora", peft_dora),
    "LoHa": Algorithm("loha", peft_loha),
    "LoKr": Algorithm("lokr", peft_lokr),
    "IA3": Algorithm("ia3", peft_ia3),
}
OF_EARLY_DIFFUSERS: Mapping[str, Algorithm] = {"LoRA": Algorithm("lora", mid)}
