"""
Put an adapter on a base by the loader that people use, count what arrived, and take it off again.

That the loader did not raise proves nothing: it passes over whole files in silence. So the layers
in the file are held against the layers that carry the adapter afterwards, by name and by component,
and what the loader said in its log is kept. Whatever goes wrong while loading is a fact about the
adapter, not an error of the engine.
"""

from __future__ import annotations

import contextlib
import logging
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from peft.tuners.tuners_utils import BaseTunerLayer

from workers.engine import adapter_files, peft_files, pipeline_parts
from workers.engine.adapter_files import AdapterSource, Loadable
from workers.engine.bases import Base
from workers.engine.devices import is_out_of_memory
from workers.engine.layer_names import canonical, layers_by_component
from workers.engine.models_alone import ModelAlone
from workers.engine.overheard import LONGEST, overheard
from workers.engine.wearing.reading import Wardrobe
from workers.engine.wearing.worn import Worn

NAME = "adapter"
ERROR_TOLD = 200  # characters of an error, within a sentence
_ABOUT_NOTHING = "No LoRA keys associated to"
_AS_RAISED = "unsuccessful with the following error"
_MISMATCH = "size mismatch for "

log = logging.getLogger("workers.engine")


@dataclass(frozen=True, slots=True)
class Attachment:
    """An adapter on a base: what was in its file, and what became of it."""

    in_file: Mapping[str, int]
    injected: Mapping[str, int]
    unmatched: tuple[str, ...]  # layers of the file that found no place, component first
    messages: tuple[str, ...]
    is_finite: bool
    error: str | None
    layers: Mapping[str, Mapping[str, Any]]  # by component and name, the layers that carry it

    @property
    def is_empty(self) -> bool:
        """Nothing of the adapter is on the base."""
        return not any(self.layers.values())


@contextlib.contextmanager
def attached(base: Base, source: AdapterSource) -> Iterator[Attachment]:
    """
    Give the base with the adapter on it for as long as the block runs.

    :raises AdapterUnreadable: if the file cannot be read at all
    """
    loadable = _reader(base).prepare(base, source)
    before = _fingerprint(base)
    try:
        yield _attach(base, source, loadable)
    finally:
        _take_off(base, loadable)
        if _fingerprint(base) != before:
            base.is_sound = False
            log.error("An adapter left its traces in %s, which is loaded anew.", base.source.slug)


def _attach(base: Base, source: AdapterSource, loadable: Loadable) -> Attachment:
    if loadable.wardrobe:
        return _take_stock_of(loadable.wardrobe, source).told([], loadable)
    stock, heard = _load(base, source, loadable)
    if loadable.carrier is not None:
        return stock.told(heard, loadable)
    if not (stock.is_whole and stock.count >= loadable.counted):
        # The layers of the base have their own names only while nothing is on them.
        base.pipeline.unload_lora_weights()
        other = _reader(base).translated(base, source, loadable, said=stock.summary)
        if other and other.improves(stock.count, refused=stock.error is not None):
            loadable = other
            stock, heard = _load(base, source, loadable)
        elif stock.error is None:
            stock, heard = _load(base, source, loadable)
    return stock.told(heard, loadable)


def _take_off(base: Base, loadable: Loadable) -> None:
    for carrier in (loadable.carrier, base.pipeline):
        if carrier is not None and pipeline_parts.has_loader(carrier):
            carrier.unload_lora_weights()


def _reader(base: Base) -> ModuleType:
    """Return what reads files for the loader of this base."""
    return peft_files if isinstance(base.pipeline, ModelAlone) else adapter_files


def _load(base: Base, source: AdapterSource, loadable: Loadable) -> tuple[_Stock, Sequence[str]]:
    error, names = None, []
    carrier: Any = base.pipeline if loadable.carrier is None else loadable.carrier
    with overheard() as heard:
        try:
            names = _names_as_loaded(carrier, loadable)
            carrier.load_lora_weights(
                loadable.state,
                adapter_name=NAME,
                local_files_only=True,
                use_safetensors=True,
                **loadable.options,
            )
        except Exception as fault:
            if is_out_of_memory(fault):
                raise
            error = _sentence(fault)
    unplaced = [f"{layer}.lora_A.weight" for layer in loadable.unplaced]
    return _take_stock(base, source, [*names, *unplaced], error), heard


def _names_as_loaded(carrier: Any, loadable: Loadable) -> list[str]:
    """Return the names of the file's tensors as the loader itself translates them."""
    state = dict(loadable.state) if isinstance(loadable.state, dict) else loadable.state
    options = {"local_files_only": True, "use_safetensors": True}
    unet = getattr(carrier, "unet", None)
    if unet is not None:
        options["unet_config"] = unet.config
    translated = carrier.lora_state_dict(state, **options)
    return list((translated[0] if isinstance(translated, tuple) else translated).keys())


