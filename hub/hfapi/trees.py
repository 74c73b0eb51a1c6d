"""The files of a repository: as a tree in pages, or those asked for by path."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.parsing import PlainJSON
from hub.hfapi import asking, paths, shapes
from hub.hfapi.doors import ReadingDoor, adapter_of, commit_of
from registry.errors import Invalid, NoSuchFile
from registry.queries.words import Scope

if TYPE_CHECKING:
    from registry.models import RepoCommit

PAGE, MOST = 1000, 1000
MOST_PATHS = 1000


class Tree(ReadingDoor):
    """GET /api/models/team/name/tree/{revision}[/{folder}]; `recursive`, `expand`, `limit`."""

    def get(self, request: Request, team: str, name: str, rest: str) -> Response:
        commit, folder = paths.split(request, adapter_of(request, team, name), rest)
        under = f"{folder}/" if folder else ""
        entries = listed(commit, under, recursive=asking.flag(request, "recursive"))
        if not entries and folder:
            raise NoSuchFile(
                f"There is no folder {folder[:120]!r} in this revision.", commit=commit.sha
            )
        after = asking.cursor(request)
        limit = asking.number(request, "limit", PAGE, most=MOST)
        left = [entry for entry in entries if entry["path"] > after]
        more = len(left) > limit
        headers = asking.next_page(request, left[limit - 1]["path"]) if more else {}
        newest = commit if asking.flag(request, "expand") else None
        return Response([_shown(entry, newest) for entry in left[:limit]], headers=headers)


class PathsInfo(ReadingDoor):
    """POST /api/models/team/name/paths-info/{revision}: `paths` as a form or as JSON."""

    parser_classes = (FormParser, PlainJSON, MultiPartParser)
    scopes = {"POST": Scope.READ}  # noqa: RUF012  it reads, as GET would

    def post(self, request: Request, team: str, name: str, revision: str) -> Response:
        commit = commit_of(request, adapter_of(request, team, name), revision)
        wanted = {path.strip("/") for path in _paths(request.data)}
        newest = commit if _expands(request.data) else None
        everything = listed(commit, "", recursive=True)
        return Response([_shown(one, newest) for one in everything if one["path"] in wanted])


def _paths(data: Any) -> list[str]:
    """:raises Invalid: if no paths are named, or too many"""
    paths = data.getlist("paths") if hasattr(data, "getlist") else _of_json(data)
    if not paths or not all(isinstance(path, str) for path in paths):
        raise Invalid("Name at least one path in `paths`, as text.")
    if len(paths) > MOST_PATHS:
        raise Invalid(f"{len(paths)} paths were named: ask for {MOST_PATHS} at most at once.")
    return list(paths)


def _expands(data: Any) -> bool:
    return str(data.get("expand", "")).lower() in {"true", "1"}


def _of_json(data: Any) -> list[Any]:
    if not isinstance(data, dict):
        raise Invalid("Send a form or a JSON object with `paths`.")
    paths = data.get("paths", [])
    return paths if isinstance(paths, list) else [paths]


def listed(commit: RepoCommit, under: str, *, recursive: bool) -> list[dict[str, Any]]:
    """Return files, and folders (with `is_folder`), by path, whose names begin with `under`."""
    files = [dict(entry) for entry in commit.manifest if entry["path"].startswith(under)]
    folders = _folders(files, under)
    if not recursive:
        files = [entry for entry in files if "/" not in entry["path"][len(under) :]]
        folders = [entry for entry in folders if "/" not in entry["path"][len(under) :]]
    return sorted([*files, *folders], key=lambda entry: str(entry["path"]))


def _folders(files: list[dict[str, Any]], under: str) -> list[dict[str, Any]]:
    """Return each folder, with an id made of what is in it."""
    inside: dict[str, list[str]] = {}
    for entry in files:
        words = str(entry["path"]).split("/")[:-1]
        for depth in range(1, len(words) + 1):
            path = "/".join(words[:depth])
            if path.startswith(under):
                inside.setdefault(path, []).append(f"{entry['path']} {entry['oid']}")
    return [
        {
            "path": path,
            "is_folder": True,
            "oid": hashlib.sha1("\n".join(said).encode(), usedforsecurity=False).hexdigest(),
        }
        for path, said in inside.items()
    ]


def _shown(entry: dict[str, Any], newest: RepoCommit | None) -> dict[str, Any]:
    if entry.get("is_folder"):
        return shapes.folder(entry["path"], entry["oid"], commit=newest)
    return shapes.tree_entry(entry, commit=newest)
