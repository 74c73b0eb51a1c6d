"""Versions: one by its id, by a hash, many by their hashes, and one in short."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from hub.civitai.doors import CivitaiDoor
from hub.civitai.errors import WrongParameter
from hub.civitai.shapes import versions as shapes
from registry.errors import NotFound
from registry.queries import files
from registry.queries.civitai import versions
from registry.queries.words import Scope

MOST = 100  # whole versions of one request
MOST_IDS = 10_000  # … and ids


class OneVersion(CivitaiDoor):
    """GET /api/v1/model-versions/{id}."""

    def get(self, request: Request, serial: int) -> Response:
        return Response(shapes.by_itself(request, versions.by_serial(serial)))


class MiniVersion(CivitaiDoor):
    """GET /api/v1/model-versions/mini/{id}: what one needs to fetch it."""

    def get(self, request: Request, serial: int) -> Response:
        version = versions.by_serial(serial).version
        weights = files.weights_of(version)
        if weights.blob is None:
            raise NotFound("Model version not found: its file is still being checked.")
        return Response(shapes.in_short(request, version, weights))


class ByHash(CivitaiDoor):
    """GET /api/v1/model-versions/by-hash/{hash}: any of six hashes, in either case."""

    def get(self, request: Request, value: str) -> Response:
        return Response(shapes.by_itself(request, versions.by_hash(value)))


class ByHashes(CivitaiDoor):
    """POST /api/v1/model-versions/by-hash: those that are known of a list of sha256."""

    scopes: ClassVar = {"POST": Scope.READ}  # a question that is too long for an address

    def post(self, request: Request) -> Response:
        wanted = _hashes(request.data, most=MOST)
        found = versions.by_sha256(wanted)
        shown = versions.shown(list({version.pk: version for version in found.values()}.values()))
        return Response([shapes.by_itself(request, each) for each in shown])


class IdsByHashes(CivitaiDoor):
    """POST /api/v1/model-versions/by-hash/ids: the ids alone, of a longer list."""

    scopes: ClassVar = {"POST": Scope.READ}

    def post(self, request: Request) -> Response:
        wanted = _hashes(request.data, most=MOST_IDS)
        found = versions.ids_by_sha256(wanted)
        return Response(
            [
                {"modelVersionId": version, "modelId": model, "hash": sha256.upper()}
                for sha256, (version, model) in found.items()
            ]
        )


def _hashes(body: Any, *, most: int) -> list[str]:
    """:raises WrongParameter: if the body is no list of so many sha256 at most"""
    if not isinstance(body, list):
        raise WrongParameter("hashes", 'Send a list of hashes: ["<sha256>", …].')
    if len(body) > most:
        further = f" Or {MOST_IDS} at /api/v1/model-versions/by-hash/ids." if most == MOST else ""
        raise WrongParameter(
            "hashes", f"The list has {len(body)} hashes: send {most} at most at a time.{further}"
        )
    for each in body:
        if not (isinstance(each, str) and re.fullmatch(r"[0-9A-Fa-f]{64}", each)):
            raise WrongParameter(
                "hashes", f"{str(each)[:80]!r} is no sha256: 64 hexadecimal digits."
            )
    return [str(each) for each in body]
