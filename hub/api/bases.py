"""The base models that adapters are made for."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.doors import Door
from hub.api.schema import answers
from hub.api.shapes.bases import Base, BaseDetail, BaseList
from registry.queries import bases


class Bases(Door):
    """All base models."""

    @extend_schema(
        operation_id="list_bases", responses=answers(ok=BaseList), summary="List base models"
    )
    def get(self, request: Request) -> Response:
        rows = Base(bases.listed(), many=True, context={"request": request}).data
        return Response({"items": rows})


class BaseByName(Door):
    """One base model, by any of its names."""

    @extend_schema(
        operation_id="get_base",
        responses=answers(404, ok=BaseDetail),
        summary="Show one base model, by its slug or an alias",
    )
    def get(self, request: Request, slug: str) -> Response:
        base = bases.whole(slug)
        return Response(BaseDetail(base, context={"request": request}).data)
