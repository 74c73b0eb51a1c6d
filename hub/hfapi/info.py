"""One repository: what it is, and which files it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.request import Request
from rest_framework.response import Response

from hub.hfapi import asking, shapes
from hub.hfapi.doors import ReadingDoor, adapter_of, commit_of, main_or
from registry.queries import repos
from registry.services import repos as states

if TYPE_CHECKING:
    from registry.models import Adapter, RepoCommit


class Info(ReadingDoor):
    """GET /api/models/team/name, and …/revision/{revision}."""

    def get(self, request: Request, team: str, name: str, revision: str = "") -> Response:
        expand = asking.expand(request)
        adapter = adapter_of(request, team, name)
        commit = commit_of(request, adapter, main_or(revision))
        whole = asking.flag(request, "blobs") or "usedStorage" in expand
        shown = whole_info(adapter, commit, blobs=whole)
        if asking.flag(request, "securityStatus"):
            shown["securityRepoStatus"] = {"scansDone": True, "filesWithIssues": []}
        return Response(asking.only(shown, expand))


def whole_info(adapter: Adapter, commit: RepoCommit, *, blobs: bool) -> dict[str, Any]:
    shown = shapes.repo(adapter) | {
        "private": not repos.is_public(adapter),
        "sha": commit.sha,
        "downloads": repos.downloads_of(adapter),
        "siblings": [shapes.sibling(entry, whole=blobs) for entry in commit.manifest],
        "usedStorage": sum(entry["size"] for entry in commit.manifest),
        "tags": [],
    }
    if commit.version is None:
        return shown
    return shown | about(states.card_of(commit.version))


def about(card: Any) -> dict[str, Any]:
    """Return what a version's card says, in the fields that lists and single answers share."""
    told = shapes.card_data(card)
    shown = {
        "tags": shapes.model_tags(card),
        "cardData": told,
        "baseModels": {"relation": "adapter", "models": [{"id": card.base}]},
        "library_name": told.get("library_name"),
        "pipeline_tag": told.get("pipeline_tag"),
        "widgetData": [{"text": sample.prompt} for sample in card.samples],
    }
    return {name: value for name, value in shown.items() if value is not None}
