"""Drafts of uploads: kept while a form is filled in and files travel, then made versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response

from hub.api import addresses
from hub.api.doors import MembersDoor
from hub.api.receiving import declaration, received
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from hub.api.shapes import drafts as shapes
from hub.api.shapes.uploads import VersionOfUpload
from hub.api.shapes.versions import Received
from registry.queries import upload_drafts as found
from registry.services import upload_drafts

if TYPE_CHECKING:
    from registry.models import UploadDraft


class Drafts(MembersDoor):
    @extend_schema(
        operation_id="list_drafts",
        responses=answers(ok=shapes.DraftList),
        summary="List the uploads that you have begun and not finished",
    )
    def get(self, request: MemberRequest) -> Response:
        told = {"items": found.of(request.user)}
        return Response(shapes.DraftList(told, context={"request": request}).data)

    @extend_schema(
        operation_id="begin_draft",
        request=shapes.NewDraft,
        responses=answers(created=shapes.DraftState),
        summary="Keep what is said of an upload so far; nothing has to be complete",
    )
    def post(self, request: MemberRequest) -> Response:
        told = _said(request)
        draft = upload_drafts.begin(
            told.get("about", {}), told.get("files", []), by=request.user, now=timezone.now()
        )
        return _shown(request, draft, status=status.HTTP_201_CREATED)


class OneDraft(MembersDoor):
    @extend_schema(
        operation_id="get_draft",
        responses=answers(404, ok=shapes.DraftState),
        summary="Show a draft of yours",
    )
    def get(self, request: MemberRequest, draft_id: UUID) -> Response:
        return _shown(request, found.by_id(draft_id, by=request.user))

    @extend_schema(
        operation_id="change_draft",
        request=shapes.NewDraft,
        responses=answers(404, 409, ok=shapes.DraftState),
        summary="Say something else in a draft: fields that are left out stay, files go together",
    )
    def patch(self, request: MemberRequest, draft_id: UUID) -> Response:
        draft = found.by_id(draft_id, by=request.user)
        told = _said(request)
        draft = upload_drafts.change(
            draft, about=told.get("about"), files=told.get("files"), now=timezone.now()
        )
        return _shown(request, draft)

    @extend_schema(
        operation_id="drop_draft",
        responses=answers(404, nothing=None),
        summary="Delete a draft, and what was sent of its files",
    )
    def delete(self, request: MemberRequest, draft_id: UUID) -> Response:
        upload_drafts.drop(found.by_id(draft_id, by=request.user))
        return Response(status=status.HTTP_204_NO_CONTENT)


class FinishDraft(MembersDoor):
    @extend_schema(
        operation_id="finish_draft",
        request=shapes.NewDraft,
        responses=answers(404, 409, 422, accepted=Received),
        summary="Make a version of a draft whose files are all here, as changed by this; twice is "
        "once",
    )
    def post(self, request: MemberRequest, draft_id: UUID) -> Response:
        draft = found.by_id(draft_id, by=request.user)
        told = _said(request)
        if told and draft.version is None:
            draft = upload_drafts.change(draft, now=timezone.now(), **told)
        said = {name: value for name, value in draft.about.items() if name != "team"}
        form = VersionOfUpload(data=said)
        form.is_valid(raise_exception=True)
        about: dict[str, Any] = dict(form.validated_data)
        about.pop("with")
        adapter = about.pop("adapter")
        version = upload_drafts.finish(
            draft, declaration(about, adapter=adapter), by=request.user, now=timezone.now()
        )
        return received(request, version)


def _said(request: MemberRequest) -> dict[str, Any]:
    """Return what a request says of a draft, as it is kept."""
    form = shapes.NewDraft(data=request.data)
    form.is_valid(raise_exception=True)
    told: dict[str, Any] = form.validated_data
    for file in told.get("files", []):
        file["upload"] = str(file["upload"]) if file["upload"] else None
    return told


def _shown(request: MemberRequest, draft: UploadDraft, status: int = 200) -> Response:
    address = addresses.at(request, "api-draft", draft.pk)
    return Response(
        shapes.DraftState(draft, context={"request": request}).data,
        status=status,
        headers={"Location": address} if status == 201 else None,
    )
