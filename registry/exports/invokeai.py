"""
InvokeAI: one call installs the file from its address, another tells its phrases and weights.

The first would take those as well, and forgets them.
"""

from __future__ import annotations

import json
from shlex import quote
from typing import Any

from registry.exports import fetching
from registry.exports.card import Card, Paste, Recipe
from registry.formats.families import Family

SLIDER = (-1.0, 2.0)  # its own ends, where a model says none
AT = "http://localhost:9090/api/v2/models"
BASES = {
    Family.SD1: "sd-1",
    Family.SD2: "sd-2",
    Family.SDXL: "sdxl",
    Family.FLUX1: "flux",
    Family.FLUX2: "flux2",
    Family.Z_IMAGE: "z-image",
    Family.QWEN_IMAGE: "qwen-image",
    Family.KREA2: "krea-2",
    Family.WAN: "wan",
    Family.COSMOS: "anima",
}
CLOSED = (
    "If the hub wants a token, add &access_token= and the token to the address, or give it to "
    "InvokeAI once, in remote_api_tokens of invokeai.yaml."
)

PRIVATE = (
    "If the hub is in a private network, write allow_private_download_urls: true into "
    "invokeai.yaml, or InvokeAI refuses to fetch from it."
)


def write_recipe(card: Card) -> Recipe:
    address = f"{AT}/install?source={fetching.escaped(card.download_url)}&inplace=false"
    return Recipe(
        title="InvokeAI",
        path="",
        usage=f"curl -fX POST {quote(address)} {_sent(record(card))}",
        language="shell",
        requirements=(PRIVATE, CLOSED, *fetching.notes(card)),
        more=(
            *fetching.made(card),
            Paste("Once it is installed: its trigger phrases and weights", _tell(card), "shell"),
            Paste("For its model manager: the address", card.download_url),
            Paste("The token, in invokeai.yaml", _yaml(card), "yaml"),
        ),
    )


def record(card: Card) -> dict[str, Any]:
    """Return what an installation keeps of what it is told; the key is what the rest goes to."""
    return {
        "key": card.folder,
        "name": f"{card.title} v{card.version}",
        "description": card.page_url,
        "base": BASES[Family(card.family)],
        "type": "lora",
    }


def settings(card: Card) -> dict[str, Any]:
    """Return what has to be told afterwards; the weight lies within its bounds."""
    low, high = _bounds(card)
    return {
        "trigger_phrases": list(card.trigger_words),
        "default_settings": {
            "weight": card.weight,
            "weight_min": low,
            "weight_max": high,
        },
    }


def _tell(card: Card) -> str:
    """Return a call that is repeated until the model, which is fetched meanwhile, is there."""
    again = "--retry 60 --retry-delay 2 --retry-all-errors"
    return f"curl -fX PATCH {again} {quote(f'{AT}/i/{card.folder}')} {_sent(settings(card))}"


def _sent(body: dict[str, Any]) -> str:
    told = quote(json.dumps(body, ensure_ascii=False))
    return f"-H 'Content-Type: application/json' -d {told}"


def _bounds(card: Card) -> tuple[float, float]:
    """Return the slider's ends: they hold the weight, and are never the same, which is refused."""
    ends = (card.weight_low, card.weight_high, card.weight)
    low, high = min(ends), max(ends)
    return (low, high) if low < high else (min(low, SLIDER[0]), max(high, SLIDER[1]))


def _yaml(card: Card) -> str:
    pattern = card.hub.replace(".", "\\\\.")
    return f'remote_api_tokens:\n  - url_regex: "{pattern}"\n    token: <your token>'
