"""rgthree-comfy: `.safetensors.rgthree-info.json`, what its loader shows of an adapter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.imports import civitai_records, saying
from registry.imports.saying import said


def read(told: Mapping[str, Any]) -> dict[str, Any]:
    civitai = civitai_records.read(saying.part(saying.part(told, "raw"), "civitai"))
    listed = told.get("trainedWords")
    words = [
        each.get("word") if isinstance(each, Mapping) else each
        for each in (listed[:1000] if isinstance(listed, list) else [])
    ]
    base = saying.line(told.get("baseModel"), most=100)
    own = said(
        title="" if civitai.get("title") else saying.line(told.get("name"), most=120),
        trigger_words=saying.words(words),
        bases=[base] if base else [],
        page_url=saying.first_address(told.get("links")),
        sha256=saying.digest(told.get("sha256")),
        **saying.weights(told.get("strength"), told.get("strengthMin"), told.get("strengthMax")),
    )
    return civitai | own
