"""comfy-cli: fetches any address, with the token in it, into a folder of ComfyUI's."""

from __future__ import annotations

from shlex import quote

from registry.exports import comfyui, fetching
from registry.exports.card import Card, Paste, Recipe


def write_recipe(card: Card) -> Recipe:
    name = f"{card.stem}.safetensors"
    return Recipe(
        title="comfy-cli",
        path=f"models/loras/{name}",
        usage=f'comfy model download --url "{fetching.with_token(card)}" '
        f"--relative-path models/loras --filename {quote(name)}",
        language="shell",
        requirements=fetching.notes(card),
        more=(
            *fetching.made(card),
            Paste("Nodes for a workflow", comfyui.write_recipe(card).usage, "json"),
        ),
    )
