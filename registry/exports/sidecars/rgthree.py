"""rgthree-comfy: `.safetensors.rgthree-info.json`, what its loader shows of an adapter."""

from __future__ import annotations

from typing import Any

from registry.exports import civitai_words as words
from registry.exports.sidecars import civitai
from registry.exports.sidecars.particulars import Particulars


def write(told: Particulars) -> dict[str, Any]:
    card = told.card
    return {
        "name": f"{card.title} - {told.version_name}",
        "file": card.file_name,
        "type": words.type_of(told.algorithms),
        "baseModel": told.base_label,
        "trainedWords": [{"word": word, "user": True} for word in card.trigger_words],
        "images": [{"url": told.picture_url}] if told.picture_url else [],
        "links": [told.page_url],
        "sha256": card.sha256.lower(),
        "strength": card.weight,
        "strengthMin": card.weight_low,
        "strengthMax": card.weight_high,
        "raw": {"civitai": civitai.write(told)},
    }