def _take_stock(
    base: Base, source: AdapterSource, names: Sequence[str], error: str | None
) -> _Stock:
    components = base.family.adapted
    in_file = layers_by_component(names, components)
    carrying = {
        component: {} if error else _carrying(getattr(base.pipeline, component), component)
        for component in components
    }
    return _Stock(
        in_file=dict(source.expected) or {name: len(found) for name, found in in_file.items()},
        carrying=carrying,
        unmatched=tuple(
            f"{component}.{layer}" if component else layer
            for component, layers in in_file.items()
            for layer in layers
            if layer not in carrying.get(component, {})
        ),
        error=error,
    )


def _take_stock_of(wardrobe: Wardrobe, source: AdapterSource) -> _Stock:
    counted = Counter(layer.partition(".")[0] for layer in wardrobe.unplaced)
    for component, layers in wardrobe.layers.items():
        counted[component] += len(layers)
    return _Stock(
        in_file=dict(source.expected) or dict(counted),
        carrying=wardrobe.layers,
        unmatched=wardrobe.unplaced,
        error=None,
    )


@dataclass(frozen=True, slots=True)
class _Stock:
    in_file: Mapping[str, int]
    carrying: Mapping[str, Mapping[str, BaseTunerLayer | Worn]]
    unmatched: tuple[str, ...]
    error: str | None

    @property
    def count(self) -> int:
        """How many layers of the base carry the adapter."""
        return sum(len(layers) for layers in self.carrying.values())

    @property
    def is_whole(self) -> bool:
        """Whether the loader found a place for all that is in the file."""
        return self.error is None and self.count > 0 and not self.unmatched

    @property
    def summary(self) -> str:
        """What came of loading, in the middle of a sentence."""
        if self.error:
            # A library's error may list every layer; where it says why, it says so at its start.
            error = textwrap.shorten(self.error.rstrip("."), ERROR_TOLD, placeholder=" …")
            return f"ends in an error ({error})"
        if not self.count:
            return "is passed over whole, and nothing is said"
        return f"loses layers, {self.unmatched[0]} for one" if self.unmatched else "loses layers"

    def told(self, heard: Sequence[str], loadable: Loadable) -> Attachment:
        return Attachment(
            in_file=self.in_file,
            injected={name: len(layers) for name, layers in self.carrying.items() if layers},
            unmatched=self.unmatched,
            messages=(*loadable.messages, *filter(self._is_news, heard)),
            is_finite=loadable.is_finite,
            error=self.error,
            layers=self.carrying,
        )

    def _is_news(self, message: str) -> bool:
        if _ABOUT_NOTHING in message:
            # The loader remarks on every component that an adapter leaves alone, as most do.
            return not any(self.carrying.values())
        return self.error is None or _AS_RAISED not in message


def _carrying(component: Any, name: str) -> dict[str, BaseTunerLayer]:
    """Return the layers of a component that carry the adapter, by their own name."""
    if component is None:
        return {}
    return {
        canonical(module_name, name): module
        for module_name, module in component.named_modules()
        if isinstance(module, BaseTunerLayer) and NAME in _adapters_of(module)
    }


def _adapters_of(layer: BaseTunerLayer) -> set[str]:
    return {
        adapter
        for kind in layer.adapter_layer_names
        for adapter in getattr(layer, kind, {}).keys()  # noqa: SIM118 - a ModuleDict is no dict
    }


def _fingerprint(base: Base) -> tuple[tuple[Any, ...], ...]:
    """
    Return what changes if anybody writes to the base or swaps a part of it.

    Every write to a tensor raises its version, so no weight needs to be read: this takes
    milliseconds where a checksum would take seconds.
    """
    return tuple(
        (component, name, id(weight), weight.data_ptr(), weight._version)  # noqa: SLF001
        for component in base.family.adapted
        if (module := getattr(base.pipeline, component, None)) is not None
        for name, weight in module.named_parameters()
    )


def _sentence(fault: Exception) -> str:
    """Return what a loader's error says, of a hundred mismatches the first."""
    first, *rest = " ".join(str(fault).split()).split(_MISMATCH)
    if rest:
        others = f" … and {len(rest) - 1} more" if len(rest) > 1 else ""
        first = f"{first}{_MISMATCH}{rest[0].strip()}{others}"
    text = f"{type(fault).__name__}: {first}"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
