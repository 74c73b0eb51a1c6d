"""A model, as Civitai calls an adapter: with all of its published versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rest_framework.request import Request

from hub.civitai.shapes import html, versions
from registry.exports import civitai_words as words
from registry.exports.licences import permissions

if TYPE_CHECKING:
    from registry.models import Adapter
    from registry.queries.civitai.versions import Shown


def in_list(
    request: Request, adapter: Adapter, line: Sequence[Shown], *, primary_only: bool = False
) -> dict[str, Any]:
    """Return an adapter as lists have it; `line` are its published versions, newest first."""
    written = [
        versions.in_list(request, shown, index=index, primary_only=primary_only)
        for index, shown in enumerate(line)
    ]
    return _model(adapter, line, written)


def by_itself(request: Request, adapter: Adapter, line: Sequence[Shown]) -> dict[str, Any]:
    """Return an adapter by its id."""
    written = [versions.in_model(request, shown, index=index) for index, shown in enumerate(line)]
    return _model(adapter, line, written)


def _model(
    adapter: Adapter, line: Sequence[Shown], written: list[dict[str, Any]]
) -> dict[str, Any]:
    newest = line[0].version
    level = words.LEVELS[adapter.content_level]
    allowed = permissions(adapter.licence, newest.base.licence)
    return {
        "id": adapter.serial,
        "name": adapter.title,
        "description": html.write(adapter.description),
        "type": versions.type_of(newest),
        "nsfw": level >= words.NSFW_FROM,
        "nsfwLevel": level,
        "poi": False,
        "minor": False,
        "sfwOnly": False,
        "availability": "Public",
        "allowNoCredit": allowed.no_credit,
        "allowCommercialUse": list(allowed.commercial) or ["None"],
        "allowDerivatives": allowed.derivatives,
        "allowDifferentLicense": allowed.different_licence,
        "supportsGeneration": False,
        "userId": adapter.team_id,
        "cosmetic": None,
        "baseModels": list(dict.fromkeys(each["baseModel"] for each in written)),
        "stats": _stats(line),
        "creator": {"username": adapter.team.slug, "image": None},
        "tags": adapter.tags,
        "modelVersions": written,
        "licence": adapter.licence,
        "kind": adapter.kind,
        "fullName": f"{adapter.team.slug}/{adapter.slug}",
    }


def _stats(line: Sequence[Shown]) -> dict[str, int]:
    return {
        "downloadCount": sum(shown.version.downloads for shown in line),
        "thumbsUpCount": 0,
        "thumbsDownCount": 0,
        "commentCount": 0,
        "tippedAmountCount": 0,
    }
