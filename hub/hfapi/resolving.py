"""
The bytes of one file of a repository.

HEAD is answered here even where an object store has the bytes: a client that is sent there by HEAD
goes there for GET too, and its download would not be counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header
from rest_framework.request import Request

from hub.api import caching, clients, delivery, sending
from hub.api.ranges import NoSuchRange, Stretch, stretch
from hub.api.rates import Files
from hub.hfapi import paths
from hub.hfapi.doors import ReadingDoor, adapter_of
from registry.errors import NoSuchFile, NotFound
from registry.queries.words import ClientKind, State
from registry.services import downloads

if TYPE_CHECKING:
    from registry.models import RepoCommit

FOR_EVER = "max-age=31536000, immutable"


class Resolve(ReadingDoor):
    """GET or HEAD /team/name/resolve/{revision}/{path}."""

    throttle_classes = (Files,)  # a snapshot has a request or two for each of its files

    def get(self, request: Request, team: str, name: str, rest: str) -> HttpResponseBase:
        commit, path = paths.split(request, adapter_of(request, team, name), rest)
        entry = entry_at(commit, path)
        response = _answer(request, commit, entry)
        response["X-Repo-Commit"] = commit.sha
        if commit.version:
            sending.warn(response, commit.version)
        response["Cache-Control"] = _caching(commit, pinned=rest.startswith(commit.sha))
        return response


def entry_at(commit: RepoCommit, path: str) -> dict[str, Any]:
    """:raises NoSuchFile: if the state has no file at that path"""
    for entry in commit.manifest:
        if entry["path"] == path:
            return dict(entry)
    there = ", ".join(entry["path"] for entry in commit.manifest[:12]) or "no files"
    raise NoSuchFile(
        f"There is no {path[:120]!r} in this revision; there is {there}.", commit=commit.sha
    )


def _caching(commit: RepoCommit, *, pinned: bool) -> str:
    version = commit.version
    published = version is not None and version.state == State.PUBLISHED
    scope = "public" if published and not settings.READ_NEEDS_SIGN_IN else "private"
    return f"{scope}, {FOR_EVER}" if pinned else f"{scope}, no-cache"


def _answer(request: Request, commit: RepoCommit, entry: dict[str, Any]) -> HttpResponseBase:
    etag = f'"{entry["sha256"] or entry["oid"]}"'
    file_name = entry["path"].rpartition("/")[2]
    if caching.has(request, etag):
        response: HttpResponseBase = HttpResponse(status=304)
    else:
        response = _ranged(request, commit, entry, etag)
    if entry["sha256"]:
        delivery.dress(response, sha256=entry["sha256"], file_name=file_name, public=False)
        response["X-Linked-Etag"] = etag
        response["X-Linked-Size"] = str(entry["size"])
        return response
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Content-Type"] = "text/plain; charset=utf-8"
    response["Content-Disposition"] = str(content_disposition_header(False, file_name))  # noqa: FBT003
    response["Content-Security-Policy"] = delivery.SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _ranged(
    request: Request, commit: RepoCommit, entry: dict[str, Any], etag: str
) -> HttpResponseBase:
    try:
        asked, partial = stretch(
            request.headers.get("Range", ""),
            size=entry["size"],
            etag=etag,
            if_range=request.headers.get("If-Range", ""),
        )
    except NoSuchRange:
        return delivery.not_there(entry["size"])
    if request.method == "HEAD":
        return delivery.describe(asked, partial=partial)
    if entry["sha256"]:
        response = _stored(commit, entry, asked, partial=partial)
        if asked.begin == 0 and is_main(entry["path"]) and commit.version:
            client = clients.kind_of(request, door=ClientKind.HUB)
            downloads.count(commit.version, client=client, now=timezone.now())
        return response
    content = commit.texts[entry["path"]].encode()[asked.begin : asked.end]
    response = HttpResponse(content, status=206 if partial else 200)
    if partial:
        response["Content-Range"] = asked.content_range
    return response


def _stored(
    commit: RepoCommit, entry: dict[str, Any], asked: Stretch, *, partial: bool
) -> HttpResponseBase:
    sha256, path = entry["sha256"], entry["path"]
    _require_there(commit, sha256)
    link = None
    if settings.DOWNLOADS == "redirect":
        link = downloads.link_to(sha256, file_name=path.rpartition("/")[2])
    place = downloads.place(sha256) if settings.DOWNLOADS == "accel" else None
    if link:
        return delivery.redirect(link)
    if place:
        return delivery.accel(f"{settings.ACCEL_PREFIX}{place}")
    return _sent(commit, sha256, path, asked, partial=partial)


def _require_there(commit: RepoCommit, sha256: str) -> None:
    """:raises WrongState: if no worker has looked yet at the file of a version that has it"""
    for file in commit.version.files.all() if commit.version else ():
        if file.sha256 == sha256:
            downloads.require_kept(file)


def _sent(
    commit: RepoCommit, sha256: str, path: str, asked: Stretch, *, partial: bool
) -> HttpResponseBase:
    try:
        file = downloads.open_bytes(sha256)
    except NotFound as error:
        raise NoSuchFile(f"{path}: {error.message}", commit=commit.sha) from error
    return delivery.send(file, asked, partial=partial)


def is_main(path: str) -> bool:
    """
    Say whether a file is what somebody comes for: of a download of many files, one is counted.

    It is the one weights file at the top. Clients say of each of their requests that it belongs to
    a download (X-HF-Download-Counter), of the card and the pictures too.
    """
    return "/" not in path and path.endswith((".safetensors", ".gguf"))
