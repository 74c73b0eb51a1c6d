"""
ComfyUI-Lora-Manager: `.metadata.json`, with what its user changed beside what Civitai says.

The weights to use stand in `usage_tips`, JSON within JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.errors import SourceRefused
from registry.imports import civitai_records, saying
from registry.imports.html_text import as_markdown
from registry.imports.saying import said


def read(told: Mapping[str, Any]) -> dict[str, Any]:
    civitai = civitai_records.read(saying.part(told, "civitai"))
    tips = _tips(told.get("usage_tips"))
    own = said(
        title=saying.line(told.get("model_name"), most=120),
        description=saying.text(as_markdown(str(told.get("modelDescription") or ""))),
        tags=saying.tags(told.get("tags")),
        trigger_words=saying.words(told.get("trainedWords")),
        bases=[base] if (base := _known(told.get("base_model"))) else [],
        content_level=civitai_records.level_of({"nsfwLevel": told.get("preview_nsfw_level")}),
        sha256=saying.digest(told.get("sha256")),
        **saying.weights(tips.get("strength"), tips.get("strength_min"), tips.get("strength_max")),
    )
    if civitai.get("content_level"):
        own.pop("content_level", None)  # of the picture alone, and this is of the adapter
    return civitai | own


def _tips(value: Any) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    if not isinstance(value, str) or not value.strip():
        return {}
    try:
        return saying.parsed(value.encode("utf-8", "replace"), name="usage_tips")
    except SourceRefused:
        return {}  # the rest of the record is good without


def _known(value: Any) -> str:
    base = saying.line(value, most=100)
    return "" if base.lower() in {"unknown", "other"} else base
