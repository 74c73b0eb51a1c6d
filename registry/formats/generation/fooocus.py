"""Fooocus: a JSON object in `parameters`, with `fooocus_scheme` beside it or a version within."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from registry.formats.generation.facts import (
    MAX_GUIDANCE,
    MAX_SEED,
    MAX_SIDE,
    MAX_STEPS,
    Generation,
    Named,
    each_once,
    json_object,
    named,
    real,
    stem,
    text,
    whole,
    word,
)

PLACES = ("parameters", "UserComment")
_PAIR = re.compile(r"\s*\(?\s*(\d{1,5})\s*,\s*(\d{1,5})\s*\)?\s*")
_ROW = re.compile(r"""[\[(]['"]([^'"]{1,200})['"],\s*(-?[\d.]{1,20})(?:,\s*['"](\w{0,64})['"])?""")
_LORA = re.compile(r"lora_combined_\d{1,2}|LoRA \d{1,2}|lora\d{1,2}", re.IGNORECASE)


def read(texts: Mapping[str, str]) -> Generation | None:
    for place in PLACES:
        told = json_object(texts.get(place))
        if told and ("fooocus_scheme" in texts or "Fooocus" in str(told.get("version", ""))):
            return _of(told)
    return None


def _of(told: Mapping[str, Any]) -> Generation:
    size = _PAIR.fullmatch(str(told.get("resolution", ""))[:40])
    sampler = " ".join(word(told.get(name)) for name in ("sampler", "scheduler"))
    return Generation(
        program="fooocus",
        prompt=text(told.get("prompt")),
        negative=text(told.get("negative_prompt")),
        seed=whole(told.get("seed"), MAX_SEED),
        steps=whole(told.get("steps"), MAX_STEPS),
        guidance=real(told.get("guidance_scale"), MAX_GUIDANCE),
        sampler=word(sampler),
        width=whole(size[1], MAX_SIDE, 1) if size else None,
        height=whole(size[2], MAX_SIDE, 1) if size else None,
        base=stem(word(told.get("base_model"))),
        adapters=each_once([*_rows(told.get("loras")), *_combined(told)]),
    )


def _rows(said: Any) -> Iterator[Named | None]:
    """Yield `[["x", 0.5, "0123456789"], …]`, or the same as Python writes it."""
    if isinstance(said, str):
        said = [match.groups() for match in _ROW.finditer(said[:10_000])]
    for row in said[:100] if isinstance(said, list) else ():
        if isinstance(row, list | tuple) and len(row) >= 2:
            yield named(row[0], row[1], row[2] if len(row) > 2 else "")


def _combined(told: Mapping[str, Any]) -> Iterator[Named | None]:
    """Yield `"lora_combined_1": "x.safetensors : 0.5"`."""
    for key, value in told.items():
        if isinstance(value, str) and _LORA.fullmatch(key):
            name, _, weight = value.rpartition(" : ")
            yield named(name or value, weight if name else None)
