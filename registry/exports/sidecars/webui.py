"""
Stable Diffusion WebUI and Forge: `.json`, the user metadata of a card on their Lora tab.

A click on the card puts the tag with the preferred weight, and the activation text, into the
prompt.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.exports import headers
from registry.exports.sidecars.particulars import Particulars
from registry.formats.families import Family

VERSIONS: Mapping[str, str] = {
    Family.SD1: "SD1",
    Family.SD2: "SD2",
    Family.SDXL: "SDXL",
    Family.FLUX1: "Flux",
}


def write(told: Particulars) -> dict[str, Any]:
    card = told.card
    notes = [headers.usage(card), *told.made_from, told.page_url]
    if told.optional_words:
        notes.insert(1, f"Optional words: {', '.join(told.optional_words)}.")
    return {
        "description": told.description or card.title,
        "sd version": VERSIONS.get(card.family, "Unknown"),
        "activation text": ", ".join(card.trigger_words),
        "preferred weight": card.weight,
        "negative text": ", ".join(told.negative_words),
        "notes": "\n".join(notes),
    }
