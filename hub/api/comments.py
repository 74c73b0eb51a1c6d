"""Comments on an adapter: read, written, edited, taken back; hidden and shown by reviewers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api import addresses
from hub.api.doors import Door
from hub.api.people import person
from hub.api.requests import MemberRequest
from hub.api.schema import answers, in_address
from hub.api.shapes import comments as shapes
from registry.queries import adapters, comments, versions
from registry.queries.words import Scope
from registry.services import commenting
from registry.services.commenting import Said

if TYPE_CHECKING:
    from registry.models import Adapter, Comment, User


class Comments(Door):
    @extend_schema(
        operation_id="list_comments",
        parameters=[in_address("cursor", "Where the page before ended.")],
        responses=answers(404, ok=shapes.Comments),
        summary="List what people say of an adapter, the newest first, with the answers",
    )
    def get(self, request: Request, team: str, name: str) -> Response:
        by = person(request)
        adapter = adapters.named(team, name, by=by)
        page = comments.threads(adapter, by=by, cursor=request.query_params.get("cursor", ""))
        following = addresses.at(request, "api-comments", team, name, cursor=page.next)
        told = {"items": page.threads, "next": following if page.next else None}
        return Response(shapes.Comments(told, context=_context(request, adapter, by)).data)

    @extend_schema(
        operation_id="write_comment",
        request=shapes.NewComment,
        responses=answers(404, 409, created=shapes.Comment),
        summary="Say something of an adapter, or answer a comment",
    )
    def post(self, request: MemberRequest, team: str, name: str) -> Response:
        adapter = adapters.named(team, name, by=request.user)
        form = shapes.NewComment(data=request.data)
        form.is_valid(raise_exception=True)
        told = form.validated_data
        parent = None
        if told["parent"]:
            parent = comments.of_adapter(adapter, told["parent"], by=request.user)
        written = commenting.write(
            adapter,
            _said(adapter, told, request.user),
            parent=parent,
            by=request.user,
            now=timezone.now(),
        )
        body = _whole(request, adapter, written)
        where = addresses.of_comment(request, written)
        return Response(body, status=status.HTTP_201_CREATED, headers={"Location": where})


class OneComment(Door):
    @extend_schema(
        operation_id="get_comment",
        responses=answers(404, ok=shapes.Comment),
        summary="Show one comment, with the answers to it",
    )
    def get(self, request: Request, team: str, name: str, comment_id: UUID) -> Response:
        by = person(request)
        adapter = adapters.named(team, name, by=by)
        found = comments.of_adapter(adapter, comment_id, by=by)
        return Response(shapes.Comment(found, context=_context(request, adapter, by)).data)

    @extend_schema(
        operation_id="edit_comment",
        request=shapes.CommentText,
        responses=answers(404, 409, ok=shapes.Comment),
        summary="Say it otherwise, in a comment of your own",
    )
    def put(self, request: MemberRequest, team: str, name: str, comment_id: UUID) -> Response:
        adapter = adapters.named(team, name, by=request.user)
        form = shapes.CommentText(data=request.data)
        form.is_valid(raise_exception=True)
        found = comments.of_adapter(adapter, comment_id, by=request.user)
        said = _said(adapter, form.validated_data, request.user)
        edited = commenting.edit(found, said, by=request.user, now=timezone.now())
        return Response(_whole(request, adapter, edited))

    @extend_schema(
        operation_id="delete_comment",
        responses=answers(404, 409, nothing=None),
        summary="Take a comment of your own back; answers to it stay",
    )
    def delete(self, request: MemberRequest, team: str, name: str, comment_id: UUID) -> Response:
        adapter = adapters.named(team, name, by=request.user)
        found = comments.of_adapter(adapter, comment_id, by=request.user)
        commenting.take_back(found, by=request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class HiddenComment(Door):
    """Whether a comment is hidden: what reviewers decide."""

    scopes: ClassVar = {"PUT": Scope.PUBLISH, "DELETE": Scope.PUBLISH}

    @extend_schema(
        operation_id="hide_comment",
        request=shapes.Reason,
        responses=answers(404, 409, ok=shapes.Comment),
        summary="Hide a comment from everybody but its writer and reviewers, for a reason",
    )
    def put(self, request: MemberRequest, team: str, name: str, comment_id: UUID) -> Response:
        adapter = adapters.named(team, name, by=request.user)
        form = shapes.Reason(data=request.data)
        form.is_valid(raise_exception=True)
        found = comments.of_adapter(adapter, comment_id, by=request.user)
        reason = form.validated_data["reason"]
        hidden = commenting.hide(found, reason=reason, by=request.user, now=timezone.now())
        return Response(_whole(request, adapter, hidden))

    @extend_schema(
        operation_id="show_comment",
        responses=answers(404, 409, ok=shapes.Comment),
        summary="Show a comment again that was hidden",
    )
    def delete(self, request: MemberRequest, team: str, name: str, comment_id: UUID) -> Response:
        adapter = adapters.named(team, name, by=request.user)
        found = comments.of_adapter(adapter, comment_id, by=request.user)
        shown = commenting.show(found, by=request.user, now=timezone.now())
        return Response(_whole(request, adapter, shown))


def _said(adapter: Adapter, told: dict[str, Any], by: User) -> Said:
    version = None
    if told["version"]:
        version = versions.in_sight(adapter.team.slug, adapter.slug, told["version"], by=by)
    return Said(told["text"], version, told["weight"])


def _whole(request: MemberRequest, adapter: Adapter, comment: Comment) -> Any:
    found = comments.of_adapter(adapter, comment.pk, by=request.user)
    return shapes.Comment(found, context=_context(request, adapter, request.user)).data


def _context(request: Request, adapter: Adapter, by: User | None) -> dict[str, Any]:
    return {"request": request, "reader": comments.reader(adapter, by)}
