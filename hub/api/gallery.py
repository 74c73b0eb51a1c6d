"""The gallery of an adapter: pictures that members made, hung, corrected, hidden and taken down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api import addresses, caching, delivery
from hub.api.doors import Door
from hub.api.people import person
from hub.api.requests import MemberRequest
from hub.api.schema import answers, in_address, refusals
from hub.api.shapes import gallery as shapes
from hub.api.shapes.comments import Reason
from registry.errors import NotFound
from registry.queries import adapters, versions
from registry.queries import gallery_pictures as gallery
from registry.queries.words import Scope
from registry.services import downloads, pictured
from registry.services import gallery as hanging
from registry.services.opening_pictures import MOST_BYTES

if TYPE_CHECKING:
    from registry.models import AdapterVersion, GalleryPicture, User


class Gallery(Door):
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="list_gallery",
        parameters=[in_address("cursor", "Where the page before ended.")],
        responses=answers(404, ok=shapes.Pictures),
        summary="List pictures that members made with an adapter, the newest first",
    )
    def get(self, request: Request, team: str, name: str) -> Response:
        by = person(request)
        adapter = adapters.named(team, name, by=by)
        page = gallery.of_adapter(adapter, by=by, cursor=request.query_params.get("cursor", ""))
        following = addresses.at(request, "api-gallery", team, name, cursor=page.next)
        told = {"items": page.pictures, "next": following if page.next else None}
        context = {"request": request, "viewer": gallery.viewer(page.pictures, by)}
        return Response(shapes.Pictures(told, context=context).data)

    @extend_schema(
        operation_id="hang_picture",
        request={"multipart/form-data": shapes.NewPicture},
        responses=answers(404, 409, 422, 503, created=shapes.Picture),
        summary="Hang a picture in the galleries of this adapter and of those that its file names",
    )
    def post(self, request: MemberRequest, team: str, name: str) -> Response:
        form = shapes.NewPicture(data=request.data)
        form.is_valid(raise_exception=True)
        told = form.validated_data
        picture = hanging.hang(
            _version(team, name, told.get("version"), request.user),
            told["file"].read(MOST_BYTES + 1),
            name=str(told["file"].name)[:100],
            content_level=told.get("content_level", ""),
            by=request.user,
            now=timezone.now(),
        )
        response = _shown(request, picture, request.user)
        response.status_code = status.HTTP_201_CREATED
        response["Location"] = addresses.at(request, "api-gallery-picture", picture.pk)
        return response


class OnePicture(Door):
    @extend_schema(
        operation_id="get_gallery_picture",
        responses=answers(404, ok=shapes.Picture),
        summary="Show how a picture of the gallery was made, and with which adapters",
    )
    def get(self, request: Request, picture_id: UUID) -> Response:
        by = person(request)
        return _shown(request, gallery.in_sight(picture_id, by=by), by)

    @extend_schema(
        operation_id="correct_picture",
        request=shapes.Correction,
        responses=answers(404, ok=shapes.Picture),
        summary="Correct the content level of a picture of yours, or what it was made with",
    )
    def patch(self, request: MemberRequest, picture_id: UUID) -> Response:
        picture = gallery.in_sight(picture_id, by=request.user)
        form = shapes.Correction(data=request.data)
        form.is_valid(raise_exception=True)
        told = form.validated_data
        corrected = hanging.correct(
            picture,
            content_level=told.get("content_level"),
            made_with=_made_with(told["made_with"], request.user) if "made_with" in told else None,
            by=request.user,
            now=timezone.now(),
        )
        return _shown(request, corrected, request.user)

    @extend_schema(
        operation_id="take_picture_down",
        responses=answers(404, nothing=None),
        summary="Take a picture of yours out of every gallery, for ever",
    )
    def delete(self, request: MemberRequest, picture_id: UUID) -> Response:
        picture = gallery.in_sight(picture_id, by=request.user)
        hanging.take_down(picture, by=request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class HiddenPicture(Door):
    """Whether a picture is hidden in one gallery: what reviewers decide."""

    scopes: ClassVar = {"PUT": Scope.PUBLISH, "DELETE": Scope.PUBLISH}

    @extend_schema(
        operation_id="hide_picture",
        request=Reason,
        responses=answers(404, ok=shapes.Picture),
        summary="Hide a picture in the gallery of an adapter, for a reason",
    )
    def put(self, request: MemberRequest, team: str, name: str, picture_id: UUID) -> Response:
        adapter = adapters.named(team, name, by=request.user)
        picture = gallery.in_sight(picture_id, by=request.user)
        form = Reason(data=request.data)
        form.is_valid(raise_exception=True)
        reason = form.validated_data["reason"]
        hidden = hanging.hide(picture, adapter, reason=reason, by=request.user, now=timezone.now())
        return _shown(request, hidden, request.user)

    @extend_schema(
        operation_id="show_picture",
        responses=answers(404, ok=shapes.Picture),
        summary="Show a picture again that was hidden in the gallery of an adapter",
    )
    def delete(self, request: MemberRequest, team: str, name: str, picture_id: UUID) -> Response:
        adapter = adapters.named(team, name, by=request.user)
        picture = gallery.in_sight(picture_id, by=request.user)
        shown = hanging.show(picture, adapter, by=request.user, now=timezone.now())
        return _shown(request, shown, request.user)


class Bytes(Door):
    throttle_classes = ()  # a gallery has dozens

    @extend_schema(
        operation_id="get_gallery_bytes",
        responses={
            (200, "image/webp"): OpenApiTypes.BINARY,
            304: OpenApiResponse(description="You have this picture."),
        }
        | refusals(404),
        summary="Show a picture of the gallery, `large` or `small`, without any metadata",
    )
    def get(self, request: Request, picture_id: UUID, size: str) -> HttpResponseBase:
        if size not in {"large", "small"}:
            raise NotFound(f"A picture is large or small, not {size[:40]!r}.")
        picture = gallery.in_sight(picture_id, by=person(request))
        sha256 = picture.small_id if size == "small" else picture.blob_id
        etag = f'"{sha256}"'
        if caching.has(request, etag):
            response = HttpResponse(status=304)
        else:
            with downloads.open_bytes(sha256) as file:
                response = HttpResponse(file.read(), content_type="image/webp")
        response["ETag"] = etag
        response["Content-Security-Policy"] = delivery.SANDBOX
        response["Cache-Control"] = "private, max-age=600"  # it may be hidden, or taken down
        return response


def _version(team: str, name: str, number: int | None, by: User) -> AdapterVersion:
    if number is not None:
        return versions.in_sight(team, name, number, by=by)
    seen = versions.of_adapter(adapters.named(team, name, by=by), by=by)
    if not seen:
        raise NotFound(f"{team}/{name} has no version yet.")
    return next((one for one in seen if one.state == "published"), seen[0])


def _made_with(told: list[dict[str, Any]], by: User) -> list[pictured.MadeWith]:
    found = []
    for one in told:
        team, _, name = one["adapter"].partition("/")
        version = versions.in_sight(team, name, one["version"], by=by)
        found.append(pictured.MadeWith(version, one["weight"]))
    return found


def _shown(request: Request, picture: GalleryPicture, by: User | None) -> Response:
    context = {"request": request, "viewer": gallery.viewer([picture], by)}
    return Response(shapes.Picture(picture, context=context).data)
