"""For those who run the hub: the work of its workers, what failed, and what is kept."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response

from hub.api.doors import MembersDoor
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from hub.api.shapes import operations as shapes
from registry.queries import operations, storage
from registry.queries.words import Scope
from registry.services import operations as services


class OperatorsDoor(MembersDoor):
    """A view for superusers, by a session or by a token with the scope `admin`."""

    scopes: ClassVar = {"GET": Scope.ADMIN, "POST": Scope.ADMIN}

    def initial(self, request: MemberRequest, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        super().initial(request, *args, **kwargs)
        operations.require_operator(request.user)

    def finalize_response(self, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(*args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


class WorkItems(OperatorsDoor):
    """What workers do, what waits for them, and what failed."""

    @extend_schema(
        operation_id="list_work_items",
        responses=answers(ok=shapes.WorkItems),
        summary="List work that goes on, waits or has failed, for those who run the hub",
    )
    def get(self, request: MemberRequest) -> Response:  # noqa: ARG002
        shown = {"living": operations.living(), "failed": operations.failed()}
        return Response(shapes.WorkItems(shown).data)


class OneWorkItem(OperatorsDoor):
    @extend_schema(
        operation_id="get_work_item",
        responses=answers(404, ok=shapes.WorkItemWithAttempts),
        summary="Get a work item with what each attempt came to, for those who run the hub",
    )
    def get(self, request: MemberRequest, noun: str, row_id: UUID) -> Response:  # noqa: ARG002
        item = operations.item(noun, row_id)
        return Response(shapes.WorkItemWithAttempts((item, operations.attempts_of(item))).data)


class Again(OperatorsDoor):
    @extend_schema(
        operation_id="try_work_item_again",
        request=None,
        responses=answers(404, 409, accepted=shapes.WorkItem),
        summary="Validate the version of a failed run again, for those who run the hub",
    )
    def post(self, request: MemberRequest, row_id: UUID) -> Response:
        run = services.try_again(row_id, by=request.user, now=timezone.now())
        item = operations.item("run", run.pk)
        return Response(shapes.WorkItem(item).data, status=status.HTTP_202_ACCEPTED)


class AllAgain(OperatorsDoor):
    @extend_schema(
        operation_id="try_work_items_again",
        request=None,
        responses=answers(accepted=shapes.Begun),
        summary="Validate every version again whose run failed, for those who run the hub",
    )
    def post(self, request: MemberRequest) -> Response:
        count = services.try_all_again(by=request.user, now=timezone.now())
        return Response({"count": count}, status=status.HTTP_202_ACCEPTED)


class Kept(OperatorsDoor):
    @extend_schema(
        operation_id="get_storage",
        responses=answers(ok=shapes.Storage),
        summary="Say how many bytes are kept, for what and for whom, for those who run the hub",
    )
    def get(self, request: MemberRequest) -> Response:  # noqa: ARG002
        return Response(shapes.Storage(storage.measured(now=timezone.now())).data)
