"""InvokeAI: one JSON object in `invokeai_metadata`; before version 3 in `sd-metadata`."""

from __future__ import annotations

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


def read(texts: Mapping[str, str]) -> Generation | None:
    found = json_object(texts.get("invokeai_metadata"))
    return _of_now(found) if found else _of_old(json_object(texts.get("sd-metadata")))


def _of_now(told: Mapping[str, Any]) -> Generation:
    return Generation(
        program="invokeai",
        prompt=text(told.get("positive_prompt")),
        negative=text(told.get("negative_prompt")),
        seed=whole(told.get("seed"), MAX_SEED),
        steps=whole(told.get("steps"), MAX_STEPS),
        guidance=real(told.get("cfg_scale", told.get("guidance")), MAX_GUIDANCE),
        sampler=word(told.get("scheduler")),
        width=whole(told.get("width"), MAX_SIDE, 1),
        height=whole(told.get("height"), MAX_SIDE, 1),
        base=_base(told.get("model")),
        adapters=each_once(list(_adapters(told.get("loras")))),
    )


def _adapters(said: Any) -> Iterator[Named | None]:
    """Yield `{"model": {"name": …, "hash": …}, "weight": 0.7}`, and the older `lora`."""
    for one in said[:100] if isinstance(said, list) else ():
        if not isinstance(one, dict):
            continue
        model = one.get("model") or one.get("lora")
        if isinstance(model, dict):
            digest = str(model.get("hash") or "").rpartition(":")[2]
            name = model.get("name") or model.get("model_name")
            yield named(name, one.get("weight"), digest)


def _base(said: Any) -> str:
    if isinstance(said, dict):
        said = said.get("name") or said.get("model_name")
    return stem(word(said))


def _of_old(told: Mapping[str, Any] | None) -> Generation | None:
    image = told.get("image") if told else None
    if told is None or not isinstance(image, dict):
        return None
    prompt = image.get("prompt")
    if isinstance(prompt, list) and prompt and isinstance(prompt[0], dict):
        prompt = prompt[0].get("prompt")
    return Generation(
        program="invokeai",
        prompt=text(prompt),
        seed=whole(image.get("seed"), MAX_SEED),
        steps=whole(image.get("steps"), MAX_STEPS),
        guidance=real(image.get("cfg_scale"), MAX_GUIDANCE),
        sampler=word(image.get("sampler")),
        width=whole(image.get("width"), MAX_SIDE, 1),
        height=whole(image.get("height"), MAX_SIDE, 1),
        base=word(told.get("model_weights")),
    )
