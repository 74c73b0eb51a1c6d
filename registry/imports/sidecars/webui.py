"""Stable Diffusion WebUI and Forge: `.json`, what a person wrote on the card of the Lora tab."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from registry.imports import saying
from registry.imports.saying import said
from registry.imports.usage import weights_in

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
        **(weights_in(notes) | saying.weights(told.get("preferred weight"))),
    )
