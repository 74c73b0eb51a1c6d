"""
A cell's record: all that is needed to render it again, and what another rendering says of it.

The record is what is kept in a cell's parameters. A picture that is rendered again from it, by the
same libraries on the same kind of device, is the same to a hair; *drift* is how far it is from what
was kept, 0 for the same and about 1 for something else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from registry.sweeps.plan import Scene

NEEDED = (
    *("prompt", "seed", "steps", "guidance", "width", "height", "weight"),
    *("base", "base_digest", "adapter_digest", "versions"),
)
TOLERANCE = 0.02  # nobody tells pictures apart that differ by less
IN_SCENES = ("negative", "sampler", "sample", "passage", "most_tokens")  # where a scene has them


@dataclass(frozen=True, slots=True)
class Again:
    """What became of rendering one cell again: its drift, by measure, or why there is none."""

    cell: str  # what it is called to people
    then: str  # the libraries that it was rendered by, and …
    now: str  # … those that it was rendered by again
    drift: Mapping[str, float] | None = None
    problem: str = ""

    @property
    def worst(self) -> float:
        return max((self.drift or {}).values(), default=0.0)


@dataclass(frozen=True, slots=True)
class Pair:
    """All cells that were rendered by one set of libraries, and again by another."""

    then: str
    now: str
    cells: int
    mean: float
    worst: float
    beyond: int  # how many drift by more than is tolerated


def lacks(parameters: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a record lacks for its cell to be rendered again."""
    lacking = [name for name in NEEDED if parameters.get(name) in (None, "")]
    return tuple(name for name in lacking if name != "prompt" or name not in parameters)


def scene_of(parameters: Mapping[str, Any]) -> Scene:
    """Return the scene of a record that lacks nothing. Its prompt is finished."""
    told = {name: parameters[name] for name in IN_SCENES if name in parameters}
    return Scene(
        slug=str(parameters.get("scene", "")),
        title=str(parameters.get("scene_title", "")),
        prompt=str(parameters["prompt"]),
        seed=int(parameters["seed"]),
        steps=int(parameters["steps"]),
        guidance=float(parameters["guidance"]),
        width=int(parameters["width"]),
        height=int(parameters["height"]),
        **told,
    )


def libraries(versions: Mapping[str, Any]) -> str:
    """Return versions on one line, always in the same order."""
    return " ".join(f"{name} {versions[name]}" for name in sorted(versions))


def by_libraries(found: Iterable[Again], *, tolerance: float = TOLERANCE) -> list[Pair]:
    """Return a pair for each two sets of libraries that cells were compared between."""
    grouped: dict[tuple[str, str], list[float]] = defaultdict(list)
    for one in found:
        if one.drift is not None:
            grouped[one.then, one.now].append(one.worst)
    return [
        Pair(
            then=then,
            now=now,
            cells=len(drifts),
            mean=sum(drifts) / len(drifts),
            worst=max(drifts),
            beyond=sum(drift > tolerance for drift in drifts),
        )
        for (then, now), drifts in sorted(grouped.items())
    ]
