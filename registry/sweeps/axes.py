"""
What cells of a grid that somebody asks for may differ in: one table, axis by axis.

An axis reads one value as it was given (JSON, or what a form made of it) and says in words what is
wrong with it. What may be chosen depends on the version and its base: that is the `Ground`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from registry.sweeps.plan import Scene

LEAST_WEIGHT, MOST_WEIGHT = -3.0, 3.0  # beyond, nothing of a picture is left
MOST_SEED = 2**32 - 1
MOST_STEPS = 60
MOST_GUIDANCE = 30.0
MOST_LETTERS = 200  # of words that replace others
MOST_PART = 3.0  # of the adapter's weight, on one block of the base
LARGER = 1.5  # than the base's own size, on each side
GRID = 16  # pixels; what every base divides its sides by
LEAST_SIDE = 64
FINAL = "final"  # the training step of the weights file itself

_SIZE = re.compile(r"(\d{2,5})\s*[x×]\s*(\d{2,5})")


@dataclass(frozen=True, slots=True)
class Ground:
    """What a version and its base allow to be asked for."""

    number: int  # of the version itself
    scenes: tuple[Scene, ...]
    trigger_words: tuple[str, ...] = ()
    usual_weight: float = 1.0
    training_steps: tuple[int, ...] = ()  # of its checkpoints
    versions: Mapping[int, str] | None = None  # number → why not, "" if it may be
    samplers: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()  # blocks of the base that may have a weight of their own
    axes: tuple[str, ...] = ()  # those that mean something on this base; empty: all

    def scene(self, slug: str) -> Scene:
        """:raises ValueError: if the version is not shown on a scene of that name"""
        for scene in self.scenes:
            if scene.slug == slug:
                return scene
        raise ValueError(f"there is no scene “{slug[:60]}”; there are {_listed(self._slugs)}")

    @property
    def _slugs(self) -> list[str]:
        return [scene.slug for scene in self.scenes]

    @property
    def most_size(self) -> tuple[int, int]:
        """The widest and the highest that may be rendered."""
        width = max(scene.width for scene in self.scenes)
        height = max(scene.height for scene in self.scenes)
        return int(width * LARGER), int(height * LARGER)


@dataclass(frozen=True, slots=True)
class Axis:
    """One thing that cells may differ in. `read` raises ValueError with what is wrong."""

    slug: str
    title: str
    read: Callable[[Any, Ground], Any]


def weight(given: Any, ground: Ground) -> float:  # noqa: ARG001  as all axes are called
    return _number(given, LEAST_WEIGHT, MOST_WEIGHT)


def training_step(given: Any, ground: Ground) -> int | str:
    if given == FINAL:
        return FINAL
    step = _whole(given, 0, 2**31 - 1)
    if step not in ground.training_steps:
        there = _listed([*map(str, ground.training_steps), FINAL])
        raise ValueError(f"there is no checkpoint of step {step}; there are {there}")
    return step


def version(given: Any, ground: Ground) -> int:
    number = _whole(given, 1, 2**31 - 1)
    known = ground.versions or {}
    if number not in known:
        raise ValueError(f"there is no version {number}; there are {_listed(map(str, known))}")
    if known[number]:
        raise ValueError(known[number])
    return number


def words(given: Any, ground: Ground) -> str:  # noqa: ARG001
    return _text(given, MOST_LETTERS)


def seed(given: Any, ground: Ground) -> int:  # noqa: ARG001
    return _whole(given, 0, MOST_SEED)


def sampler(given: Any, ground: Ground) -> str:
    name = given.strip() if isinstance(given, str) else ""
    if name not in ("", *ground.samplers):
        there = _listed(ground.samplers)
        raise ValueError(f"there is no sampler “{_short(given)}” for this base; there are {there}")
    return name


def steps(given: Any, ground: Ground) -> int:  # noqa: ARG001
    return _whole(given, 1, MOST_STEPS)


def guidance(given: Any, ground: Ground) -> float:  # noqa: ARG001
    return _number(given, 0.0, MOST_GUIDANCE)


def scene(given: Any, ground: Ground) -> str:
    return ground.scene(_text(given, 60)).slug


def size(given: Any, ground: Ground) -> tuple[int, int]:
    if isinstance(given, str) and (found := _SIZE.fullmatch(given.strip().lower())):
        given = [int(found[1]), int(found[2])]
    if not isinstance(given, list | tuple) or len(given) != 2:
        raise ValueError(f"{_short(given)} is no size: write [width, height], or 512x768")
    return _side(given[0], ground.most_size[0]), _side(given[1], ground.most_size[1])


def parts(given: Any, ground: Ground) -> tuple[tuple[str, float], ...]:
    if not isinstance(given, Mapping):
        told = f'{_short(given)} is no weight by block: write {{"unet.down": 0.5}}'
        raise ValueError(told)  # noqa: TRY004  what is wrong is what somebody wrote
    unknown = [str(name) for name in given if name not in ground.parts]
    if unknown:
        there = _listed(ground.parts)
        raise ValueError(f"this base has no block “{unknown[0][:60]}”; it has {there}")
    numbers = {name: _number(given[name], -MOST_PART, MOST_PART) for name in sorted(given)}
    return tuple((name, number) for name, number in numbers.items() if number != 1.0)


AXES: Mapping[str, Axis] = {
    axis.slug: axis
    for axis in (
        Axis("weight", "weight", weight),
        Axis("training_step", "training step", training_step),
        Axis("version", "version", version),
        Axis("prompt", "words of the prompt", words),
        Axis("seed", "seed", seed),
        Axis("sampler", "sampler", sampler),
        Axis("steps", "steps", steps),
        Axis("guidance", "guidance", guidance),
        Axis("scene", "scene", scene),
        Axis("size", "size", size),
        Axis("parts", "weight by block", parts),
    )
}
# What means something where nothing is denoised: text and sound.
SPOKEN = ("weight", "training_step", "version", "prompt", "scene")


def label(slug: str, value: Any) -> str:
    """Return a value of an axis as it is written beside its row or over its column."""
    if slug == "size":
        return f"{value[0]}×{value[1]}"
    if slug == "parts":
        pairs = value.items() if isinstance(value, Mapping) else value
        return ", ".join(f"{name} {number:g}" for name, number in pairs) or "all alike"
    if isinstance(value, float):
        return f"{round(value, 3):g}"
    return str(value) or "as usual"


def _whole(given: Any, least: int, most: int) -> int:
    if isinstance(given, str) and re.fullmatch(r"\d{1,12}", given.strip()):
        given = int(given)
    if type(given) is not int or not least <= given <= most:
        raise ValueError(f"{_short(given)} is no whole number from {least} to {most}")
    return given


def _number(given: Any, least: float, most: float) -> float:
    if isinstance(given, str) and re.fullmatch(r"-?\d{1,6}(\.\d{1,9})?", given.strip()):
        given = float(given)
    is_number = type(given) in {int, float} and math.isfinite(given)
    if not is_number or not least <= given <= most:
        raise ValueError(f"{_short(given)} is no number from {least:g} to {most:g}")
    return round(float(given), 3) + 0.0  # never -0.0


def _side(given: Any, most: int) -> int:
    side = _whole(given, LEAST_SIDE, most)
    if side % GRID:
        raise ValueError(f"{side} is no multiple of {GRID} pixels")
    return side


def _text(given: Any, most: int) -> str:
    if not isinstance(given, str) or not given.strip():
        raise ValueError(f"{_short(given)} is no text")
    text = " ".join(given.replace("\0", "").split())
    if len(text) > most:
        raise ValueError(f"“{text[:30]}…” has {len(text)} letters; {most} are taken")
    return text


def _short(given: Any) -> str:
    text = repr(given)
    return text if len(text) <= 40 else f"{text[:37]}…"


def _listed(names: Any) -> str:
    found = list(names)
    return ", ".join(found[:12]) + (" …" if len(found) > 12 else "") or "none"
