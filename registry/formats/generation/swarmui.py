"""SwarmUI: `{"sui_image_params": {…}}` in `parameters`, or in EXIF's UserComment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from registry.formats.generation import webui
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


def read(texts: Mapping[str, str]) -> Generation | None:
    for place in PLACES:
        found = json_object(texts.get(place))
        told = found.get("sui_image_params") if found else None
        if found and isinstance(told, dict):
            return _of(told, found)
    return None


def _of(told: Mapping[str, Any], found: Mapping[str, Any]) -> Generation:
    prompt = text(told.get("prompt"))
    return Generation(
        program="swarmui",
        prompt=prompt,
        negative=text(told.get("negativeprompt")),
        seed=whole(told.get("seed"), MAX_SEED),
        steps=whole(told.get("steps"), MAX_STEPS),
        guidance=real(told.get("cfgscale"), MAX_GUIDANCE),
        sampler=word(" ".join(word(told.get(name)) for name in ("sampler", "scheduler"))),
        width=whole(told.get("width"), MAX_SIDE, 1),
        height=whole(told.get("height"), MAX_SIDE, 1),
        base=stem(word(told.get("model"))),
        adapters=each_once([*_listed(told), *webui.tags(prompt), *_hashed(found)]),
    )


def _listed(told: Mapping[str, Any]) -> Iterator[Named | None]:
    names, weights = _list(told.get("loras")), _list(told.get("loraweights"))
    for name, weight in zip_longest(names, weights[: len(names)], fillvalue="1"):
        yield named(name, weight)


def _list(said: Any) -> list[Any]:
    if isinstance(said, str):
        said = said.split(",")
    return said[:100] if isinstance(said, list) else []


def _hashed(found: Mapping[str, Any]) -> Iterator[Named | None]:
    """Yield `sui_models`: `{"name": …, "param": "loras", "hash": "0x…"}`."""
    said = found.get("sui_models")
    for one in said[:100] if isinstance(said, list) else ():
        if isinstance(one, dict) and one.get("param") == "loras":
            yield named(one.get("name"), None, one.get("hash"))
