"""What the gpu workers do, and what waits for them."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from hub.api.doors import MembersDoor
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from hub.api.shapes.workers import Workers as Shown
from registry.queries import lines, workers


class Workers(MembersDoor):
    """The workers that are there, and the waiting line of each base."""

    @extend_schema(
        operation_id="list_workers",
        responses=answers(ok=Shown),
        summary="List gpu workers and what waits for them, for members",
    )
    def get(self, request: MemberRequest) -> Response:
        now = timezone.now()
        shown = {
            "workers": workers.listed(by=request.user, now=now),
            "waiting": lines.lines(by=request.user, now=now),
        }
        response = Response(Shown(shown).data)
        response["Cache-Control"] = "no-store"
        return response
