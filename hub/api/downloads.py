"""A version's files, and the pictures of its sweep: bytes, to whoever may see the version."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request

from hub.api import caching, delivery, prepared, sending
from hub.api.doors import Door
from hub.api.parsing import grid_named
from hub.api.people import BearerToken, TokenInAddress, person
from hub.api.schema import in_address, refusals
from hub.api.sending import Parcel
from hub.api.shapes.prepared import Preparation
from hub.api.spreadsheets import as_csv
from registry.exports import preparing
from registry.queries import adapters, answers, channels, files, imports, previews, versions
from registry.queries.words import ClientKind, State
from registry.services import downloads

if TYPE_CHECKING:
    from registry.models import AdapterVersion, VersionFile

FOR_EVER = "max-age=31536000, immutable"
BYTES = OpenApiResponse(OpenApiTypes.BINARY, description="The file's bytes.")
ANSWERS = {
    (200, "application/octet-stream"): BYTES,
    (206, "application/octet-stream"): BYTES,
    (202, "application/json"): OpenApiResponse(
        Preparation,
        description="It is being made: ask again after Retry-After, here or at Location.",
    ),
    302: OpenApiResponse(description="The bytes are at the object store, for some minutes."),
    304: OpenApiResponse(description="You have these bytes."),
    416: OpenApiResponse(description="The file has no such bytes."),
} | refusals(404, 409, 422, 503)
WHICH = in_address(
    "file",
    "Another file of the version, by its name; else the weights. With layout=peft, "
    "adapter_config.json or adapter_model.safetensors; else both as a ZIP file.",
)
WANTED = [WHICH, *prepared.OPTIONS]


class Download(Door):
    """The bytes of one version."""

    authentication_classes = (BearerToken, TokenInAddress, SessionAuthentication)

    @extend_schema(
        operation_id="download_version",
        parameters=WANTED,
        responses=ANSWERS,
        summary="Download a version's weights; Range and If-Range resume",
    )
    def get(self, request: Request, team: str, name: str, number: int) -> HttpResponseBase:
        version = versions.in_sight(team, name, number, by=person(request))
        return _deliver(request, version)


class DownloadLatest(Download):
    """The bytes of the newest published version, or of the one that a channel points at."""

    @extend_schema(
        operation_id="download_latest",
        parameters=[*WANTED, in_address("channel", "Of the version that this channel points at.")],
        responses=ANSWERS,
        summary="Download the weights of the newest published version, or of a channel's",
    )
    def get(  # type: ignore[override]
        self, request: Request, team: str, name: str
    ) -> HttpResponseBase:
        response = _deliver(request, _wanted(request, team, name))
        response["Cache-Control"] = "no-cache"  # the next one may be another version
        return response


def _wanted(request: Request, team: str, name: str) -> AdapterVersion:
    channel = request.query_params.get("channel", "")
    if not channel:
        return versions.latest(team, name)
    return channels.version_in(adapters.named(team, name, by=person(request)), channel)


def _deliver(request: Request, version: AdapterVersion) -> HttpResponseBase:
    wanted = preparing.read(request.query_params)
    if not wanted.is_as_uploaded:
        return prepared.answer(request, version, wanted)
    return deliver(request, version, files.named(version, request.query_params.get("file", "")))


def deliver(
    request: Request,
    version: AdapterVersion,
    file: VersionFile,
    *,
    door: ClientKind = ClientKind.OTHER,
) -> HttpResponseBase:
    """
    Answer with a file's bytes, or with where they are: as the settings, Range and ETags say.

    :raises WrongState: if no worker has looked at them yet
    """
    downloads.require_kept(file)
    name = files.public_name(version, file)
    return sending.send(request, Parcel(version, file.sha256, file.size, name, door))


class Picture(Door):
    """One picture of a sweep."""

    throttle_classes = ()  # a grid has dozens

    @extend_schema(
        operation_id="get_picture",
        responses={(200, "image/webp"): OpenApiTypes.BINARY} | refusals(404),
        summary="Show one picture of a sweep; it never changes",
    )
    def get(self, request: Request, sha256: str) -> HttpResponseBase:
        cell = previews.picture(sha256, by=person(request))
        response = _made(request, sha256, "image/webp")
        response["Cache-Control"] = f"{_scope(cell.grid.version)}, {FOR_EVER}"
        return response


class Sound(Door):
    """One sound of a sweep."""

    throttle_classes = ()  # a grid has dozens

    @extend_schema(
        operation_id="get_sound",
        responses={(200, "audio/wav"): OpenApiTypes.BINARY} | refusals(404),
        summary="Play one sound of a sweep; it never changes",
    )
    def get(self, request: Request, sha256: str) -> HttpResponseBase:
        cell = previews.sound(sha256, by=person(request))
        response = _made(request, sha256, "audio/wav")
        response["Cache-Control"] = f"{_scope(cell.grid.version)}, {FOR_EVER}"
        return response


class SourcePicture(Door):
    """One picture that lay beside a version where it was imported from."""

    throttle_classes = ()  # there may be ten on a page

    @extend_schema(
        operation_id="get_source_picture",
        responses={(200, "image/webp"): OpenApiTypes.BINARY} | refusals(404),
        summary="Show a picture that an imported version came with; it never changes",
    )
    def get(
        self, request: Request, team: str, name: str, number: int, position: int
    ) -> HttpResponseBase:
        version = versions.in_sight(team, name, number, by=person(request))
        response = _made(request, imports.picture(version, position).blob_id, "image/webp")
        response["Cache-Control"] = f"{_scope(version)}, {FOR_EVER}"
        return response


class Sheet(Door):
    """All pictures of a version's sweep on one."""

    @extend_schema(
        operation_id="get_contact_sheet",
        parameters=[
            in_address("sha256", "The sheet you mean: that one never changes."),
            in_address("grid", "Of another grid than the newest sweep: its id.", UUID),
        ],
        responses={
            (200, "image/webp"): OpenApiTypes.BINARY,
            (200, "text/csv"): OpenApiResponse(
                OpenApiTypes.STR, description="Of answers: a table, a column a weight."
            ),
            304: OpenApiResponse(description="You have this sheet."),
        }
        | refusals(404),
        summary="Download a version's pictures as one captioned contact sheet",
    )
    def get(self, request: Request, team: str, name: str, number: int) -> HttpResponseBase:
        by = person(request)
        version = versions.in_sight(team, name, number, by=by)
        named = grid_named(request.query_params.get("grid", ""))
        grid = previews.grid_of_sheet(version, grid_id=named, by=by)
        scope = "private" if named else _scope(version)  # who sees another grid may change
        if answers.are_of(grid):
            table = as_csv(answers.table(grid), f"{name}-v{number}-answers.csv")
            table["Cache-Control"] = f"{scope}, no-cache"
            return table
        sha256 = previews.sheet(grid).sha256
        response = _made(request, sha256, "image/webp")
        # A version that is rendered anew has another sheet at this address, without the digest.
        is_named = request.query_params.get("sha256", "") == sha256
        response["Cache-Control"] = f"{scope}, {FOR_EVER if is_named else 'no-cache'}"
        file_name = f"{name}-v{number}-sheet-{sha256[:8]}.webp"
        response["Content-Disposition"] = str(content_disposition_header(True, file_name))  # noqa: FBT003
        return response


def _made(request: Request, sha256: str, media_type: str) -> HttpResponseBase:
    """Answer with a picture or a sound that the hub made, in one piece."""
    etag = f'"{sha256}"'
    if caching.has(request, etag):
        response = HttpResponse(status=304)
    else:
        with downloads.open_bytes(sha256) as file:
            response = HttpResponse(file.read(), content_type=media_type)
    response["ETag"] = etag
    response["Content-Security-Policy"] = delivery.SANDBOX
    return response


def _scope(version: AdapterVersion) -> str:
    published = version.state == State.PUBLISHED
    return "public" if published and not settings.READ_NEEDS_SIGN_IN else "private"
