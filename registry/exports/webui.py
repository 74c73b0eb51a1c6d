"""Stable Diffusion WebUI and Forge: the file under models/Lora, then a tag in the prompt."""

from __future__ import annotations

from registry.exports.card import Card, Recipe


def write_recipe(card: Card) -> Recipe:
    tag = f"<lora:{card.stem}:{card.weight:g}>"
    return Recipe(
        title="Stable Diffusion WebUI",
        path=f"models/Lora/{card.stem}.safetensors",
        usage=", ".join([*card.trigger_words, tag]),
    )
