"""Ollama: a Modelfile that puts a GGUF adapter on its base."""

from __future__ import annotations

from shlex import quote

from registry.exports import fetching
from registry.exports.card import Card, Paste, Recipe

STANDS_FOR = "your-base.gguf stands for"


def write_recipe(card: Card) -> Recipe:
    weight = (
        ()
        if card.weight == 1
        else (f"Ollama applies adapters at weight 1; here {card.weight:g} is the best.",)
    )
    return Recipe(
        title="Ollama",
        path=card.file_name,
        usage=f"FROM ./your-base.gguf\nADAPTER ./{card.file_name}",
        requirements=(
            f"{STANDS_FOR} {card.base_title or card.base}; a name in `ollama list` will do.",
            *weight,
            *fetching.notes(card),
        ),
        more=(
            Paste("Fetch it", fetching.file(card, card.file_name), "shell"),
            Paste(
                "Then, with the lines above saved as Modelfile",
                f"ollama create {quote(card.slug)} -f Modelfile && ollama run {quote(card.slug)}",
                "shell",
            ),
        ),
    )
