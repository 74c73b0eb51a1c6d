"""SGLang: server flags, a call that loads the adapter, and a request that names it."""

from __future__ import annotations

import json
from shlex import quote

from registry.exports import fetching, fitness, peft, vllm
from registry.exports.card import PEFT_WEIGHTS, Card, Paste, Recipe

FOLDER = "/adapters"
AT = "http://localhost:30000"


def write_recipe(card: Card) -> Recipe:
    at = f"{FOLDER}/{card.folder}"
    return Recipe(
        title="SGLang",
        path=f"{at}/{PEFT_WEIGHTS}",
        usage=f"{_serve(card)} --lora-paths {quote(f'{card.folder}={at}')}",
        language="shell",
        requirements=(
            *vllm.weight_note(card),
            *peft.needs_base(card),
            *fetching.notes(card),
        ),
        more=(
            Paste("Fetch the folder first", fetching.folder(card, at), "shell"),
            Paste("Or load it while the server runs", _load(card, at), "shell"),
            Paste("Ask for it", _ask(card), "shell"),
        ),
    )


def _serve(card: Card) -> str:
    targets = fitness.targets(card)
    rank = f" --max-lora-rank {card.highest_rank}" if card.highest_rank else ""
    layers = f" --lora-target-modules {' '.join(map(quote, targets))}" if targets else ""
    base = quote(peft.base_of(card))
    return f"python -m sglang.launch_server --model-path {base} --enable-lora{rank}{layers}"


def _load(card: Card, at: str) -> str:
    body = json.dumps({"lora_name": card.folder, "lora_path": at})
    return f"curl -fsS {AT}/load_lora_adapter -H 'Content-Type: application/json' -d {quote(body)}"


def _ask(card: Card) -> str:
    body = {
        "text": "Once upon a time",
        "sampling_params": {"max_new_tokens": 40},
        "lora_path": card.folder,
    }
    return (
        f"curl -fsS {AT}/generate -H 'Content-Type: application/json' "
        f"-d {quote(json.dumps(body, ensure_ascii=False))}"
    )
