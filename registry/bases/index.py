"""
Which bases have all layers of an adapter: asked of all of them at once.

Bases share most names of layers, and many shapes. So each name is kept once, with the bases that
have it in each shape, and a layer is looked up once, not once a base. A set of bases is a number of
one bit a base: what all layers leave of them is one `&` a layer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from registry.bases.fit import Fit, agrees, whole
from registry.bases.manifest import Layer, Manifest, plain
from registry.formats.adapter import AdapterFile, Pair
from registry.formats.algorithms import Algorithm

# What these change has the very shape of the weight, if they tell all of it.
_TELL_ALL = frozenset({Algorithm.LORA, Algorithm.LOCON, Algorithm.DORA, Algorithm.FULL})


class _Having(NamedTuple):
    """The bases that have a layer of one name."""

    layers: tuple[tuple[Layer, int], ...]  # in each form that it has, in which of them
    by_shape: Mapping[tuple[int | None, ...], int]  # the same; of embeddings shapes tell less


class Index:
    """The layers of many bases by their names."""

    def __init__(self, manifests: Sequence[Manifest]) -> None:
        self._manifests = manifests
        self._names = {
            component: _shared(names) for component, names in _collected(manifests).items()
        }

    def fits(self, adapter: AdapterFile) -> tuple[Fit, ...]:
        """Return the bases that all of the adapter fits, as `best_fits` does one base at a time."""
        left = (1 << len(self._manifests)) - 1 if adapter.pairs else 0
        for pair in adapter.pairs:
            left = self._having(pair, left)
            if not left:
                return ()
        found = [whole(adapter, each) for n, each in enumerate(self._manifests) if left >> n & 1]
        return tuple(sorted(found, key=lambda each: each.base))

    def _having(self, pair: Pair, left: int) -> int:
        """Return those of the bases `left` that have a layer of the adapter, in its shape."""
        names = self._names.get(pair.component)
        having = names.get(plain(pair.component, pair.flat)) if names else None
        if having is None:
            return 0
        exactly = having.by_shape.get(pair.shape) if pair.algorithm in _TELL_ALL else None
        if exactly is not None:
            return left & exactly
        # Each base has it in one form, so that sets of bases add up.
        return left & sum(
            bases for layer, bases in having.layers if left & bases and agrees(pair, layer)
        )


def _collected(manifests: Sequence[Manifest]) -> Mapping[str, dict[str, dict[Layer, int]]]:
    """Return by component and name which bases have a layer in which form."""
    found: dict[str, dict[str, dict[Layer, int]]] = {}
    for number, manifest in enumerate(manifests):
        for component, layers in manifest.by_flat_name.items():
            names = found.setdefault(component, {})
            for name, layer in layers.items():
                forms = names.setdefault(name, {})
                forms[layer] = forms.get(layer, 0) | 1 << number
    return found


def _shared(names: Mapping[str, dict[Layer, int]]) -> Mapping[str, _Having]:
    """Return what is kept of each name. Blocks repeat, so most names share it with others."""
    kept: dict[tuple[tuple[Layer, int], ...], _Having] = {}
    shared: dict[str, _Having] = {}
    for name, forms in names.items():
        layers = tuple(forms.items())
        if layers not in kept:
            kept[layers] = _Having(layers, _by_shape(forms))
        shared[name] = kept[layers]
    return shared


def _by_shape(forms: Mapping[Layer, int]) -> Mapping[tuple[int | None, ...], int]:
    found: dict[tuple[int | None, ...], int] = {}
    if all(layer.kind != "embedding" for layer in forms):  # PEFT turns those round.
        for layer, bases in forms.items():
            found[layer.shape] = found.get(layer.shape, 0) | bases
    return found
