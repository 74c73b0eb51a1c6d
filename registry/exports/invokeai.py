"""InvokeAI: one call installs the file from its address, with trigger phrases and weights."""

from __future__ import annotations

import json
from shlex import quote
from typing import Any

from registry.exports import fetching
from registry.exports.card import Card, Paste, Recipe
from registry.formats.families import Family

SLIDER = (-1.0, 2.0)  # its own ends, where a model says none
AT = "http://localhost:9090/api/v2/models/install"
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
    "Where the hub is closed, add &access_token= and a token to the address, or give InvokeAI the "
    "token once, in remote_api_tokens of invokeai.yaml."
)


def write_recipe(card: Card) -> Recipe:
    body = json.dumps(record(card), ensure_ascii=False)
    address = f"{AT}?source={fetching.escaped(card.download_url)}&inplace=false"
    return Recipe(
        title="InvokeAI",
        path="",
        usage=f"curl -fX POST {quote(address)} "
        f"-H 'Content-Type: application/json' -d {quote(body)}",
        language="shell",
        requirements=(CLOSED, *fetching.notes(card)),
        more=(
            *fetching.made(card),
            Paste("For its model manager: the address", card.download_url),
            Paste("The token, in invokeai.yaml", _yaml(card), "yaml"),
        ),
    )


def record(card: Card) -> dict[str, Any]:
    """Return what InvokeAI is to know of the model; the weight lies within its bounds."""
    low, high = _bounds(card)
    return {
        "name": f"{card.title} v{card.version}",
        "description": card.page_url,
        "base": BASES[Family(card.family)],
        "type": "lora",
        "trigger_phrases": list(card.trigger_words),
        "default_settings": {
            "weight": card.weight,
            "weight_min": low,
            "weight_max": high,
        },
    }


def _bounds(card: Card) -> tuple[float, float]:
    """Return the slider's ends: they hold the weight, and are never the same, which is refused."""
    ends = (card.weight_low, card.weight_high, card.weight)
    low, high = min(ends), max(ends)
    return (low, high) if low < high else (min(low, SLIDER[0]), max(high, SLIDER[1]))


def _yaml(card: Card) -> str:
    pattern = card.hub.replace(".", "\\\\.")
    return f'remote_api_tokens:\n  - url_regex: "{pattern}"\n    token: <your token>'
