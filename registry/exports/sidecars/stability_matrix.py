"""
Stability Matrix: `.cm-info.json`.

It says of no source and has no ids, or the program would ask Civitai for what goes by them there.
"""

from __future__ import annotations

from typing import Any

from registry.exports import civitai_words as words
from registry.exports.sidecars import civitai
from registry.exports.sidecars.particulars import Particulars, as_html


def write(told: Particulars) -> dict[str, Any]:
    card = told.card
    hashes = told.hashes
    return {
        "ModelId": None,
        "ModelName": card.title,
        "ModelDescription": as_html(told.description),
        "Nsfw": words.LEVELS[told.content_level] >= words.NSFW_FROM,
        "Tags": list(told.tags),
        "ModelType": words.type_of(told.algorithms),
        "VersionId": None,
        "VersionName": told.version_name,
        "VersionDescription": as_html(told.changes),
        "AuthorUsername": card.team,
        "BaseModel": told.base_label,
        "RemoteFileName": card.file_name,
        "RemoteFileId": None,
        "FileMetadata": civitai.metadata(told),
        "ImportedAt": told.at.isoformat(),
        "Hashes": {name: hashes.get(name) for name in ("SHA256", "CRC32", "BLAKE3")},
        "TrainedWords": list(card.trigger_words),
        "Stats": None,
        "UserTitle": None,
        "ThumbnailImageUrl": told.picture_url or None,
        "InferenceDefaults": None,
        "Source": None,
        "SourceUrl": told.page_url,
    }
