"""
ComfyUI: the file under models/loras, then nodes of the API format to put into a workflow.

The numbers of the nodes we do not make follow ComfyUI's own example: "4" is the checkpoint loader
(outputs model, clip). LoraLoader gives model and clip in turn, for the sampler and the prompts.
"""

from __future__ import annotations

import json
from typing import Any

from registry.exports.card import Card, Recipe
from registry.exports.prompts import example

CHECKPOINT, LORA, PROMPT = "4", "10", "11"


def write_recipe(card: Card) -> Recipe:
    return Recipe(
        title="ComfyUI",
        path=f"ComfyUI/models/loras/{card.stem}.safetensors",
        usage=json.dumps(nodes(card), indent=2, ensure_ascii=False),
        language="json",
    )


def nodes(card: Card) -> dict[str, Any]:
    """Return the adapter's loader, and the prompt that goes through it."""
    return {
        LORA: {
            "class_type": "LoraLoader",
            "inputs": {
                "lora_name": f"{card.stem}.safetensors",
                "strength_model": card.weight,
                "strength_clip": card.weight,
                "model": [CHECKPOINT, 0],
                "clip": [CHECKPOINT, 1],
            },
            "_meta": {"title": card.title},
        },
        PROMPT: {
            "class_type": "CLIPTextEncode",
            "inputs": {"text": example(card), "clip": [LORA, 1]},
            "_meta": {"title": "Prompt"},
        },
    }
