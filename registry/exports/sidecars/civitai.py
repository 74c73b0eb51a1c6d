"""
Civitai Helper and others: `.civitai.info`, a version as Civitai's API answers it.

It has no ids: programs would ask Civitai for newer versions of whatever goes by them there.
"""

from __future__ import annotations

from typing import Any

from registry.exports import civitai_words as words
from registry.exports.licences import permissions
from registry.exports.sidecars.particulars import Particulars, as_html


def write(told: Particulars) -> dict[str, Any]:
    card = told.card
    level = words.LEVELS[told.content_level]
    return {
        "id": None,
        "modelId": None,
        "name": told.version_name,
        "description": as_html(told.changes),
        "baseModel": told.base_label,
        "publishedAt": told.at.isoformat(),
        "trainedWords": list(card.trigger_words),
        "nsfwLevel": level,
        "model": model(told),
        "files": [file(told)],
        "images": images(told),
        "downloadUrl": card.download_url,
        "settings": {
            "strength": card.weight,
            "minStrength": card.weight_low,
            "maxStrength": card.weight_high,
        },
        "extensions": {"loradex": {"name": f"{card.team}/{card.slug}", "version": card.version}},
    }


def model(told: Particulars) -> dict[str, Any]:
    """Return the adapter as a version names it, with what one asks of a model beside."""
    allowed = permissions(told.licence)
    return {
        "name": told.card.title,
        "type": words.type_of(told.algorithms),
        "nsfw": words.LEVELS[told.content_level] >= words.NSFW_FROM,
        "poi": False,
        "description": as_html(told.description),
        "tags": list(told.tags),
        "allowNoCredit": allowed.no_credit,
        "allowCommercialUse": list(allowed.commercial),
        "allowDerivatives": allowed.derivatives,
        "allowDifferentLicense": allowed.different_licence,
    }


def file(told: Particulars) -> dict[str, Any]:
    card = told.card
    return {
        "name": card.file_name,
        "sizeKB": told.size / 1024,
        "type": "Model",
        "primary": True,
        "metadata": metadata(told),
        "hashes": told.hashes,
        "downloadUrl": card.download_url,
    }


def metadata(told: Particulars) -> dict[str, Any]:
    """Return the file's number type and format."""
    precision = words.precision_of(told.dtype)
    found = {"format": words.format_of(told.card.dialect), "fp": precision}
    return {name: value for name, value in found.items() if value}


def images(told: Particulars) -> list[dict[str, Any]]:
    if not told.picture_url:
        return []
    picture = {
        "url": told.picture_url,
        "nsfwLevel": words.LEVELS[told.content_level],
        "width": told.picture_width,
        "height": told.picture_height,
        "type": "image",
        "hash": "",
        "meta": None,
    }
    return [picture]
