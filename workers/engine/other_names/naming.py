"""What a module of other names gives, and the common case: names that follow from two tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

OtherNames = dict[str, tuple[str, ...]]  # other name, flat → the layers it covers, in their order
Naming = Callable[[tuple[str, ...], Mapping[str, Any]], OtherNames]  # layers, configuration


class Blocks(NamedTuple):
    """A row of numbered blocks: what others call them, what we do, and the layers inside."""

    other: str  # flat
    own: str  # dotted
    inside: Mapping[str, tuple[str, ...]]  # other name in the block → our layers that it covers


def named(
    layers: Iterable[str], *, ends: Mapping[str, str], blocks: Iterable[Blocks] = ()
) -> OtherNames:
    """Return the other names of those layers that are there; what is not there is passed over."""
    known = set(layers)
    names: OtherNames = {other: (layer,) for other, layer in ends.items() if layer in known}
    for other, own, inside in blocks:
        for number in _numbers(known, own):
            for name, parts in inside.items():
                covered = tuple(f"{own}.{number}.{part}" for part in parts)
                if known.issuperset(covered):
                    names[f"{other}_{number}_{name}"] = covered
    return names


def _numbers(layers: Iterable[str], root: str) -> list[int]:
    start = f"{root}."
    rests = (layer.removeprefix(start) for layer in layers if layer.startswith(start))
    return sorted({int(number) for rest in rests if (number := rest.partition(".")[0]).isdigit()})
