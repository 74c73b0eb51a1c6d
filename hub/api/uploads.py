"""
Files on their way in, in parts that may come in any order, be sent again and be resumed.

The parts go straight to the object store where there is one, and else to the hub, which passes them
on to the disk as they arrive: nothing here holds a part in memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, cast
from uuid import UUID

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response

from hub.api import addresses
from hub.api.doors import MembersDoor
from hub.api.errors import LengthRequired
from hub.api.receiving import declaration, received, sealed
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from hub.api.shapes.uploads import Completion, NewUpload, PartAddress, UploadState
from hub.api.shapes.versions import Received
from registry.errors import DuplicateUpload, NotFound, WrongState
from registry.queries import people, versions
from registry.services import uploads
from registry.services.unpacking import Incoming
from registry.services.versions import receive

if TYPE_CHECKING:
    from registry.models import AdapterVersion, Upload


class Uploads(MembersDoor):
    @extend_schema(
        operation_id="open_upload",
        request=NewUpload,
        responses=answers(404, 413, 422, 503, created=UploadState),
        summary="Begin to upload a file; bytes that the hub has need not be sent",
    )
    def post(self, request: MemberRequest) -> Response:
        form = NewUpload(data=request.data)
        form.is_valid(raise_exception=True)
        told = form.validated_data
        upload = uploads.open_upload(
            team=people.team(told["team"]),
            name=told["name"],
            size=told["size"],
            sha256=told["sha256"].lower(),
            by=request.user,
            now=timezone.now(),
        )
        return _shown(request, upload, status=status.HTTP_201_CREATED)


class OneUpload(MembersDoor):
    @extend_schema(
        operation_id="get_upload",
        responses=answers(404, 503, ok=UploadState),
        summary="Show an upload and the parts that are here: to resume it",
    )
    def get(self, request: MemberRequest, upload_id: UUID) -> Response:
        return _shown(request, uploads.by_id(upload_id, by=request.user))

    @extend_schema(
        operation_id="drop_upload",
        responses=answers(404, 409, nothing=None),
        summary="Give an upload up",
    )
    def delete(self, request: MemberRequest, upload_id: UUID) -> Response:
        uploads.give_up(uploads.by_id(upload_id, by=request.user))
        return Response(status=status.HTTP_204_NO_CONTENT)


class UploadPart(MembersDoor):
    """One part's bytes, as they are."""

    throttle_classes = ()  # a large file has hundreds; what they add up to is bounded

    @extend_schema(
        operation_id="put_part",
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses=answers(404, 409, 411, 503, nothing=None),
        summary="Send one part; the same part again replaces it",
    )
    def put(self, request: MemberRequest, upload_id: UUID, number: int) -> Response:
        upload = uploads.by_id(upload_id, by=request.user)
        length = _length(request)
        # Django's own request reads the socket as we read it; DRF's would parse it first.
        stream = cast("BinaryIO", request._request)  # noqa: SLF001
        uploads.put_part(upload, number, stream, length=length)
        return Response(status=status.HTTP_204_NO_CONTENT)


class UploadPartAddress(MembersDoor):
    throttle_classes = ()

    @extend_schema(
        operation_id="get_part_address",
        responses=answers(404, 409, 503, ok=PartAddress),
        summary="Say where one part is to be sent",
    )
    def get(self, request: MemberRequest, upload_id: UUID, number: int) -> Response:
        upload = uploads.by_id(upload_id, by=request.user)
        link = uploads.part_url(upload, number)
        here = addresses.at(request, "api-upload-part", upload.pk, number)
        told = {"url": link or here, "method": "PUT", "direct": link is not None}
        return Response(PartAddress(told).data, headers={"Cache-Control": "no-store"})


class CompleteUpload(MembersDoor):
    @extend_schema(
        operation_id="complete_upload",
        request=Completion,
        responses=answers(404, 409, 422, 503, ok=UploadState, accepted=Received),
        summary="Say that all parts are sent, and make a version of them",
    )
    def post(self, request: MemberRequest, upload_id: UUID) -> Response:
        form = Completion(data=request.data)
        form.is_valid(raise_exception=True)
        about: dict[str, Any] | None = form.validated_data["version"]
        upload = uploads.by_id(upload_id, by=request.user)
        made = versions.of_upload(upload)
        if made:  # the answer was lost on its way, and this is asked again
            return received(request, made)
        uploads.seal(upload, now=timezone.now())
        if about is None:
            return _shown(request, upload)
        try:
            made = _version(request, upload, about)
        except (DuplicateUpload, NotFound, WrongState):
            made = versions.of_upload(upload)  # this was asked twice at once
            if made is None:
                raise
        return received(request, made)


def _version(request: MemberRequest, upload: Upload, about: dict[str, Any]) -> AdapterVersion:
    attached, adapter = about.pop("with"), about.pop("adapter")
    return receive(
        declaration(about, adapter=adapter),
        [Incoming(upload), *(sealed(request, one) for one in attached)],
        team=upload.team,
        by=request.user,
        now=timezone.now(),
    )


def _length(request: MemberRequest) -> int:
    text = str(request.META.get("CONTENT_LENGTH") or "")
    if not text.isdecimal():
        raise LengthRequired
    return int(text)


def _shown(request: MemberRequest, upload: Upload, status: int = 200) -> Response:
    address = addresses.at(request, "api-upload", upload.pk)
    return Response(
        UploadState(upload, context={"request": request}).data,
        status=status,
        headers={"Location": address} if status == 201 else None,
    )
