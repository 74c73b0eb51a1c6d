"""
Which family a base is of, by its layers alone: as its adapters will be seen, so is the base.

A team that gives a configuration says nothing of families. So an adapter on every layer is made up
and the rules for adapters (registry/formats/family_rules) are asked what it is for.
"""

from __future__ import annotations

from collections.abc import Iterator

from registry.bases.classes import WHOLE
from registry.bases.manifest import Layer, Manifest
from registry.formats.adapter import read_adapter
from registry.formats.families import Family, detect_family
from registry.formats.header import Header, Tensor

RANK = 4


def family_of(manifest: Manifest) -> Family:
    """Return the family that an adapter on all layers of the base would show."""
    tensors = {tensor.name: tensor for tensor in _adapter_on(manifest)}
    return detect_family(read_adapter(Header(tensors, {}, length=0))).family


def _adapter_on(manifest: Manifest) -> Iterator[Tensor]:
    for component, layers in manifest.components.items():
        root = "base_model.model" if component == WHOLE else component
        for name, layer in layers.items():
            if layer.kind in {"linear", "conv"}:
                yield from _pair(f"{root}.{name}", layer)


def _pair(name: str, layer: Layer) -> Iterator[Tensor]:
    outputs, inputs, *kernel = layer.shape
    yield Tensor(f"{name}.lora_A.weight", "F16", (RANK, inputs, *kernel), 0, 0)
    yield Tensor(f"{name}.lora_B.weight", "F16", (outputs, RANK, *(1 for _ in kernel)), 0, 0)
