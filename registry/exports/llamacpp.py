"""llama.cpp: one GGUF file beside the base's, at its weight."""

from __future__ import annotations

from shlex import quote

from registry.exports import fetching
from registry.exports.card import Card, Paste, Recipe
from registry.exports.prompts import example

BASE = "your-base.gguf"


def write_recipe(card: Card) -> Recipe:
    scaled = quote(f"{card.file_name}:{card.weight:g}")
    return Recipe(
        title="llama.cpp",
        path=card.file_name,
        usage=f"llama-cli -m {BASE} --lora-scaled {scaled} -p {quote(example(card))}",
        language="shell",
        requirements=(f"{BASE} stands for {card.base_title or card.base}.", *fetching.notes(card)),
        more=(
            Paste("Fetch it", fetching.file(card, card.file_name), "shell"),
            Paste("Or start a server", f"llama-server -m {BASE} --lora-scaled {scaled}", "shell"),
            Paste(
                "Another weight, while the server runs",
                "curl -fsS http://localhost:8080/lora-adapters -H 'Content-Type: application/json' "
                f"""-d '[{{"id": 0, "scale": {card.weight:g}}}]'""",
                "shell",
            ),
        ),
    )
