"""
ComfyUI: the file under models/loras, then nodes of the API format to put into a workflow.

The numbers of the nodes we do not make follow ComfyUI's own example: "4" is the checkpoint loader
(outputs model, clip). LoraLoader gives model and clip in turn, for the sampler and the prompts.
Where a base comes as one checkpoint, there is a whole workflow too.
"""

from __future__ import annotations

import json
from typing import Any

from registry.exports import comfyui_workflow, fetching
from registry.exports.card import Card, Paste, Recipe
from registry.exports.comfyui_workflow import Look
from registry.exports.prompts import example
from registry.formats.families import Family

CHECKPOINT, LORA, PROMPT = "4", "10", "11"
FOLDER = "ComfyUI/models/loras"
LOOKS = {
    Family.SD1: Look(512, 20, 7.0),
    Family.SD2: Look(768, 20, 7.0),
    Family.SDXL: Look(1024, 25, 6.0),
    Family.SD3: Look(1024, 28, 5.0),
    Family.FLUX1: Look(1024, 20, 1.0),
}


def write_recipe(card: Card) -> Recipe:
    path = f"{FOLDER}/{card.stem}.safetensors"
    return Recipe(
        title="ComfyUI",
        path=path,
        usage=_json(nodes(card)),
        language="json",
        requirements=fetching.notes(card),
        more=(Paste("Fetch it", fetching.file(card, path), "shell"), *_whole(card)),
    )


def nodes(card: Card) -> dict[str, Any]:
    """Return the adapter's loader, and the prompt that goes through it."""
    return {
        LORA: loader(card),
        PROMPT: {
            "class_type": "CLIPTextEncode",
            "inputs": {"text": example(card), "clip": [LORA, 1]},
            "_meta": {"title": "Prompt"},
        },
    }


def loader(card: Card) -> dict[str, Any]:
    return {
        "class_type": "LoraLoader",
        "inputs": {
            "lora_name": f"{card.stem}.safetensors",
            "strength_model": card.weight,
            "strength_clip": card.weight,
            "model": [CHECKPOINT, 0],
            "clip": [CHECKPOINT, 1],
        },
        "_meta": {"title": card.title},
    }


def _whole(card: Card) -> tuple[Paste, ...]:
    look = LOOKS.get(Family(card.family))
    if look is None:
        return ()
    prompt = comfyui_workflow.prompt(loader(card), example(card), look, prefix=card.slug)
    canvas = comfyui_workflow.workflow(prompt)
    return (
        Paste(
            "A whole workflow, for its API (POST /prompt)",
            _json({"prompt": prompt}),
            "json",
            f"{card.slug}-v{card.version}-api.json",
        ),
        Paste(
            "A whole workflow as a file: drop it on the canvas",
            _json(canvas),
            "json",
            f"{card.slug}-v{card.version}-workflow.json",
        ),
    )


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
