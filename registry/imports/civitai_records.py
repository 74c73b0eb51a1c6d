"""
A version as Civitai's API answers it, which half of the sidecar files hold as it came.

The adapter is said beside it, or within it (`model`), in more or fewer fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.exports import civitai_words
from registry.imports import saying
from registry.imports.html_text import as_markdown
from registry.imports.saying import said

PAGE = "https://civitai.com/models"
_LEVELS = ((8, "explicit"), (4, "mature"), (2, "suggestive"), (1, "general"))
_KINDS = {
    "character": "character", "celebrity": "character", "style": "style", "concept": "concept",
    "poses": "concept", "clothing": "clothing", "objects": "object", "object": "object",
    "vehicle": "object", "buildings": "object", "effect": "effect", "slider": "slider",
}  # fmt: skip


def read(version: Mapping[str, Any], model: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return what a version and its model say."""
    model = saying.part(version, "model") if model is None else model
    settings = saying.part(version, "settings")
    own = saying.part(saying.part(version, "extensions"), "loradex")
    tags = saying.tags(model.get("tags"))
    weights = saying.weights(
        settings.get("strength"), settings.get("minStrength"), settings.get("maxStrength")
    )
    return said(
        name=saying.line(own.get("name"), most=160).partition("/")[2],
        title=saying.line(model.get("name"), most=120),
        description=saying.text(as_markdown(_html(model.get("description")))),
        kind=next((_KINDS[tag] for tag in tags if tag in _KINDS), ""),
        tags=tags,
        licence=licence_of(model),
        content_level=level_of(version, model),
        label=saying.line(version.get("name"), most=60),
        changes=saying.text(as_markdown(_html(version.get("description"))))[:5000],
        trigger_words=saying.words(version.get("trainedWords")),
        bases=[base] if (base := saying.line(version.get("baseModel"), most=100)) else [],
        page_url=page_of(version),
        sha256=saying.digest(hashes_of(version).get("SHA256")),
        **weights,
    )


def hashes_of(version: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the hashes of the version's weights."""
    files = saying.parts(version, "files")
    primary = [each for each in files if each.get("primary") is True]
    first = next(iter(primary or [each for each in files if each.get("type") == "Model"]), {})
    return saying.part(first, "hashes")


def page_of(version: Mapping[str, Any]) -> str:
    model, own = version.get("modelId"), version.get("id")
    if type(model) is not int or type(own) is not int:
        return ""
    return f"{PAGE}/{model}?modelVersionId={own}"


def level_of(*told: Mapping[str, Any]) -> str:
    """Return the highest content level that any of these has, "" where none has one."""
    found = [level for each in told for level in _levels_in(each)]
    return next((word for least, word in _LEVELS if found and max(found) >= least), "")


def _levels_in(told: Mapping[str, Any]) -> list[int]:
    level = told.get("nsfwLevel")
    highest = 1 << (level.bit_length() - 1) if type(level) is int and 0 < level < 64 else 0
    if told.get("nsfw") is True:
        highest = max(highest, civitai_words.NSFW_FROM)
    return [highest] if highest else []


def licence_of(model: Mapping[str, Any]) -> str:
    """Return the four permissions as one line: they have no name that others would know."""
    if not {"allowCommercialUse", "allowDerivatives"} & set(model):
        return ""
    uses = model.get("allowCommercialUse")
    listed = uses.strip("{}").split(",") if isinstance(uses, str) else uses
    allowed = [one for one in civitai_words.COMMERCIAL if one in (listed or ()) and one != "None"]
    said_of = [
        f"commercial use: {', '.join(allowed) or 'none'}",
        "no credit needed" if model.get("allowNoCredit") is True else "credit needed",
        "derivatives allowed" if model.get("allowDerivatives") is True else "no derivatives",
    ]
    return f"Civitai, {'; '.join(said_of)}"[:120]


def _html(value: Any) -> str:
    return value if isinstance(value, str) else ""
