"""Which tensors a mended copy goes without, and how that is said."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from registry.errors import NotConvertible
from registry.exports.mending import TOO_MANY, Step, too_many
from registry.formats.adapter import AdapterFile, Pair
from registry.formats.quoting import told


@dataclass(frozen=True, slots=True)
class Found:
    """What is wrong in a file: names of tensors, and of layers."""

    not_finite: Collection[str] = ()  # tensors
    unknown: Collection[str] = ()  # layers that the base does not have


@dataclass(frozen=True, slots=True)
class LeftOut:
    tensors: tuple[str, ...]
    notes: tuple[str, ...]  # a sentence for each step


def left_out(adapter: AdapterFile, steps: Collection[str], found: Found) -> LeftOut:
    """
    Return what the steps of a mend leave out of a file.

    :raises NotConvertible: if too little would remain
    """
    tensors: dict[str, None] = {}
    notes: list[str] = []
    layers: set[str] = set()
    for step, pairs in _by_step(adapter, found):
        if step in steps and pairs:
            layers |= {pair.layer for pair in pairs}
            tensors |= dict.fromkeys(each.name for p in pairs for each in p.tensors.values())
            notes.append(_note(step, [pair.layer for pair in pairs]))
    _refuse_losses(len(layers), len(adapter.pairs))
    loose = _loose(adapter, steps, found)
    if loose:
        tensors |= dict.fromkeys(loose)
        notes.append(_said(len(loose), "tensor of no layer", "tensors of no layer", loose[0]))
    return LeftOut(tuple(tensors), tuple(notes))


def _by_step(adapter: AdapterFile, found: Found) -> Iterable[tuple[Step, list[Pair]]]:
    yield Step.HALF_LAYERS, [pair for pair in adapter.pairs if pair.missing]
    yield Step.NOT_FINITE, layers_of(adapter, found.not_finite)
    yield Step.UNKNOWN_LAYERS, [pair for pair in adapter.pairs if pair.layer in found.unknown]


def layers_of(adapter: AdapterFile, tensors: Collection[str]) -> list[Pair]:
    """Return the layers that some tensors belong to."""
    names = set(tensors)
    return [
        pair for pair in adapter.pairs if any(each.name in names for each in pair.tensors.values())
    ]


def _loose(adapter: AdapterFile, steps: Collection[str], found: Found) -> list[str]:
    """Return tensors that belong to no layer and are to go."""
    broken = set(found.not_finite) if Step.NOT_FINITE in steps else set()
    if Step.LEFT_OVER in steps:
        return list(adapter.leftovers)
    return [name for name in adapter.leftovers if name in broken]


def _refuse_losses(hit: int, layers: int) -> None:
    if hit and (too_many(hit, layers) or hit == layers):
        raise NotConvertible(TOO_MANY.format(hit=hit, layers=layers))


_SAID = {
    Step.HALF_LAYERS: ("layer that lacks a matrix", "layers that lack a matrix"),
    Step.NOT_FINITE: (
        "layer with numbers that are not finite",
        "layers with numbers that are not finite",
    ),
    Step.UNKNOWN_LAYERS: (
        "layer that the base does not have",
        "layers that the base does not have",
    ),
}


def _note(step: Step, layers: list[str]) -> str:
    return _said(len(layers), *_SAID[step], layers[0])


def _said(count: int, one: str, many: str, first: str) -> str:
    if count == 1:
        return f"1 {one} was left out: {told(first)}."
    return f"{count} {many} were left out, the first: {told(first)}."
