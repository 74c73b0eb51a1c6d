"""SwarmUI: the file under Models/Lora, then a tag in the prompt; or by its model downloader."""

from __future__ import annotations

import json

from registry.exports import fetching
from registry.exports.card import Card, Paste, Recipe

OPEN = "For its model downloader: if the hub wants no token, leave it out of the address."


def write_recipe(card: Card) -> Recipe:
    tag = f"<lora:{card.stem}:{card.weight:g}>"
    path = f"Models/Lora/{card.stem}.safetensors"
    return Recipe(
        title="SwarmUI",
        path=path,
        usage=", ".join([*card.trigger_words, tag]),
        requirements=(OPEN, *fetching.notes(card)),
        more=(
            *fetching.made(card),
            Paste("For its model downloader: the address", fetching.with_token(card, "YOUR_TOKEN")),
            Paste(
                "For its model downloader: the metadata",
                json.dumps(_metadata(card), indent=2, ensure_ascii=False),
                "json",
                f"{card.stem}.swarm.json",
            ),
            Paste("Or fetch it", fetching.file(card, path), "shell"),
        ),
    )


def _metadata(card: Card) -> dict[str, str]:
    """Return what SwarmUI keeps of a model, in ModelSpec's words."""
    said = {
        "modelspec.title": card.title,
        "modelspec.description": card.page_url,
        "modelspec.trigger_phrase": ", ".join(card.trigger_words),
        "modelspec.usage_hint": f"weight {card.weight_low:g} to {card.weight_high:g}",
        "modelspec.lora_default_weight": f"{card.weight:g}",
        "modelspec.hash_sha256": "",
    }
    return {name: text for name, text in said.items() if text}
