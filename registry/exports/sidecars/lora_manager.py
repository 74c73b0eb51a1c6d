"""
ComfyUI-Lora-Manager: `.metadata.json`, with the weights to use in `usage_tips`, JSON within JSON.

It adds the folder and what its user notes itself; what it does not know it keeps.
"""

from __future__ import annotations

import json
from typing import Any

from registry.exports import civitai_words as words
from registry.exports import headers
from registry.exports.sidecars import civitai
from registry.exports.sidecars.particulars import Particulars, as_html


def write(told: Particulars) -> dict[str, Any]:
    card = told.card
    tips = {
        "strength": card.weight,
        "strength_min": card.weight_low,
        "strength_max": card.weight_high,
    }
    return {
        "file_name": card.stem,
        "model_name": card.title,
        "file_path": card.file_name,
        "size": told.size,
        "modified": told.at.timestamp(),
        "sha256": card.sha256.lower(),
        "base_model": told.base_label,
        "preview_url": f"{card.stem}.preview.png" if told.picture_url else "",
        "preview_nsfw_level": words.LEVELS[told.content_level],
        "notes": "\n".join([headers.usage(card), *told.made_from]),
        "from_civitai": False,
        "civitai": civitai.write(told),
        "tags": list(told.tags),
        "modelDescription": as_html(told.description),
        "favorite": False,
        "exclude": False,
        "usage_tips": json.dumps(tips),
        "trainedWords": list(card.trigger_words),
        "autov3": told.autov3.lower(),
    }
