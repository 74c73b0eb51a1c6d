"""Reporting what should not stand as it does, and settling that."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response

from hub.api.doors import Door, MembersDoor
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from hub.api.shapes import complaints as shapes
from registry.queries import adapters, comments, complaints, gallery_pictures, people
from registry.queries.words import Scope
from registry.services import complaining


class NewComplaints(Door):
    @extend_schema(
        operation_id="complain",
        request=shapes.NewComplaint,
        responses=answers(404, created=shapes.Complaint),
        summary="Report an adapter, or a comment or picture shown with it, to its team's reviewers",
    )
    def post(self, request: MemberRequest, team: str, name: str) -> Response:
        adapter = adapters.named(team, name, by=request.user)
        form = shapes.NewComplaint(data=request.data)
        form.is_valid(raise_exception=True)
        told, by = form.validated_data, request.user
        comment, picture = told["comment"], told["picture"]
        made = complaining.complain(
            adapter,
            reason=told["reason"],
            comment=comments.of_adapter(adapter, comment, by=by) if comment else None,
            picture=gallery_pictures.in_sight(picture, by=by) if picture else None,
            by=by,
            now=timezone.now(),
        )
        return Response(shapes.Complaint(made).data, status=status.HTTP_201_CREATED)


class TeamComplaints(MembersDoor):
    @extend_schema(
        operation_id="list_complaints",
        responses=answers(404, ok=shapes.Complaints),
        summary="List what was reported to a team's reviewers and is open, the oldest first",
    )
    def get(self, request: MemberRequest, team: str) -> Response:
        found = complaints.open_of(people.team(team), by=request.user)
        return Response(shapes.Complaints({"items": found}).data)


class SettleComplaint(MembersDoor):
    scopes: ClassVar = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="settle_complaint",
        request=shapes.Settlement,
        responses=answers(404, 409, ok=shapes.Complaint),
        summary="Say whether what was reported was right",
    )
    def post(self, request: MemberRequest, complaint_id: UUID) -> Response:
        found = complaints.in_sight(complaint_id, by=request.user)
        form = shapes.Settlement(data=request.data)
        form.is_valid(raise_exception=True)
        told = form.validated_data
        settled = complaining.settle(
            found, told["outcome"], note=told["note"], by=request.user, now=timezone.now()
        )
        return Response(shapes.Complaint(settled).data)
