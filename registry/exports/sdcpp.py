"""stable-diffusion.cpp: a folder of files, and a tag in the prompt."""

from __future__ import annotations

from shlex import quote

from registry.exports import fetching
from registry.exports.card import Card, Paste, Recipe
from registry.exports.prompts import example

FOLDER = "loras"
RENAMED = "Releases before the end of 2025 call the program sd, and not sd-cli."


def write_recipe(card: Card) -> Recipe:
    tag = f"<lora:{card.stem}:{card.weight:g}>"
    path = f"{FOLDER}/{card.stem}.safetensors"
    return Recipe(
        title="stable-diffusion.cpp",
        path=path,
        usage=f"sd-cli -m your-base.safetensors --lora-model-dir {FOLDER} "
        f"-p {quote(f'{example(card)} {tag}')} -o {quote(f'{card.slug}.png')}",
        language="shell",
        requirements=(
            f"your-base.safetensors stands for {card.base_title or card.base}.",
            RENAMED,
            *fetching.notes(card),
        ),
        more=(Paste("Fetch it", fetching.file(card, path), "shell"),),
    )
