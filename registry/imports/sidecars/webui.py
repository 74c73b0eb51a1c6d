"""Stable Diffusion WebUI and Forge: `.json`, what a person wrote on the card of the Lora tab."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from registry.formats.training.reading import Reading
from registry.formats.training.weights import read_weight
from registry.imports import saying
from registry.imports.saying import said

_OPTIONAL = re.compile(r"^Optional words: (.+?)\.?$", re.MULTILINE)
_ADDRESS = re.compile(r"https?://\S+")


def read(told: Mapping[str, Any]) -> dict[str, Any]:
    notes = saying.text(told.get("notes"))
    optional = _OPTIONAL.search(notes)
    page = _ADDRESS.search(notes)
    return said(
        description=saying.text(told.get("description")),
        trigger_words=saying.words(told.get("activation text")),
        optional_words=saying.words(optional[1]) if optional else [],
        negative_words=saying.words(told.get("negative text")),
        page_url=saying.address(page[0]) if page else "",
        **_weights(told.get("preferred weight"), notes),
    )


def _weights(preferred: Any, notes: str) -> dict[str, float]:
    """Return the preferred weight, and the range that the notes clearly name."""
    noted = read_weight(Reading({"usage_hint": notes}, {}))
    low, high = (noted.low, noted.high) if noted and noted.low < noted.high else (None, None)
    return saying.weights(preferred, low, high)


def read_text(content: str) -> dict[str, Any]:
    """Return what `x.description.txt` says: WebUI shows it as the description."""
    return said(description=saying.text(content))
