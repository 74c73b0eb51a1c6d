"""A new version of an adapter, of files that are here already or that come with the request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from hub.api import addresses
from hub.api.doors import Door
from hub.api.parsing import PlainJSON
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from hub.api.shapes.uploads import NewVersion, NewVersionForm
from hub.api.shapes.versions import Received
from registry.queries import people
from registry.queries.words import FileRole, Role
from registry.services import unpacking, uploads, versions

if TYPE_CHECKING:
    from registry.models import AdapterVersion, Team


class NewVersions(Door):
    """The versions of an adapter, to be added to."""

    parser_classes = (PlainJSON, MultiPartParser)

    @extend_schema(
        operation_id="add_version",
        request={"application/json": NewVersion, "multipart/form-data": NewVersionForm},
        responses=answers(404, 409, 413, 422, 503, accepted=Received),
        summary="Add a version: of uploads that are complete, or of a file in this request",
    )
    def post(self, request: MemberRequest, team: str, name: str) -> Response:
        owner = people.team(team)
        people.require(request.user, Role.CONTRIBUTOR, owner, to="upload")  # before bytes travel
        in_a_form = str(request.content_type).startswith("multipart/")
        make = _of_a_form if in_a_form else _of_uploads
        about, parts = make(request, owner)
        version = versions.receive(
            declaration(about, adapter=name), parts, team=owner, by=request.user, now=timezone.now()
        )
        return received(request, version)


def _of_uploads(
    request: MemberRequest, _team: Team
) -> tuple[dict[str, Any], list[unpacking.Incoming]]:
    form = NewVersion(data=request.data)
    form.is_valid(raise_exception=True)
    about = dict(form.validated_data)
    return about, [sealed(request, one) for one in about.pop("uploads")]


def _of_a_form(
    request: MemberRequest, team: Team
) -> tuple[dict[str, Any], list[unpacking.Incoming]]:
    form = NewVersionForm(data=request.data)
    form.is_valid(raise_exception=True)
    about = dict(form.validated_data)
    file, config = about.pop("file"), about.pop("config")
    parts = [_whole(request, team, file, FileRole.WEIGHTS)]
    if config:
        parts.append(_whole(request, team, config, FileRole.CONFIG))
    return about, parts


def _whole(
    request: MemberRequest, team: Team, file: UploadedFile[Any], role: FileRole
) -> unpacking.Incoming:
    """Take in a file that Django has put on the disk, by the way of one that came in parts."""
    stream: Any = file.file
    upload = uploads.receive_whole(
        stream, name=str(file.name), team=team, by=request.user, now=timezone.now()
    )
    return unpacking.Incoming(upload, role=role.value)


def sealed(request: MemberRequest, told: dict[str, Any]) -> unpacking.Incoming:
    """Return one of the person's uploads, all of it here, and its place in the version."""
    upload_id: UUID = told["upload"]
    upload = uploads.seal(uploads.by_id(upload_id, by=request.user), now=timezone.now())
    return unpacking.Incoming(upload, told["role"], told.get("training_step"))


def declaration(about: dict[str, Any], *, adapter: str) -> versions.Declaration:
    return versions.Declaration(adapter=adapter, **about)


def received(request: MemberRequest, version: AdapterVersion) -> Response:
    """Return 202, with where to see how the version fares."""
    return Response(
        Received(version, context={"request": request}).data,
        status=status.HTTP_202_ACCEPTED,
        headers={"Location": addresses.of_version(request, version, "api-report")},
    )
