"""
What a sweep renders: scenes down, weights across.

A cell is one picture. Its key is the same for two cells that must look the same, whatever adapter
they were rendered for: at weight 0 no adapter is left in the picture, so that column is rendered
once per base, prompt and seed, and shared by all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

RENDERING = (
    3  # Goes up when the same cell would come out differently; old cells are then not reused.
)
TRIGGER = "{trigger}"


@dataclass(frozen=True, slots=True)
class Scene:
    """
    All that a cell depends on but the adapter and its weight.

    What reads or speaks is asked by the same fields: `sample` names the sound or picture that it is
    given, `passage` is the text that it is held against, `most_tokens` how much it may say.
    """

    slug: str
    title: str
    prompt: str  # may hold {trigger}
    negative: str = ""
    seed: int = 0
    steps: int = 20
    guidance: float = 7.5
    width: int = 512
    height: int = 512
    sampler: str = ""  # the base's own
    sample: str = ""
    passage: str = ""
    most_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """One picture of a sweep, and where it stands in the grid."""

    scene: Scene
    weight: float
    with_trigger: bool
    prompt: str
    row: int
    column: int
    role: str = "scene"  # what its row is there to show: registry/sweeps/rows.py


def write_prompt(prompt: str, trigger_words: Sequence[str]) -> str:
    """Return the prompt with the trigger words where it says {trigger}, or else before it."""
    words = ", ".join(word.strip() for word in trigger_words if word.strip())
    if TRIGGER not in prompt:
        return f"{words}, {prompt}" if words else prompt
    return _without_holes(prompt.replace(TRIGGER, words))


def cell_key(
    *,
    base_digest: str,
    adapter_digest: str,
    weight: float,
    scene: Scene,
    prompt: str,
    parts: Mapping[str, float] | None = None,
) -> str:
    """
    Return the content key of a cell: sha256 over all that decides how it looks.

    `parts` are the factors that parts of the base multiply the weight by ("unet.down": 0.5); at
    weight 0 they change nothing.
    """
    decides: dict[str, Any] = {
        "rendering": RENDERING,
        "base": base_digest,
        "adapter": adapter_digest if weight else "none",
        "weight": round(float(weight), 6),
        "prompt": prompt,
        "negative": scene.negative,
        "seed": scene.seed,
        "steps": scene.steps,
        "guidance": scene.guidance,
        "size": [scene.width, scene.height],
        "sampler": scene.sampler,
        "asked": [scene.sample, scene.passage, scene.most_tokens],
    }
    if parts and weight:
        decides["parts"] = {name: round(float(share), 6) for name, share in parts.items()}
    return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()


def _without_holes(prompt: str) -> str:
    """Tidy what an empty {trigger} leaves behind: ", , " and commas at the ends."""
    parts = [" ".join(part.split()) for part in prompt.split(",")]
    return ", ".join(part for part in parts if part)
