"""The base models that adapters are made for: the catalogue's, and those that teams add."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api import addresses
from hub.api.doors import Door, MembersDoor
from hub.api.people import person
from hub.api.requests import MemberRequest
from hub.api.schema import answers
from hub.api.shapes.bases import Base, BaseChange, BaseDetail, BaseList, NewBase
from registry.queries import bases, people
from registry.services import own_bases

if TYPE_CHECKING:
    from registry.models import BaseModel, User

SAID = ("title", "slug", "repo", "aliases", "licence", "licence_url", "defaults")


class Bases(Door):
    """All base models."""

    @extend_schema(
        operation_id="list_bases", responses=answers(ok=BaseList), summary="List base models"
    )
    def get(self, request: Request) -> Response:
        found = bases.listed(by=person(request))
        return Response({"items": Base(found, many=True, context={"request": request}).data})

    @extend_schema(
        operation_id="add_base",
        request=NewBase,
        responses=answers(404, 409, 422, created=BaseDetail, accepted=BaseDetail),
        summary="Add a base of the team's own: 201 where it is ready, 202 while it is made",
    )
    def post(self, request: MemberRequest) -> Response:
        form = NewBase(data=request.data)
        form.is_valid(raise_exception=True)
        told: dict[str, Any] = form.validated_data
        base = own_bases.add(
            own_bases.Description(**{name: told[name] for name in SAID}),
            team=people.team(told["team"]),
            parent=told["parent"],
            configs=told["configs"],
            by=request.user,
            now=timezone.now(),
        )
        code = status.HTTP_202_ACCEPTED if base.state == "making" else status.HTTP_201_CREATED
        address = addresses.at(request, "api-base", base.slug)
        return _shown(request, base, by=request.user, status=code, headers={"Location": address})


class BaseByName(Door):
    """One base model, by any of its names."""

    @extend_schema(
        operation_id="get_base",
        responses=answers(404, ok=BaseDetail),
        summary="Show one base model, by its slug or an alias",
    )
    def get(self, request: Request, slug: str) -> Response:
        by = person(request)
        return _shown(request, bases.named(slug, by=by), by=by)

    @extend_schema(
        operation_id="change_base",
        request=BaseChange,
        responses=answers(404, 409, ok=BaseDetail),
        summary="Say something else of a base of the team's own",
    )
    def patch(self, request: MemberRequest, slug: str) -> Response:
        form = BaseChange(data=request.data)
        form.is_valid(raise_exception=True)
        base = bases.named(slug, by=request.user)
        own_bases.change(base, by=request.user, now=timezone.now(), **form.validated_data)
        return _shown(request, base, by=request.user)

    @extend_schema(
        operation_id="remove_base",
        responses=answers(404, 409, nothing=None),
        summary="Remove a base of the team's own that nothing was uploaded for",
    )
    def delete(self, request: MemberRequest, slug: str) -> Response:
        base = bases.named(slug, by=request.user)
        own_bases.remove(base, by=request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class MakeBase(MembersDoor):
    @extend_schema(
        operation_id="make_base",
        request=None,
        responses=answers(404, 409, accepted=BaseDetail),
        summary="Have the layers of a base made once more that could not be made",
    )
    def post(self, request: MemberRequest, slug: str) -> Response:
        base = bases.named(slug, by=request.user)
        own_bases.make_again(base, by=request.user, now=timezone.now())
        return _shown(request, base, by=request.user, status=status.HTTP_202_ACCEPTED)


def _shown(
    request: Request, base: BaseModel, *, by: User | None, status: int = 200, headers: Any = None
) -> Response:
    whole = bases.whole(base.slug, by=by)
    manifest = bases.manifest_of(whole)
    shown = {"request": request, "manifest": manifest}
    response = Response(BaseDetail(whole, context=shown).data, status=status, headers=headers)
    if whole.state == "making":
        response["Cache-Control"] = "no-store"
    return response
