"""
A picture of a sweep, as Civitai's clients know images.

Its description says everything it was rendered from, so that a client can render it again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.request import Request

from hub.api import addresses
from registry.exports import civitai_words as words
from registry.queries.civitai.bases import label_of
from registry.queries.words import FileRole

if TYPE_CHECKING:
    from registry.models import AdapterVersion, PreviewCell

GREY = "00Eyb["  # a BlurHash of one part: what a client shows until the picture is here
NO_STATS = dict.fromkeys(
    ("cryCount", "laughCount", "likeCount", "dislikeCount", "heartCount", "commentCount"), 0
)


def in_list(request: Request, cell: PreviewCell, level: int) -> dict[str, Any]:
    """Return a picture as versions in lists have it."""
    return {"id": cell.pk, **_looks(request, cell, level), "availability": "Public"}


def in_model(request: Request, cell: PreviewCell, level: int) -> dict[str, Any]:
    """Return a picture as the versions of one model have it: without an id."""
    return {**_looks(request, cell, level), "availability": "Public"}


def in_version(
    request: Request, cell: PreviewCell, version: AdapterVersion, level: int
) -> dict[str, Any]:
    """Return a picture as one version has it: with what it was rendered from."""
    looks = _looks(request, cell, level)
    size = {"width": cell.width, "height": cell.height, "hash": GREY}
    return {
        **looks,
        "metadata": size,
        "meta": meta(cell, version),
        "availability": "Public",
        "settings": _settings(cell),
    }


def by_itself(request: Request, cell: PreviewCell, *, nested: bool) -> dict[str, Any]:
    """Return a picture as the list of images has it; `nested` says how its description is put."""
    version = cell.grid.version
    level = words.LEVELS[version.adapter.content_level]
    told = meta(cell, version)
    return {
        "id": cell.pk,
        "url": addresses.picture(request, cell),
        "hash": GREY,
        "width": cell.width,
        "height": cell.height,
        "nsfwLevel": words.level_name(level),
        "type": "image",
        "nsfw": level >= words.NSFW_FROM,
        "browsingLevel": level,
        "createdAt": cell.grid.rendered_at,
        "postId": version.serial,
        "stats": dict(NO_STATS),
        "meta": {"id": cell.pk, "meta": told} if nested else told,
        "username": version.adapter.team.slug,
        "baseModel": label_of(version.base),
        "modelVersionIds": [version.serial],
        "settings": _settings(cell),
    }


def meta(cell: PreviewCell, version: AdapterVersion) -> dict[str, Any]:
    """Return what a picture was rendered from, by the names that Civitai has for it."""
    told = cell.parameters
    file = next((one for one in version.files.all() if one.role == FileRole.WEIGHTS), None)
    resource = {
        "name": version.adapter.slug,
        "type": "lora",
        "hash": file.sha256[:10].upper() if file else "",
        "weight": cell.weight,
    }
    said = {
        "prompt": cell.prompt,
        "negativePrompt": told.get("negative"),
        "seed": told.get("seed"),
        "steps": told.get("steps"),
        "sampler": told.get("sampler") or told.get("scheduler"),
        "cfgScale": told.get("guidance"),
        "Size": f"{cell.width}x{cell.height}",
        "Model": version.base.title,
        "resources": [resource],
        "civitaiResources": [
            {"type": "lora", "weight": cell.weight, "modelVersionId": version.serial}
        ],
        "hashes": {f"lora:{version.adapter.slug}": resource["hash"]},
    }
    return {name: value for name, value in said.items() if value not in (None, "")}


def _looks(request: Request, cell: PreviewCell, level: int) -> dict[str, Any]:
    return {
        "url": addresses.picture(request, cell),
        "nsfwLevel": level,
        "width": cell.width,
        "height": cell.height,
        "hash": GREY,
        "type": "image",
        "onSite": True,
        "hasMeta": True,
        "hasPositivePrompt": bool(cell.prompt),
        "remixOfId": None,
        "poi": False,
        "minor": False,
    }


def _settings(cell: PreviewCell) -> dict[str, Any]:
    return {"strength": cell.weight, "withTrigger": cell.with_trigger, "role": cell.role}
