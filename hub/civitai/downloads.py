"""The bytes of a version, or of one of its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http.response import HttpResponseBase
from rest_framework.request import Request

from hub.api.downloads import deliver
from hub.civitai.asking import Asked
from hub.civitai.doors import CivitaiDoor
from hub.civitai.errors import Gone
from hub.civitai.shapes import files as shapes
from registry.errors import NotFound
from registry.exports import civitai_words as words
from registry.queries.civitai import versions
from registry.queries.words import ClientKind, FileRole

if TYPE_CHECKING:
    from registry.models import AdapterVersion, VersionFile


class Download(CivitaiDoor):
    """GET /api/download/models/{version}: `type`, `format`, `size`, `fp` or `fileId` say which."""

    def get(self, request: Request, serial: int) -> HttpResponseBase:
        try:
            version = versions.by_serial(serial).version
        except NotFound:
            if versions.is_withdrawn(serial):
                raise Gone("This version was withdrawn: see its page for the reason.") from None
            raise
        file = _file(Asked(request), version)
        return deliver(request, version, file, door=ClientKind.CIVITAI)


def _file(asked: Asked, version: AdapterVersion) -> VersionFile:
    """:raises NotFound: if the version has no such file"""
    file_id = asked.number("fileId")
    wanted = {
        "type": asked.choice("type", words.FILE_TYPES),
        "format": asked.choice("format", words.FORMATS),
        "size": asked.choice("size", ("full", "pruned")),
        "fp": asked.choice("fp", words.PRECISIONS),
    }
    wanted = {name: value for name, value in wanted.items() if value}
    files = sorted(version.files.all(), key=lambda file: (file.role != FileRole.WEIGHTS, file.pk))
    for file in files:
        named = file.pk == file_id if file_id is not None else _is(file, wanted)
        if named:
            return file
    raise NotFound("File not found: this version has no file like that.")


def _is(file: VersionFile, wanted: dict[str, str]) -> bool:
    if not wanted:
        return file.role == FileRole.WEIGHTS
    said = {"type": shapes.type_of(file), **shapes.metadata_of(file)}
    return all(said.get(name) == value for name, value in wanted.items())
