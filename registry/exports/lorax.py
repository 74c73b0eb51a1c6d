"""LoRAX: an adapter named in the request, fetched by this hub's own route or from a folder."""

from __future__ import annotations

import json
from shlex import quote
from typing import Any

from registry.exports import fetching, peft, vllm
from registry.exports.card import PEFT_WEIGHTS, TOKEN, Card, Paste, Recipe

FOLDER = "/adapters"


def write_recipe(card: Card) -> Recipe:
    at = f"{FOLDER}/{card.folder}"
    own = not card.layout  # the hub's route gives the original alone
    by_name = {"adapter_id": _by_route(card), "adapter_source": "pbase"}
    by_hub = {"adapter_id": card.repo, "adapter_source": "hub"}
    local = {"adapter_id": at, "adapter_source": "local"}
    more = (Paste("Ask for it from a folder of the server", _ask(local), "shell"),) if own else ()
    return Recipe(
        title="LoRAX",
        path=f"{at}/{PEFT_WEIGHTS}",
        usage=_ask(by_name) if own else _ask(local),
        language="shell",
        requirements=(
            *((_ROUTE,) if own else ()),
            *vllm.weight_note(card),
            *fetching.notes(card),
        ),
        more=(
            Paste("Start the server", _serve(card), "shell"),
            Paste(
                "Fetch the folder, if the hub keeps files on a disk",
                fetching.folder(card, at),
                "shell",
            ),
            *more,
            *fetching.by_name(card, _ask(by_hub), "shell"),
        ),
    )


_ROUTE = (
    "This works where the hub keeps its files in an object store that the server reads too, with "
    "S3_ENDPOINT_URL and AWS credentials in its environment; else use a folder."
)


def _by_route(card: Card) -> str:
    return f"{card.team}--{card.slug}/{card.version}"


def _serve(card: Card) -> str:
    return (
        f"PREDIBASE_GATEWAY_ENDPOINT={quote(card.hub)} "
        f"lorax-launcher --model-id {quote(peft.base_of(card))}"
    )


def _ask(named: dict[str, str]) -> str:
    parameters: dict[str, Any] = {**named, "max_new_tokens": 40}
    if named["adapter_source"] != "local":
        parameters["api_token"] = TOKEN
    body = json.dumps({"inputs": "Once upon a time", "parameters": parameters})
    # In double quotes, so that the shell puts the token in.
    escaped = body.replace("\\", "\\\\").replace('"', '\\"')
    return (
        "curl -fsS http://localhost:8080/generate -H 'Content-Type: application/json' "
        f'-d "{escaped}"'
    )
