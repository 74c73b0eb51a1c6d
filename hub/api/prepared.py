"""
Versions in another layout, number type or header: which can be had, and their bytes.

Who asks for one that is there gets it. Who asks for another has it made: the answer is 202, with
where to look. Strangers get what is there; to have something made one signs in.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api import sending, zipped
from hub.api.doors import Door
from hub.api.people import BearerToken, TokenInAddress, person
from hub.api.schema import answers
from hub.api.sending import Parcel
from hub.api.shapes.prepared import Layouts as LayoutsShape
from hub.api.shapes.prepared import Preparation as PreparationShape
from registry.errors import NotConvertible, NotFound, Unavailable
from registry.exports import preparing
from registry.exports.preparing import DTYPES, Wanted
from registry.exports.zips import Member
from registry.queries import files, prepared, versions
from registry.queries.words import PreparationState
from registry.services import downloads
from registry.services import preparing as services

if TYPE_CHECKING:
    from registry.models import AdapterVersion, Preparation, PreparedFile

LOOK_AGAIN = 3  # seconds
OPTIONS = [
    OpenApiParameter(
        "layout",
        OpenApiTypes.STR,
        enum=["original", "kohya", "diffusers", "peft", "gguf"],
        description="How its tensors are named, and what they are packed in.",
        examples=[OpenApiExample("for WebUI and ComfyUI", value="kohya")],
    ),
    OpenApiParameter(
        "dtype", OpenApiTypes.STR, enum=list(DTYPES), description="Rounded to; else as is."
    ),
    OpenApiParameter(
        "bake",
        OpenApiTypes.STR,
        enum=["0", "1"],
        description="1: trigger words, weights, base and the original's sha256 go into the header, "
        "as they do in every other layout unless it is stripped.",
    ),
    OpenApiParameter(
        "strip",
        OpenApiTypes.STR,
        enum=["0", "1"],
        description="1: what its trainer wrote into the header is left out.",
    ),
]


class ByAddress(Door):
    """A door for programs that can be given an address and nothing else."""

    authentication_classes = (BearerToken, TokenInAddress, SessionAuthentication)


class Layouts(ByAddress):
    """In which layouts a version can be had."""

    @extend_schema(
        operation_id="list_layouts",
        parameters=OPTIONS[1:2],
        responses=answers(404, ok=LayoutsShape),
        summary="List the layouts that a version can be had in, and why not in others",
    )
    def get(self, request: Request, team: str, name: str, number: int) -> Response:
        version = versions.in_sight(team, name, number, by=person(request))
        dtype = preparing.read({"dtype": request.query_params.get("dtype", "")}).dtype
        told = {"items": prepared.forms(version, dtype=dtype)}
        context = {"request": request, "version": version, "dtype": dtype}
        return Response(LayoutsShape(told, context=context).data)


class OnePreparation(ByAddress):
    """How it stands with one that was asked for."""

    @extend_schema(
        operation_id="get_preparation",
        responses=answers(404, ok=PreparationShape),
        summary="Show how it stands with a version in another layout",
    )
    def get(
        self, request: Request, team: str, name: str, number: int, preparation_id: UUID
    ) -> Response:
        version = versions.in_sight(team, name, number, by=person(request))
        found = _told(request, version, prepared.in_sight(version, preparation_id))
        response = Response(found)
        if found["state"] in {PreparationState.QUEUED, PreparationState.RUNNING}:
            response["Retry-After"] = str(LOOK_AGAIN)
        response["Cache-Control"] = "no-store"
        return response


def answer(request: Request, version: AdapterVersion, wanted: Wanted) -> HttpResponseBase:
    """
    Answer with a version in a form, or with where to look while it is made.

    :raises NotConvertible: if it cannot be had in that form
    :raises Unavailable: if making it failed
    """
    found = ready(request, version, wanted)
    if found is None:
        raise not_signed_in()
    if found.state != PreparationState.DONE:
        return being_made(request, version, found)
    made = list(found.files.all())
    response = _deliver(request, version, found, made)
    # What is made anew, by a newer hub, may be other bytes with the same effect.
    response["Cache-Control"] = "no-cache, private"
    return response


def not_signed_in() -> NotAuthenticated:
    """Return what a stranger is told who asks for what nobody has asked for."""
    return NotAuthenticated(
        "This layout has not been made yet: sign in, or send a token, to have it made."
    )


def ready(request: Request, version: AdapterVersion, wanted: Wanted) -> Preparation | None:
    """
    Return a form of a version: there, or being made; None to a stranger if nobody asked for it.

    :raises NotConvertible: if it cannot be had in that form
    :raises Unavailable: if making it failed
    """
    by = person(request)
    if by is None:
        found = prepared.by_key(services.may_be_had(version, wanted).key)
    else:
        found = services.ask(version, wanted, by=by, now=timezone.now())
    if found is not None and found.state == PreparationState.REFUSED:
        raise NotConvertible(found.reason)
    if found is not None and found.state == PreparationState.FAILED:
        raise Unavailable(
            f"It could not be made: {found.reason} It is tried again when asked for in some "
            "minutes.",
            code="not-prepared",
        )
    return found


def being_made(request: Request, version: AdapterVersion, found: Preparation) -> Response:
    """Answer that it is being made, and where to look."""
    told = _told(request, version, found)
    headers = {
        "Location": str(told["url"]),
        "Retry-After": str(LOOK_AGAIN),
        "Cache-Control": "no-store",
    }
    return Response(told, status=status.HTTP_202_ACCEPTED, headers=headers)


def _told(request: Request, version: AdapterVersion, found: Preparation) -> dict[str, object]:
    context = {"request": request, "version": version}
    told: dict[str, object] = PreparationShape(found, context=context).data
    return told


def _deliver(
    request: Request, version: AdapterVersion, found: Preparation, made: Sequence[PreparedFile]
) -> HttpResponseBase:
    name = request.query_params.get("file", "")
    chosen = _named(made, name) if name else made[0] if len(made) == 1 else None
    if chosen is None:
        folder = files.stem_of(version, found.layout)
        return zipped.send(request, version, members(folder, made), file_name=f"{folder}.zip")
    blob = chosen.blob
    file_name = prepared.file_name(version, chosen) if len(made) == 1 else chosen.path
    return sending.send(
        request, Parcel(version, blob.sha256, blob.size, file_name.rpartition("/")[2])
    )


def members(folder: str, made: Sequence[PreparedFile]) -> list[tuple[str, Member]]:
    """Return the files of a preparation as members of a ZIP file, each with its sha256."""
    return [
        (one.blob_id, member(f"{folder}/{one.path}", one.blob_id, one.blob.size, one.blob.crc32))
        for one in sorted(made, key=lambda one: one.path)
    ]


def member(name: str, sha256: str, size: int, crc32: str) -> Member:
    return Member(name, size, int(crc32, 16), partial(downloads.open_bytes, sha256))


def _named(made: Sequence[PreparedFile], name: str) -> PreparedFile:
    for one in made:
        if one.path == name:
            return one
    there = ", ".join(one.path for one in made)
    raise NotFound(f"There is no file called {name[:80]!r} in this layout; there is {there}.")
