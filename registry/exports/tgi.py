"""Text Generation Inference: adapters named when the server starts, and asked for by name."""

from __future__ import annotations

import json
from shlex import quote

from registry.exports import fetching, peft, vllm
from registry.exports.card import PEFT_WEIGHTS, Card, Paste, Recipe

FOLDER = "/adapters"


def write_recipe(card: Card) -> Recipe:
    at = f"{FOLDER}/{card.folder}"
    named = quote(f"{card.folder}={at}")
    return Recipe(
        title="Text Generation Inference",
        path=f"{at}/{PEFT_WEIGHTS}",
        usage=f"LORA_ADAPTERS={named} text-generation-launcher "
        f"--model-id {quote(peft.base_of(card))}",
        language="shell",
        requirements=(
            *vllm.weight_note(card),
            *peft.needs_base(card),
            *fetching.notes(card),
        ),
        more=(
            Paste("Fetch the folder first", fetching.folder(card, at), "shell"),
            Paste("Ask for it", _ask(card), "shell"),
        ),
    )


def _ask(card: Card) -> str:
    body = {
        "inputs": "Once upon a time",
        "parameters": {"adapter_id": card.folder, "max_new_tokens": 40},
    }
    return (
        "curl -fsS http://localhost:3000/generate -H 'Content-Type: application/json' "
        f"-d {quote(json.dumps(body, ensure_ascii=False))}"
    )
