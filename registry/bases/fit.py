"""
Hold an adapter against the layers of a base: what applies, what is unknown there, what differs.

This is the first of the three proofs, *fits*. It needs no weights and no torch, and it is as strict
as the real loaders or stricter: a layer counts as applied only if the base has one of that name and
of exactly that shape.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from registry.bases.manifest import Layer, Manifest, plain
from registry.formats.adapter import AdapterFile, Algorithm, Pair
from registry.formats.quoting import told

TOLD = 20  # So many layers are named in messages; the rest are counted.
# These may write a kernel as more inputs,
FLATTENED = {Algorithm.LOHA, Algorithm.LOKR, Algorithm.ADALORA}
# … and of these it depends on the trainer.
EITHER = {Algorithm.OFT, Algorithm.BOFT, Algorithm.GLORA, Algorithm.VERA, Algorithm.PEFT}


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A layer that base and file both have, in different shapes."""

    layer: str
    in_file: tuple[int | None, ...]
    in_base: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.layer}: file {self.in_file}, base {self.in_base}"

    def told(self, title: str) -> str:
        """Return the difference as a person would say it."""
        (outputs, inputs), (its_outputs, its_inputs) = _two(self.in_file), _two(self.in_base)
        if inputs is not None and inputs != its_inputs:
            return f"{told(self.layer)} takes {inputs} inputs where {title} has {its_inputs}"
        if outputs is not None and outputs != its_outputs:
            return f"{told(self.layer)} gives {outputs} outputs where {title} has {its_outputs}"
        return f"{told(self.layer)} has the shape {self.in_file} where {title} has {self.in_base}"


@dataclass(frozen=True, slots=True)
class ComponentFit:
    """How the layers of one part of the base came out."""

    component: str
    applied: int
    in_file: int
    in_base: int  # layers that the base has there; 0 if it has no such part
    unknown: tuple[str, ...] = ()
    mismatches: tuple[Mismatch, ...] = ()

    @property
    def mismatched(self) -> tuple[str, ...]:
        return tuple(map(str, self.mismatches))


@dataclass(frozen=True, slots=True)
class Fit:
    """An adapter held against one base."""

    base: str
    components: tuple[ComponentFit, ...]

    @property
    def applied(self) -> int:
        return sum(each.applied for each in self.components)

    @property
    def total(self) -> int:
        return sum(each.in_file for each in self.components)

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(name for each in self.components for name in each.unknown)

    @property
    def mismatches(self) -> tuple[Mismatch, ...]:
        return tuple(found for each in self.components for found in each.mismatches)

    @property
    def mismatched(self) -> tuple[str, ...]:
        return tuple(map(str, self.mismatches))

    @property
    def whole(self) -> bool:
        """Whether every layer of the file has its place."""
        return 0 < self.total == self.applied


def fit(adapter: AdapterFile, manifest: Manifest) -> Fit:
    """Return what each layer of the adapter finds in the base."""
    by_component: dict[str, list[Pair]] = {}
    for pair in adapter.pairs:
        by_component.setdefault(pair.component, []).append(pair)
    return Fit(
        manifest.base,
        tuple(_component(name, pairs, manifest) for name, pairs in sorted(by_component.items())),
    )


def best_fits(adapter: AdapterFile, manifests: Iterable[Manifest]) -> tuple[Fit, ...]:
    """Return the bases that all of the adapter fits; if none, nothing: half a fit is no advice."""
    found = (whole(adapter, manifest) for manifest in manifests if _fits(adapter, manifest))
    return tuple(sorted(found, key=lambda each: each.base))


def whole(adapter: AdapterFile, manifest: Manifest) -> Fit:
    """Return the fit of an adapter that is known to fit to the last layer."""
    return Fit(
        manifest.base,
        tuple(
            ComponentFit(name, count, count, len(manifest.components.get(name, {})))
            for name, count in sorted(adapter.components.items())
        ),
    )


def _fits(adapter: AdapterFile, manifest: Manifest) -> bool:
    """Return whether every layer has its place, looking no further than the first that has none."""
    for pair in adapter.pairs:
        layer = manifest.find(pair.component, pair.flat)
        if layer is None or not agrees(pair, layer):
            return False
    return bool(adapter.pairs)


def _component(component: str, pairs: list[Pair], manifest: Manifest) -> ComponentFit:
    unknown: list[str] = []
    mismatches: list[Mismatch] = []
    layers = manifest.by_flat_name.get(component, {})
    for pair in pairs:
        layer = layers.get(plain(component, pair.flat))
        if layer is None:
            unknown.append(pair.layer)
        elif not agrees(pair, layer):
            mismatches.append(Mismatch(pair.layer, pair.shape, layer.shape))
    return ComponentFit(
        component=component,
        applied=len(pairs) - len(unknown) - len(mismatches),
        in_file=len(pairs),
        in_base=len(manifest.components.get(component, {})),
        unknown=tuple(unknown),
        mismatches=tuple(mismatches),
    )


def agrees(pair: Pair, layer: Layer) -> bool:
    """Return whether a layer of a file has the shape of one in a base, as far as it tells."""
    shape = pair.shape
    if shape == layer.shape and layer.kind != "embedding":
        return True  # As nearly always, and so this comes first.
    if not shape:
        return True  # Nothing that shapes could refute.
    if layer.kind == "embedding" and pair.algorithm is Algorithm.LORA:
        # PEFT turns an embedding round: its down matrix is as wide as the vocabulary.
        return _matches(shape, layer.shape[::-1])
    if pair.algorithm is Algorithm.IA3 and len(shape) == 1:
        return shape[0] in layer.shape[:2]  # It scales outputs or inputs: a value says which.
    return any(_matches(shape, wanted) for wanted in _wanted(pair, layer))


def _wanted(pair: Pair, layer: Layer) -> tuple[tuple[int, ...], ...]:
    """Return the shapes that the pair may have to be right for the layer."""
    flat = (layer.shape[0], math.prod(layer.shape[1:]))  # A kernel counted as more inputs.
    if pair.algorithm in EITHER or (len(pair.shape) == 2 and None in pair.shape):
        return (layer.shape[:2], flat)
    if pair.algorithm in FLATTENED and len(pair.shape) == 2:
        return (flat,)
    return (layer.shape,)


def _matches(shape: tuple[int | None, ...], wanted: tuple[int, ...]) -> bool:
    """Return whether shapes agree as far as the file tells: half a pair tells half."""
    return len(shape) == len(wanted) and all(
        mine is None or mine == its for mine, its in zip(shape, wanted, strict=True)
    )


def _two(shape: tuple[int | None, ...]) -> tuple[int | None, int | None]:
    return (shape[0], shape[1]) if len(shape) > 1 else (None, None)
