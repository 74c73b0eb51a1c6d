"""Decides what an adapter's card.json holds: all that a member would type into the upload form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SAMPLE_PROMPTS = (
    "a red circle on white",
    "a big blue star on a yellow background",
    "a pink heart and a black cross on white",
)
_DEFAULTS = {
    "base": "shapes",
    "trigger_words": [],
    "weight_low": None,
    "weight_high": None,
    "weight_default": None,
    "expected": "published",
    "expected_reason": None,
    "sample_prompts": list(SAMPLE_PROMPTS),
    "licence": "Apache-2.0",
}


def write_card(folder: Path, **facts: Any) -> None:
    card = {"slug": folder.name} | _DEFAULTS | facts
    text = json.dumps(card, ensure_ascii=False, indent=2) + "\n"
    (folder / "card.json").write_text(text, "utf-8")
