"""
Every runtime that we write recipes for, which families it runs, and which dialects it cannot read.

To add one, write a `write_recipe(card)` and give it a row. What a runtime cannot run is said with
the reason, never left out in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from registry.exports import comfyui, diffusers, webui
from registry.exports.card import Card, Recipe
from registry.formats.dialects import Dialect
from registry.formats.families import Family

_OF_PEFT = "its tensors have PEFT's names; a version in kohya's or diffusers' dialect is needed"
_OF_GGUF = "it is in GGUF, which llama.cpp and what is built on it read"
_OF_CLONEOFSIMO = "its layers are numbered, as trainers of 2022 did, and not named"


@dataclass(frozen=True, slots=True)
class Runtime:
    """A program that loads adapters."""

    slug: str
    title: str
    runs: frozenset[Family]
    write_recipe: Callable[[Card], Recipe]
    cannot_read: Mapping[str, str] = field(default_factory=dict)


RUNTIMES: tuple[Runtime, ...] = (
    Runtime(
        "diffusers",
        "Diffusers",
        frozenset(diffusers.PIPELINES),
        diffusers.write_recipe,
        {Dialect.CLONEOFSIMO: _OF_CLONEOFSIMO, Dialect.GGUF: _OF_GGUF},
    ),
    Runtime(
        "webui",
        "Stable Diffusion WebUI",
        frozenset({Family.SD1, Family.SD2, Family.SDXL, Family.SD3, Family.FLUX1}),
        webui.write_recipe,
        {Dialect.PEFT: _OF_PEFT, Dialect.CLONEOFSIMO: _OF_CLONEOFSIMO},
    ),
    Runtime(
        "comfyui",
        "ComfyUI",
        frozenset(
            {
                Family.SD1,
                Family.SD2,
                Family.SDXL,
                Family.SD3,
                Family.FLUX1,
                Family.FLUX2,
                Family.QWEN_IMAGE,
                Family.WAN,
                Family.Z_IMAGE,
                Family.COSMOS,
                Family.KREA2,
            }
        ),
        comfyui.write_recipe,
        {Dialect.PEFT: _OF_PEFT, Dialect.CLONEOFSIMO: _OF_CLONEOFSIMO},
    ),
)


def recipes_for(card: Card) -> dict[str, Recipe]:
    """Return a recipe per runtime that can run the version, in the table's order."""
    return {
        runtime.slug: runtime.write_recipe(card)
        for runtime in RUNTIMES
        if why_not(runtime, card) is None
    }


def reasons_against(card: Card) -> dict[str, str]:
    """Return why the other runtimes cannot, in the table's order."""
    return {
        runtime.slug: reason
        for runtime in RUNTIMES
        if (reason := why_not(runtime, card)) is not None
    }


def why_not(runtime: Runtime, card: Card) -> str | None:
    """Return why a runtime cannot run a version, None if it can."""
    if card.family not in runtime.runs:
        return f"{runtime.title} has no bases of the family {card.family}."
    reason = runtime.cannot_read.get(card.dialect)
    return f"{runtime.title} does not read the file: {reason}." if reason else None
