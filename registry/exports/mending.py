"""
What can be mended in a copy of a version that a check found fault with, and why not the rest.

A mend makes up no number. It leaves out what no reader could use, as long as that is little; or it
writes the same change in another form, which the engine proves. Where only a guess would help, the
table says so instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from registry.errors import Invalid
from registry.exports.conversions import PICTURES
from registry.exports.preparing import ORIGINAL, Source, Wanted, obstacle
from registry.formats.dialects import Dialect

MOST_LEFT_OUT = 0.1  # of a file's layers: a copy without more is another adapter
WRITTEN = {"F32", "F16", "BF16"}  # number types that every loader takes


class Step(StrEnum):
    """One thing that is done to the copy, in the order in which they are done."""

    STRIP = "strip"
    LEFT_OVER = "left-over"
    HALF_LAYERS = "half-layers"
    NOT_FINITE = "not-finite"
    UNKNOWN_LAYERS = "unknown-layers"
    LAYOUT = "layout"
    DTYPE = "dtype"


@dataclass(frozen=True, slots=True)
class Mend:
    """A step that answers a check. `by_itself`: unless somebody says otherwise."""

    check: str
    step: Step
    does: str
    by_itself: bool = True


@dataclass(frozen=True, slots=True)
class Fault:
    """What a check found; `hit` of `layers` are touched, where that was counted."""

    check: str
    rejects: bool
    hit: int | None = None
    layers: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be done to a copy: all of `needed`, any of `further`; or the reason why nothing."""

    needed: tuple[Mend, ...] = ()
    further: tuple[Mend, ...] = ()
    reason: str = ""

    @property
    def possible(self) -> bool:
        return not self.reason and bool(self.needed or self.further)

    @property
    def usual(self) -> tuple[Step, ...]:
        """The steps that are taken where nobody chooses."""
        return in_order([m.step for m in (*self.needed, *self.further) if m.by_itself])


MENDS: tuple[Mend, ...] = (
    Mend("metadata.private", Step.STRIP,
         "What its trainer wrote into the header is left out; the tensors stay as they are."),
    Mend("tensors.used", Step.LEFT_OVER,
         "Tensors that belong to no layer are left out: nothing reads them."),
    Mend("pairs.complete", Step.HALF_LAYERS,
         "Layers that lack one of their matrices are left out: alone, the other does nothing."),
    Mend("values.finite", Step.NOT_FINITE,
         "Layers with numbers that are not finite are left out; all others stay as they are."),
    Mend("layers.known", Step.UNKNOWN_LAYERS,
         "Layers that the base does not have are left out; all others stay as they are."),
    Mend("trial.loads", Step.LAYOUT,
         "It is written in the layout that its base is loaded with: the same change, held against "
         "the original layer by layer."),
    Mend("trial.loads", Step.DTYPE,
         "Its numbers are rounded to a type that every loader takes."),
    Mend("trial.layers", Step.LAYOUT,
         "It is written in the layout that its base is loaded with: the same change, held against "
         "the original layer by layer."),
    Mend("runtimes.diffusers", Step.LAYOUT,
         "It is written in diffusers' layout: the same change, held against the original layer by "
         "layer.", by_itself=False),
)  # fmt: skip

WHY_NOT: Mapping[str, str] = {
    "bytes.match": "The bytes that arrived were not kept, so there is nothing to mend.",
    "file.readable": "Nobody can tell what its tensors are for, so none can be written otherwise.",
    "base.matches": "Its layers are those of another base: declare it for that one.",
    "shapes.match": "No layer can be given another shape without training it again.",
    "pairs.rank": "Nobody can tell which of the two halves is the right one.",
    "config.rank": "The ranks could be set right, but not the alpha that belonged to them: its "
    "effect would be a guess.",
    "values.nonzero": "There is nothing in it to keep.",
    "trial.loads": "Its layout is the right one already, so another would not help.",
    "trial.layers": "Its layout is the right one already, so another would not help.",
    "trial.finite": "Its numbers are finite, and still too large: smaller ones would be a guess.",
}
TOO_MANY = (
    "{hit} of its {layers} layers would have to be left out: what remains would not be the "
    "adapter that was trained."
)
OF_GGUF = "A GGUF file is kept as it is: mend the file that it was made from."


