"""Which layer of the base a file speaks of, in whatever naming, and what others call a layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from registry.bases.manifest import Layer, Manifest, plain


class Place(NamedTuple):
    """Where a file's layer is in the base: one of its layers, or several joined as rows."""

    component: str
    layers: tuple[str, ...]
    swapped: bool = False  # its two halves lie the other way round in the base


class Joint(NamedTuple):
    """A layer of the original code, and the base's layers that are its rows."""

    name: str
    layers: tuple[str, ...]
    swapped: bool


class Names:
    """The layers of one base under all their names. Wraps its manifest."""

    def __init__(self, manifest: Manifest) -> None:
        self.base = manifest.base
        self.components = manifest.components
        self._others = manifest.other_names

    def layer(self, component: str, name: str) -> Layer:
        return self.components[component][name]

    def find(self, component: str, flat: str) -> Iterator[Place]:
        """Yield where a layer called so may be; first in `component`, then in the others."""
        others = [name for name in self.components if name != component]
        # Trainers of FLUX.1 call its second text encoder the third, as that of SD3 is.
        for each in (component, *others):
            place = self._places.get(each, {}).get(plain(each, flat))
            if place:
                yield place

    @cached_property
    def _places(self) -> Mapping[str, Mapping[str, Place]]:
        return {component: dict(self._of(component)) for component in self.components}

    def _of(self, component: str) -> Iterator[tuple[str, Place]]:
        for name, parts in self._others.get(component, {}).items():
            yield name, Place(component, parts, self._is_swapped(component, name, parts))
            if len(parts) > 1:
                for number, part in enumerate(parts):
                    yield f"{name}_{number}", Place(component, (part,))
        for name in self.components[component]:
            yield plain(component, name.replace(".", "_")), Place(component, (name,))

    def joints(self, component: str) -> Iterator[Joint]:
        """Yield the original code's layers, those that hold most of the base's layers first."""
        others = self._others.get(component, {})
        for name, parts in sorted(others.items(), key=lambda item: -len(item[1])):
            yield Joint(name, parts, self._is_swapped(component, name, parts))

    def _is_swapped(self, component: str, name: str, parts: tuple[str, ...]) -> bool:
        # What modulates a norm by shift and scale says shift first in the original code, and
        # diffusers' AdaLayerNormContinuous scale first. Those with six rows or more agree, and so
        # does HunyuanVideo's refiner, whose two are gates.
        if not name.endswith(("adaLN_modulation_1", "final_layer_mod")) or "refiner" in name:
            return False
        outputs, inputs = self.components[component][parts[0]].shape[:2]
        return outputs == 2 * inputs
