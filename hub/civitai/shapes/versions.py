"""A version: in lists, in its model, by itself, and in short."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.request import Request

from hub.civitai.shapes import facts, files, html, images
from registry.exports import civitai_words as words
from registry.queries.civitai.bases import label_of
from registry.queries.words import FileRole

if TYPE_CHECKING:
    from registry.models import AdapterVersion, VersionFile
    from registry.queries.civitai.versions import Shown


def in_list(
    request: Request, shown: Shown, *, index: int, primary_only: bool = False
) -> dict[str, Any]:
    """Return a version as lists of models have it."""
    version = shown.version
    level = level_of(version)
    return {
        "id": version.serial,
        "index": index,
        "name": name_of(version),
        "description": html.write(version.changes),
        "baseModel": label_of(version.base),
        "baseModelType": base_type_of(version),
        "publishedAt": version.published_at,
        "availability": "Public",
        "nsfwLevel": level,
        "flags": 0,
        "trainedWords": version.trigger_words,
        "vaeId": None,
        "supportsGeneration": False,
        "paidAccess": None,
        "stats": stats_of(version),
        "files": files.write(request, version, primary_only=primary_only),
        "images": [images.in_list(request, cell, level) for cell in shown.cells],
        "downloadUrl": files.address(request, version),
        **facts.of(shown),
    }


def in_model(request: Request, shown: Shown, *, index: int) -> dict[str, Any]:
    """Return a version as one model has it: what is empty is left out, but not its words."""
    row = in_list(request, shown, index=index)
    del row["supportsGeneration"]
    version, level = shown.version, row["nsfwLevel"]
    row |= {
        "createdAt": version.uploaded_at,
        "status": "Published",
        "covered": False,
        "images": [images.in_model(request, cell, level) for cell in shown.cells],
    }
    kept = {"trainedWords", "files", "images"}
    return {
        name: value
        for name, value in row.items()
        if name in kept or value not in (None, "", [], {})
    }


def by_itself(request: Request, shown: Shown) -> dict[str, Any]:
    """Return a version by its id or by a hash."""
    version = shown.version
    level = level_of(version)
    return {
        "id": version.serial,
        "modelId": version.adapter.serial,
        "name": name_of(version),
        "description": html.write(version.changes),
        "baseModel": label_of(version.base),
        "baseModelType": base_type_of(version),
        "air": air_of(version),
        "nsfwLevel": level,
        "status": "Published",
        "createdAt": version.uploaded_at,
        "updatedAt": version.published_at,
        "publishedAt": version.published_at,
        "earlyAccessEndsAt": None,
        "trainedWords": version.trigger_words,
        "trainingStatus": None,
        "trainingDetails": version.training or None,
        "uploadType": "Created",
        "usageControl": "Download",
        "licensingFee": None,
        "paidAccess": None,
        "stats": {"downloadCount": version.downloads, "thumbsUpCount": 0},
        "model": _model(version, level),
        "files": files.write(request, version, always=True),
        "images": [images.in_version(request, cell, version, level) for cell in shown.cells],
        "downloadUrl": files.address(request, version),
        **facts.of(shown),
    }


def in_short(request: Request, version: AdapterVersion, file: VersionFile) -> dict[str, Any]:
    """Return what one needs to fetch a version, and no more."""
    assert file.blob is not None  # noqa: S101  whoever calls sees to it
    return {
        "air": air_of(version),
        "versionName": name_of(version),
        "modelName": version.adapter.title,
        "userId": version.adapter.team.pk,
        "baseModel": label_of(version.base),
        "availability": "Public",
        "publishedAt": version.published_at,
        "size": file.size / 1024,
        "fileType": files.type_of(file),
        "fileName": files.write(request, version)[0]["name"],
        "hashes": files.hashes_of(file.blob),
        "downloadUrls": [files.address(request, version)],
        "format": words.format_of(file.dialect),
        "canGenerate": False,
        "isFeatured": False,
        "requireAuth": False,
        "checkPermission": False,
        "earlyAccessEndsAt": None,
        "freeTrialLimit": None,
        "additionalResourceCharge": False,
        "minor": False,
        "sfwOnly": False,
        "fees": [],
        "payoutEnabled": False,
    }


def name_of(version: AdapterVersion) -> str:
    return version.label or f"v{version.number}"


def level_of(version: AdapterVersion) -> int:
    return words.LEVELS[version.adapter.content_level]


def type_of(version: AdapterVersion) -> str:
    weights = (file for file in version.files.all() if file.role == FileRole.WEIGHTS)
    return words.type_of(next((file.algorithm for file in weights), ""))


def air_of(version: AdapterVersion) -> str:
    """Return the version's resource name: of this hub, since its ids are this hub's."""
    kind = type_of(version).lower()
    return f"urn:air:{version.base.family}:{kind}:loradex:{version.adapter.serial}@{version.serial}"


def base_type_of(version: AdapterVersion) -> str:
    return "Inpainting" if "inpaint" in version.base.slug else "Standard"


def stats_of(version: AdapterVersion) -> dict[str, int]:
    return {"downloadCount": version.downloads, "thumbsUpCount": 0, "thumbsDownCount": 0}


def _model(version: AdapterVersion, level: int) -> dict[str, Any]:
    adapter = version.adapter
    return {
        "name": adapter.title,
        "type": type_of(version),
        "nsfw": level >= words.NSFW_FROM,
        "poi": False,
        "description": html.write(adapter.description),
        "tags": adapter.tags,
    }
