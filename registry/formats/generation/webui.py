"""
Stable Diffusion WebUI, Forge and what writes as they do: lines of text.

The prompt, `Negative prompt: …`, and a last line of `Steps: 20, Sampler: Euler a, CFG scale: 7, …`,
in a PNG's `parameters` or in EXIF's UserComment. Values may be quoted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from registry.formats.generation.facts import (
    MAX_GUIDANCE,
    MAX_PROMPT,
    MAX_SEED,
    MAX_SIDE,
    MAX_STEPS,
    Generation,
    Named,
    each_once,
    named,
    real,
    text,
    whole,
    word,
)

PLACES = ("parameters", "UserComment", "ImageDescription")
MAX_LINE = 20_000
_SETTINGS = re.compile(r"^Steps: \d+, ", re.MULTILINE)
_PAIR = re.compile(r'([A-Za-z][\w /()-]{0,60}?):\s*("(?:\\.|[^"\\]){0,4000}"|[^,]*)(?:,|$)')
_TAG = re.compile(r"<(?:lora|lyco):([^:<>]{1,200})(?::([^<>]{0,100}))?>", re.IGNORECASE)


def read(texts: Mapping[str, str]) -> Generation | None:
    """Return what such lines say, None where there are none."""
    for place in PLACES:
        said = text(texts.get(place), 4 * MAX_PROMPT)
        if said and (_SETTINGS.search(said) or _TAG.search(said)):
            return of_lines(said)
    return None


def of_lines(said: str, program: str = "webui") -> Generation:
    """Return what lines of this form say."""
    start = None
    for start in _SETTINGS.finditer(said):  # noqa: B007  the last such line counts
        pass
    words, settings = (said[: start.start()], said[start.start() :]) if start else (said, "")
    prompt, _, negative = words.partition("\nNegative prompt:")
    if words.startswith("Negative prompt:"):
        prompt, negative = "", words.removeprefix("Negative prompt:")
    told = _pairs(settings)
    width, height = _size(told.get("size", ""))
    return Generation(
        program=program,
        prompt=text(prompt),
        negative=text(negative),
        seed=whole(told.get("seed"), MAX_SEED),
        steps=whole(told.get("steps"), MAX_STEPS),
        guidance=real(told.get("cfg scale"), MAX_GUIDANCE),
        sampler=_sampler(told),
        width=width,
        height=height,
        base=word(told.get("model")),
        adapters=each_once([*tags(prompt), *_hashed(told)]),
    )


def tags(prompt: str) -> list[Named | None]:
    """Return the adapters that a prompt names as `<lora:name:0.8>`, or with `unet=` of its own."""
    found = []
    for match in _TAG.finditer(prompt[: 2 * MAX_PROMPT]):
        found.append(named(match[1], _weight(match[2] or "1")))
        if len(found) >= 100:
            break
    return found


def _weight(said: str) -> str:
    """Return the weight of the layers that draw: the second number where there are two."""
    parts = [part.strip() for part in said.split(":")]
    for part in parts:
        key, equals, value = part.partition("=")
        if equals and key.strip().lower() == "unet":
            return value
    plain = [part for part in parts if "=" not in part and part]
    return (plain[1] if len(plain) > 1 else plain[0]) if plain else "1"


def _pairs(settings: str) -> dict[str, str]:
    told: dict[str, str] = {}
    for match in _PAIR.finditer(settings[:MAX_LINE]):
        value = match[2].strip()
        if value.startswith('"') and value.endswith('"') and len(value) > 1:
            value = value[1:-1].replace('\\"', '"').replace("\\\\", "\\")
        told.setdefault(match[1].strip().lower(), value)
    return told


def _hashed(told: Mapping[str, str]) -> list[Named | None]:
    """Return `Lora hashes: "name: 0123456789ab, other: …"`: hashes without weights."""
    found = []
    for part in told.get("lora hashes", "").split(",")[:100]:
        name, _, digest = part.rpartition(":")
        found.append(named(name, None, digest) if name else None)
    return found


def _sampler(told: Mapping[str, str]) -> str:
    kind = told.get("schedule type", "")
    name = told.get("sampler", "")
    return word(f"{name} {kind}" if kind and kind.lower() != "automatic" else name)


def _size(said: str) -> tuple[int | None, int | None]:
    wide, _, high = said.partition("x")
    return whole(wide, MAX_SIDE, 1), whole(high, MAX_SIDE, 1)
