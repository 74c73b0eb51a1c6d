"""
Stable Diffusion WebUI and Forge: the file under models/Lora, then a tag in the prompt.

A JSON file of the same name beside it has the weight and the words that its card inserts.
"""

from __future__ import annotations

import json

from registry.exports import fetching
from registry.exports.card import Card, Paste, Recipe
from registry.exports.fitness import LONG_NAMES
from registry.formats.algorithms import Algorithm
from registry.formats.dialects import Dialect
from registry.formats.families import Family

FOLDER = "models/Lora"
IN_FORGE_ALONE = (
    "It works in Forge alone: Stable Diffusion WebUI 1.10.1 applies nothing of files like this for "
    "Stable Diffusion 3."
)
READ_FOR_SD3 = {Dialect.KOHYA, Dialect.BFL}
PASSED_OVER_BY_FORGE = {Algorithm.IA3, Algorithm.OFT, Algorithm.BOFT}
VERSIONS = {Family.SD1: "SD1", Family.SD2: "SD2", Family.SDXL: "SDXL", Family.FLUX1: "Flux"}


def write_recipe(card: Card) -> Recipe:
    tag = f"<lora:{card.stem}:{card.weight:g}>"
    path = f"{FOLDER}/{card.stem}.safetensors"
    return Recipe(
        title="Stable Diffusion WebUI",
        path=path,
        usage=", ".join([*card.trigger_words, tag]),
        requirements=(*fetching.notes(card), *_in_forge(card)),
        more=(
            Paste("Fetch it", fetching.file(card, path), "shell"),
            Paste(
                "Its card: save it beside the file",
                json.dumps(_sidecar(card), indent=2, ensure_ascii=False),
                "json",
                f"{card.stem}.json",
            ),
        ),
    )


def refused(card: Card) -> str:
    """Return why neither of the two reads the names of a file for SD 3 as a whole."""
    is_other = card.family == Family.SD3 and card.dialect not in READ_FOR_SD3
    return "it does not know all of these names in a file for this base" if is_other else ""


def _in_forge(card: Card) -> tuple[str, ...]:
    """Return what has to be said of the two programs where one of them does not apply the file."""
    if card.family == Family.SD3:
        return (IN_FORGE_ALONE,)
    others = [LONG_NAMES[each] for each in card.algorithms if each in PASSED_OVER_BY_FORGE]
    return (f"It does not work in Forge, which passes over {others[0]}.",) if others else ()


def _sidecar(card: Card) -> dict[str, object]:
    return {
        "description": card.title,
        "sd version": VERSIONS.get(Family(card.family), "Unknown"),
        "activation text": ", ".join(card.trigger_words),
        "preferred weight": card.weight,
        "negative text": "",
        "notes": f"{card.repo} v{card.version}, weights {card.weight_low:g} to "
        f"{card.weight_high:g}",
    }