def offer(faults: Sequence[Fault], source: Source, *, dtype: str) -> Offer:
    """
    Return what may be done to a copy of a version; `dtype` is its file's, as its row says.

    What rejected it has to be mended whole, or there is no use in a copy.
    """
    needed: list[Mend] = []
    further: list[Mend] = []
    for fault in faults:
        found = _mend(fault, source, dtype)
        if isinstance(found, Mend):
            (needed if fault.rejects else further).append(found)
        elif fault.rejects:
            return Offer(reason=found)
    taken = {mend.step for mend in needed}
    return Offer(tuple(needed), tuple(mend for mend in further if mend.step not in taken))


def _mend(fault: Fault, source: Source, dtype: str) -> Mend | str:
    """Return what mends a fault, or why nothing does."""
    mends = [mend for mend in MENDS if mend.check == fault.check]
    if not mends:
        return WHY_NOT.get(fault.check, "")
    if source.dialect == Dialect.GGUF:
        return OF_GGUF
    if fault.hit is not None and fault.layers and too_many(fault.hit, fault.layers):
        return TOO_MANY.format(hit=fault.hit, layers=fault.layers)
    fit = [mend for mend in mends if _helps(mend.step, source, dtype)]
    return fit[0] if fit else _why_not(mends[0], source)


def too_many(hit: int, layers: int) -> bool:
    """Say whether so many layers cannot be left out of a file that has `layers`."""
    return hit > MOST_LEFT_OUT * layers


def _helps(step: Step, source: Source, dtype: str) -> bool:
    if step is Step.LAYOUT:
        layout = _layout_of(source)
        return source.dialect != layout and not obstacle(Wanted(layout), source)
    if step is Step.DTYPE:
        return bool(set(filter(None, dtype.split(", "))) - WRITTEN)
    return True


def _why_not(mend: Mend, source: Source) -> str:
    return obstacle(Wanted(_layout_of(source)), source) or WHY_NOT[mend.check]


def _layout_of(source: Source) -> str:
    """Return the layout that adapters of a family are loaded in."""
    return "diffusers" if source.family in PICTURES else "peft"


def chosen(offered: Offer, steps: Sequence[str] | None) -> tuple[Step, ...]:
    """
    Return the steps to take: those that somebody chose, or the usual ones.

    :raises Invalid: if one is not offered, or one that is needed is not among them
    """
    if steps is None:
        steps = [step.value for step in offered.usual]
    known = [mend.step for mend in (*offered.needed, *offered.further)]
    for step in steps:
        if step not in known:
            raise Invalid(f"{step[:40]!r} is not offered here: choose of {', '.join(known)}.")
    for mend in offered.needed:
        if mend.step not in steps:
            raise Invalid(f"{mend.step.value} has to be among the steps: it was rejected for that.")
    if not steps:
        raise Invalid(f"Choose at least one of {', '.join(known)}.")
    return in_order([Step(step) for step in steps])


def in_order(steps: Sequence[Step]) -> tuple[Step, ...]:
    return tuple(step for step in Step if step in steps)


def wanted(steps: Sequence[Step], source: Source, *, dtype: str) -> Wanted:
    """Return the form of a copy to which the steps are done; `dtype` is the file's."""
    return Wanted(
        layout=_layout_of(source) if Step.LAYOUT in steps else ORIGINAL,
        dtype=("fp32" if "F64" in dtype else "fp16") if Step.DTYPE in steps else "",
        strip=Step.STRIP in steps,
        steps=tuple(step.value for step in in_order(steps)),
    )
