"""What lies beside a version's weights in a local folder, one by one or all in one ZIP file."""

from __future__ import annotations

import hashlib
import io
import zlib
from functools import partial
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api import addresses, caching, delivery, prepared, zipped
from hub.api.downloads import ANSWERS
from hub.api.people import person
from hub.api.prepared import OPTIONS, ByAddress, member
from hub.api.schema import answers, refusals
from hub.api.shapes.beside import Sidecars as SidecarsShape
from registry.errors import Invalid, NotFound
from registry.exports import preparing
from registry.exports.sidecars.table import BY_KIND, PREVIEW, SIDECARS
from registry.exports.zips import Member
from registry.queries import beside, files, previews, versions
from registry.queries import prepared as forms
from registry.queries.words import PreparationState
from registry.services import downloads

if TYPE_CHECKING:
    from registry.exports.sidecars.particulars import Particulars
    from registry.models import AdapterVersion, Blob, PreparedFile

Named = tuple[str, Member]  # a member and its sha256
PREVIEW_KIND = "preview"
_BYTES = "application/octet-stream"
NOT_OF_ZIPS: set[object] = {302, 416, (200, _BYTES), (206, _BYTES)}


class Sidecars(ByAddress):
    """Which sidecar files there are."""

    @extend_schema(
        operation_id="list_sidecars",
        responses=answers(404, ok=SidecarsShape),
        summary="List the files that local programs read beside a version's weights",
    )
    def get(self, request: Request, team: str, name: str, number: int) -> Response:
        version = versions.in_sight(team, name, number, by=person(request))
        told = particulars(request, version)
        rows = [(one.kind, one.title, one.name(told)) for one in SIDECARS]
        if previews.cover(version):
            rows.append((PREVIEW_KIND, "all of them", f"{told.card.stem}{PREVIEW}"))
        where = (team, name, number)
        items = [
            {
                "kind": kind,
                "title": title,
                "file_name": file_name,
                "url": addresses.at(request, "api-sidecar", *where, kind),
            }
            for kind, title, file_name in rows
        ]
        return Response(SidecarsShape({"items": items}).data)


class OneSidecar(ByAddress):
    """One sidecar file."""

    @extend_schema(
        operation_id="get_sidecar",
        responses={
            (200, "application/json"): OpenApiTypes.OBJECT,
            (200, "image/png"): OpenApiTypes.BINARY,
            304: OpenApiResponse(description="You have this file."),
        }
        | refusals(404),
        summary="Download one file that a local program reads beside a version's weights",
    )
    def get(
        self, request: Request, team: str, name: str, number: int, kind: str
    ) -> HttpResponseBase:
        version = versions.in_sight(team, name, number, by=person(request))
        told = particulars(request, version)
        if kind == PREVIEW_KIND:
            content, media_type = _preview(version, told), "image/png"
            file_name = f"{told.card.stem}{PREVIEW}"
        elif kind in BY_KIND:
            content, media_type = BY_KIND[kind].content(told), "application/json"
            file_name = BY_KIND[kind].name(told)
        else:
            known = ", ".join([*BY_KIND, PREVIEW_KIND])
            raise NotFound(f"There is no sidecar called {kind[:40]!r}; there are {known}.")
        return _whole(request, content, file_name=file_name, media_type=media_type)


class Bundle(ByAddress):
    """The weights with all that lies beside them, as a ZIP file."""

    @extend_schema(
        operation_id="download_bundle",
        parameters=OPTIONS,
        responses={
            **{code: told for code, told in ANSWERS.items() if code not in NOT_OF_ZIPS},
            (200, "application/zip"): OpenApiTypes.BINARY,
        },
        summary="Download a version's weights with every sidecar file, as one ZIP file",
    )
    def get(self, request: Request, team: str, name: str, number: int) -> HttpResponseBase:
        version = versions.in_sight(team, name, number, by=person(request))
        wanted = preparing.read(request.query_params)
        if wanted.layout == "peft":
            raise Invalid(
                "A bundle has one file of weights, and PEFT's layout has two or more: ask for "
                "download?layout=peft."
            )
        if wanted.is_as_uploaded:
            contents, told = _as_uploaded(version), particulars(request, version)
        else:
            found = prepared.ready(request, version, wanted)
            if found is None:
                raise prepared.not_signed_in()
            if found.state != PreparationState.DONE:
                return prepared.being_made(request, version, found)
            made = list(found.files.all())
            contents, told = _as_prepared(request, version, made)
        contents += _beside(version, told)
        return zipped.send(request, version, contents, file_name=f"{told.card.stem}.zip")


def particulars(
    request: Request, version: AdapterVersion, of: tuple[str, Blob] | None = None
) -> Particulars:
    """Return what sidecars tell of a version, with whole addresses."""
    return beside.particulars(
        version,
        page_url=addresses.page_of(request, version),
        download_url=addresses.of_version(request, version, "api-download"),
        picture_url=partial(addresses.picture, request),
        of=of,
    )


def _as_uploaded(version: AdapterVersion) -> list[Named]:
    weights, config = files.weights_of(version), files.config_of(version)
    found = [downloads.require_kept(file) for file in (weights, config) if file]
    return [
        (
            file.sha256,
            member(
                files.public_name(version, file),
                file.sha256,
                file.size,
                file.blob.crc32 if file.blob else "",
            ),
        )
        for file in found
    ]


def _as_prepared(
    request: Request, version: AdapterVersion, made: list[PreparedFile]
) -> tuple[list[Named], Particulars]:
    weights = next(one for one in made if not one.path.endswith(".json"))
    name = forms.file_name(version, weights)
    told = particulars(request, version, (name, weights.blob))
    found = []
    for one in made:
        own = name if one is weights else f"{told.card.stem}-{one.path}"
        found.append((one.blob_id, member(own, one.blob_id, one.blob.size, one.blob.crc32)))
    return found, told


def _beside(version: AdapterVersion, told: Particulars) -> list[Named]:
    found = [_written(one.name(told), one.content(told)) for one in SIDECARS]
    if previews.cover(version):
        found.append(_written(f"{told.card.stem}{PREVIEW}", _preview(version, told)))
    return found


def _written(name: str, content: bytes) -> Named:
    opened = partial(io.BytesIO, content)
    digest = hashlib.sha256(content).hexdigest()
    return digest, Member(name, len(content), zlib.crc32(content), opened)


def _preview(version: AdapterVersion, told: Particulars) -> bytes:
    cover = previews.cover(version)
    if cover is None:
        raise NotFound(f"There is no picture of {told.card.stem}, or it is still being drawn.")
    with downloads.open_bytes(cover.sha256) as file:
        return file.read()


def _whole(
    request: Request, content: bytes, *, file_name: str, media_type: str
) -> HttpResponseBase:
    etag = f'"{hashlib.sha256(content).hexdigest()}"'
    has = caching.has(request, etag)
    response = HttpResponse(status=304) if has else HttpResponse(content, content_type=media_type)
    response["ETag"] = etag
    response["Content-Disposition"] = str(content_disposition_header(True, file_name))  # noqa: FBT003
    response["Content-Security-Policy"] = delivery.SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-cache, private"
    return response
