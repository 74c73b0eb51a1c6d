"""How a picture was made, as one text to be pasted: what most programs read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SETTINGS = (
    ("Steps", "steps"),
    ("Sampler", "sampler"),
    ("CFG scale", "guidance"),
    ("Seed", "seed"),
    ("Size", "size"),
    ("Model", "base"),
)


def of(told: Mapping[str, Any]) -> str:
    """Return the lines of what is told: prompt, negative prompt, settings; "" where nothing is."""
    size = f"{told['width']}x{told['height']}" if {"width", "height"} <= told.keys() else ""
    known = {**told, "size": size}
    settings = ", ".join(
        f"{label}: {_plain(known[key])}"
        for label, key in _SETTINGS
        if known.get(key) not in (None, "")
    )
    negative = told.get("negative", "")
    parts = [told.get("prompt", ""), f"Negative prompt: {negative}" if negative else "", settings]
    return "\n".join(part for part in parts if part)


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    text = str(value)
    return f'"{text}"' if "," in text or ":" in text else text
