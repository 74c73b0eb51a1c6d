"""One's own saved searches, and the bases that one uses."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response

from hub.api.doors import MembersDoor
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from hub.api.shapes import searches as shapes
from registry.queries import searches
from registry.services import searches as keeping


class Searches(MembersDoor):
    @extend_schema(
        operation_id="list_searches",
        responses=answers(ok=shapes.SavedSearches),
        summary="List your saved searches",
    )
    def get(self, request: MemberRequest) -> Response:
        told = {"items": searches.of(request.user)}
        return Response(shapes.SavedSearches(told, context={"request": request}).data)

    @extend_schema(
        operation_id="save_search",
        request=shapes.SearchToSave,
        responses=answers(409, created=shapes.SavedSearch),
        summary="Save a search under a name",
    )
    def post(self, request: MemberRequest) -> Response:
        form = shapes.SearchToSave(data=request.data)
        form.is_valid(raise_exception=True)
        saved = keeping.save(**form.validated_data, by=request.user, now=timezone.now())
        told = shapes.SavedSearch(saved, context={"request": request}).data
        return Response(told, status=status.HTTP_201_CREATED)


class OneSearch(MembersDoor):
    @extend_schema(
        operation_id="change_search",
        request=shapes.SearchToSave,
        responses=answers(404, 409, ok=shapes.SavedSearch),
        summary="Give a saved search another name, or another question",
    )
    def patch(self, request: MemberRequest, search_id: int) -> Response:
        search = searches.one(request.user, search_id)
        form = shapes.SearchToSave(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        keeping.change(search, **form.validated_data)
        return Response(shapes.SavedSearch(search, context={"request": request}).data)

    @extend_schema(
        operation_id="remove_search",
        responses=answers(404, nothing=None),
        summary="Remove a saved search",
    )
    def delete(self, request: MemberRequest, search_id: int) -> Response:
        keeping.remove(searches.one(request.user, search_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


class Fits(MembersDoor):
    @extend_schema(
        operation_id="get_used_bases",
        responses=answers(ok=shapes.UsedBases),
        summary="Show the bases that you use: the front page shows you what fits them",
    )
    def get(self, request: MemberRequest) -> Response:
        return Response(shapes.UsedBases({"bases": request.user.fits}).data)

    @extend_schema(
        operation_id="set_used_bases",
        request=shapes.UsedBases,
        responses=answers(ok=shapes.UsedBases),
        summary="Say which bases you use; an empty list forgets them",
    )
    def put(self, request: MemberRequest) -> Response:
        form = shapes.UsedBases(data=request.data)
        form.is_valid(raise_exception=True)
        keeping.use_bases(form.validated_data["bases"], by=request.user)
        return self.get(request)
