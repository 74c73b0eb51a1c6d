"""
Bring an adapter into diffusers' layout for the trial, where diffusers does not take it as it is.

Other runtimes read these files rightly, so they are tried and drawn all the same, and the answer
says what had to be done: whoever loads the file with diffusers alone must do it too. What diffusers
takes is left to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import torch

from registry.bases.manifest import Manifest
from registry.formats.adapter import AdapterFile, Pair
from registry.formats.algorithms import Algorithm
from registry.formats.dialects import Dialect
from registry.formats.spellings import WRAPPED
from workers.engine.converting.changes import Change
from workers.engine.converting.contract import Conversion, ConversionRefused
from workers.engine.converting.layouts import diffusers as diffusers_layout
from workers.engine.converting.names import Names
from workers.engine.converting.numbers import written_in
from workers.engine.converting.reading import Reading
from workers.engine.converting.shrinking import Shrinking
from workers.engine.converting.weights import NUMBERS, Weights

MOST = 256  # A rank beyond this is as large as the layer, and a trial is no place for it.
_PLAIN = {Algorithm.LORA, Algorithm.LOCON, Algorithm.DORA}
_OUTSIDE = ("img_in", "txt_in", "time_in", "vector_in", "guidance_in", "final_layer")
_LYCORIS = {Algorithm.LOHA, Algorithm.LOKR, Algorithm.FULL, Algorithm.GLORA}

# What diffusers 0.42 does not take, and the sentence that says so; the first that shows is said.
NOT_TAKEN: tuple[tuple[Callable[[AdapterFile], bool], str], ...] = (
    (
        lambda adapter: adapter.dialect is Dialect.PEFT,
        "has PEFT's own names, which diffusers does not see",
    ),
    (
        lambda adapter: adapter.dialect is Dialect.DIFFUSERS_ROOT,
        (
            "lacks the “unet.” that its names should begin with, without which diffusers passes "
            "over all of it"
        ),
    ),
    (
        lambda adapter: any(f".{WRAPPED}" in pair.layer for pair in adapter.pairs),
        "has PEFT's “base_model.model.” inside its names, which diffusers refuses",
    ),
    (
        lambda adapter: adapter.dialect is Dialect.CLONEOFSIMO,
        "numbers its layers as trainers of 2022 did, and diffusers refuses that",
    ),
    (
        lambda adapter: not _LYCORIS.isdisjoint(adapter.algorithms),
        "has LyCORIS algorithms, which diffusers refuses",
    ),
    (
        lambda adapter: any(pair.mid is not None for pair in adapter.pairs),
        "has cores between its matrices (Tucker), which diffusers refuses",
    ),
    (
        lambda adapter: (
            adapter.dialect in {Dialect.KOHYA, Dialect.LYCORIS}
            and Algorithm.DORA in adapter.algorithms
        ),
        "has magnitudes (dora_scale), which diffusers drops",
    ),
    (
        lambda adapter: (
            adapter.dialect is Dialect.KOHYA
            and any(pair.flat.startswith(_OUTSIDE) for pair in adapter.pairs)
        ),
        "changes layers of FLUX.1 outside of its blocks, which diffusers drops",
    ),
    (
        lambda adapter: adapter.dialect in {Dialect.LYCORIS, Dialect.OMI},
        "has names that diffusers does not know",
    ),
    (
        lambda adapter: adapter.dialect is Dialect.HYBRID and "unet" in adapter.components,
        "has kohya's lora_down and lora_up under dotted names, which diffusers refuses",
    ),
    (
        lambda adapter: bool(adapter.embeddings),
        "carries embeddings beside the adapter, and diffusers refuses the whole of it",
    ),
)


@dataclass(frozen=True, slots=True)
class Translation:
    """An adapter as diffusers takes it."""

    state: dict[str, torch.Tensor]
    unplaced: tuple[str, ...]  # layers of the file that the base lacks, component first
    messages: tuple[str, ...]
    layers: int  # of the base, that it changes


def why_not_taken(adapter: AdapterFile) -> str:
    """Return what it is that diffusers does not take about an adapter, "" if it takes it."""
    return next((sentence for shows, sentence in NOT_TAKEN if shows(adapter)), "")


def translate(
    weights: Weights, manifest: Manifest, *, loadable: Iterable[str], shapes_only: bool
) -> Translation:
    """
    Return the adapter in diffusers' layout; with `shapes_only`, layers that are no plain LoRA are
    stood for by nothing of their shape, which is all that a skeleton can show.

    :raises ConversionRefused: if it cannot be expressed there
    """
    reading = SomeLayers(weights, Names(manifest), shapes_only=shapes_only)
    known = [pair for pair in weights.adapter.pairs if reading.place(pair) is not None]
    shrinking = Shrinking.of(Conversion("diffusers"), most=MOST)
    state, _ = diffusers_layout.tensors(
        shrinking(reading), reading.names, tuple(loadable), written_in(weights.dtype)
    )
    if not known:
        raise ConversionRefused("None of its layers is in the base.")
    return Translation(
        state=state,
        unplaced=reading.unplaced,
        messages=(*_shrunk(shrinking), *reading.notes),
        layers=sum(name.endswith(".lora_A.weight") for name in state),
    )


def _shrunk(shrinking: Shrinking) -> tuple[str, ...]:
    if not shrinking.made_of:
        return ()
    made = " and ".join(shrinking.made_of)
    off = f"at most {shrinking.expected:.2%} off"
    return (f"Its {made} was turned into plain LoRA for the trial, {off}.",)


@dataclass(frozen=True)
class SomeLayers(Reading):
    """A reading that passes over layers that the base lacks: the trial counts them."""

    shapes_only: bool = False

    @property
    def unplaced(self) -> tuple[str, ...]:
        """Layers of the file that the base lacks, component first."""
        return tuple(
            f"{pair.component}.{pair.module}"
            for pair in self.adapter.pairs
            if self.place(pair) is None
        )

    def __iter__(self) -> Iterator[Change]:
        for pair in self._pairs():
            place = self.place(pair)
            if place is None:
                continue
            if self.shapes_only and not _is_computed(pair):
                yield from self._stand_ins(pair)
            else:
                yield from self._changes(pair, place)

    def _stand_ins(self, pair: Pair) -> Iterator[Change]:
        place = self.place(pair)
        for name in place.layers if place else ():
            component = place.component if place else ""
            layer = self.names.layer(component, name)
            outputs, *inputs = layer.shape
            yield replace(
                _NOTHING,
                component=component,
                layer=name,
                kind=layer.kind,
                down=torch.zeros(1, *inputs, dtype=torch.float16),
                up=torch.zeros(outputs, 1, dtype=torch.float16),
            )


def _is_computed(pair: Pair) -> bool:
    """Whether a layer's change is made of its tensors as they are: they may be quantised."""
    return pair.algorithm in _PLAIN and all(
        tensor.dtype in NUMBERS for tensor in pair.tensors.values()
    )


_NOTHING = Change("", "", "linear", torch.zeros(1, 1), torch.zeros(1, 1))
