"""How content of each level is shown to you, on the pages."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from hub.api.doors import MembersDoor
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from registry.queries import levels
from registry.services import preferring

WAYS = list(levels.LETTERS)


class LevelsShape(serializers.Serializer[Any]):
    """Show it, blur it until you ask for it, or leave it out of lists."""

    suggestive = serializers.ChoiceField(WAYS, default="show")
    mature = serializers.ChoiceField(WAYS, default="blur")
    explicit = serializers.ChoiceField(WAYS, default="blur")


class Levels(MembersDoor):
    @extend_schema(
        operation_id="get_levels",
        responses=answers(ok=LevelsShape),
        summary="Show how content of each level is shown to you",
    )
    def get(self, request: MemberRequest) -> Response:
        return Response(levels.read(request.user.levels).ways)

    @extend_schema(
        operation_id="set_levels",
        request=LevelsShape,
        responses=answers(ok=LevelsShape),
        summary="Say how content of each level is to be shown to you",
    )
    def put(self, request: MemberRequest) -> Response:
        form = LevelsShape(data=request.data)
        form.is_valid(raise_exception=True)
        chosen = levels.Levels(**form.validated_data)
        preferring.set_levels(chosen, by=request.user, now=timezone.now())
        return Response(chosen.ways)
