"""Adapters brought in from elsewhere: a plan first, then corrections, then go."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api import addresses
from hub.api.doors import Door, MembersDoor
from hub.api.people import person
from hub.api.requests import MemberRequest
from hub.api.schema import answers, in_address
from hub.api.shapes.imports import (
    ImportCorrection,
    ImportItem,
    ImportPage,
    ImportShown,
    ItemCorrection,
    ItemFilters,
    ItemPage,
    NewImport,
    WholeSource,
)
from registry.errors import Invalid, NotFound
from registry.queries import imports, people, versions
from registry.services.imports import asking, deciding, looking_again

if TYPE_CHECKING:
    from registry.models import Import


class Imports(MembersDoor):
    @extend_schema(
        operation_id="list_imports",
        parameters=[in_address("after", "How many to leave out: as `next` says.", int)],
        responses=answers(ok=ImportPage),
        summary="List the imports of your teams, the newest first",
    )
    def get(self, request: MemberRequest) -> Response:
        after = _number(request.query_params.get("after", "0"))
        found = list(imports.listed(by=request.user)[after : after + imports.PAGE + 1])
        more = len(found) > imports.PAGE
        following = addresses.at(request, "api-imports", after=after + imports.PAGE)
        rows = found[: imports.PAGE]
        shown = {"items": rows, "next": following if more else None}
        context = {"request": request, "tallies": imports.tallies(rows)}
        return Response(ImportPage(shown, context=context).data)

    @extend_schema(
        operation_id="plan_import",
        request=NewImport,
        responses=answers(404, 422, accepted=ImportShown),
        summary="Have a plan made of what would be imported; nothing is brought in by that",
    )
    def post(self, request: MemberRequest) -> Response:
        form = NewImport(data=request.data)
        form.is_valid(raise_exception=True)
        told = form.validated_data
        row = asking.begin(
            asking.Wanted(told["source"], told["kind"], told["base"], told["only_new"]),
            team=people.team(told["team"]),
            by=request.user,
            now=timezone.now(),
        )
        return _shown(request, row, status=status.HTTP_202_ACCEPTED)


class OneImport(MembersDoor):
    @extend_schema(
        operation_id="get_import",
        responses=answers(404, ok=ImportShown),
        summary="Show how an import stands",
    )
    def get(self, request: MemberRequest, import_id: UUID) -> Response:
        return _shown(request, imports.in_sight(import_id, by=request.user))

    @extend_schema(
        operation_id="correct_import",
        request=ImportCorrection,
        responses=answers(404, 409, ok=ImportShown),
        summary="Say for which team or base all of a planned import is, or take all or nothing",
    )
    def patch(self, request: MemberRequest, import_id: UUID) -> Response:
        row = imports.in_sight(import_id, by=request.user)
        form = ImportCorrection(data=request.data)
        form.is_valid(raise_exception=True)
        told = form.validated_data
        team = people.team(told["team"]) if "team" in told else None
        row = deciding.correct(row, by=request.user, team=team, base=told.get("base"))
        if "take_all" in told:
            deciding.choose_all(row, take=told["take_all"], by=request.user)
        return _shown(request, row)

    @extend_schema(
        operation_id="cancel_import",
        responses=answers(404, 409, nothing=None),
        summary="Stop an import, or drop its plan; what has come in already stays",
    )
    def delete(self, request: MemberRequest, import_id: UUID) -> Response:
        row = imports.in_sight(import_id, by=request.user)
        deciding.cancel(row, by=request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class StartImport(MembersDoor):
    @extend_schema(
        operation_id="start_import",
        request=None,
        responses=answers(404, 409, accepted=ImportShown),
        summary="Have everything of a plan brought in that can be; what failed is tried again",
    )
    def post(self, request: MemberRequest, import_id: UUID) -> Response:
        row = imports.in_sight(import_id, by=request.user)
        row = deciding.start(row, by=request.user, now=timezone.now())
        return _shown(request, row, status=status.HTTP_202_ACCEPTED)


class ImportItems(MembersDoor):
    @extend_schema(
        operation_id="list_import_items",
        parameters=[ItemFilters],
        responses=answers(404, ok=ItemPage),
        summary="List what an import's source offers, and what comes of each",
    )
    def get(self, request: MemberRequest, import_id: UUID) -> Response:
        row = imports.in_sight(import_id, by=request.user)
        form = ItemFilters(data=request.query_params)
        form.is_valid(raise_exception=True)
        after, state = form.validated_data["after"], form.validated_data["state"]
        found = list(imports.items_of(row, after=after, state=state)[: imports.PAGE + 1])
        shown, more = found[: imports.PAGE], len(found) > imports.PAGE
        narrowed = {"state": state} if state else {}
        following = (
            addresses.at(request, "api-import-items", row.pk, after=shown[-1].position, **narrowed)
            if more
            else None
        )
        page = {"items": shown, "next": following}
        return Response(ItemPage(page, context={"request": request}).data)


class OneImportItem(MembersDoor):
    @extend_schema(
        operation_id="get_import_item",
        responses=answers(404, ok=ImportItem),
        summary="Show one item of an import",
    )
    def get(self, request: MemberRequest, import_id: UUID, position: int) -> Response:
        row = imports.in_sight(import_id, by=request.user)
        return _item(request, row, position)

    @extend_schema(
        operation_id="correct_import_item",
        request=ItemCorrection,
        responses=answers(404, 409, ok=ImportItem),
        summary="Correct one item of a planned import, or leave it out",
    )
    def patch(self, request: MemberRequest, import_id: UUID, position: int) -> Response:
        row = imports.in_sight(import_id, by=request.user)
        imports.item(row, position)
        form = ItemCorrection(data=request.data)
        form.is_valid(raise_exception=True)
        deciding.choose(row, position, form.validated_data, by=request.user)
        return _item(request, row, position)


class VersionSource(Door):
    @extend_schema(
        operation_id="get_source",
        responses=answers(404, ok=WholeSource),
        summary="Show whence a version was imported, with all that was said of it there",
    )
    def get(self, request: Request, team: str, name: str, number: int) -> Response:
        version = versions.in_sight(team, name, number, by=person(request))
        source = imports.source_of(version)
        if source is None:
            raise NotFound(f"Version {number} of {team}/{name} was not imported: it was uploaded.")
        return Response(WholeSource(source, context={"request": request}).data)


class LookAgain(MembersDoor):
    @extend_schema(
        operation_id="look_at_source",
        request=None,
        responses=answers(404, 422, ok=WholeSource),
        summary="Look whether what was imported is still there, where it came from",
    )
    def post(self, request: MemberRequest, team: str, name: str, number: int) -> Response:
        version = versions.in_sight(team, name, number, by=request.user)
        source = looking_again.look(version, by=request.user, now=timezone.now())
        return Response(WholeSource(source, context={"request": request}).data)


def _item(request: MemberRequest, row: Import, position: int) -> Response:
    item = imports.item(row, position)
    return Response(ImportItem(item, context={"request": request}).data)


def _shown(request: MemberRequest, row: Import, status: int = 200) -> Response:
    context = {"request": request, "tallies": imports.tallies([row])}
    response = Response(ImportShown(row, context=context).data, status=status)
    if status == 202:
        response["Location"] = addresses.at(request, "api-import", row.pk)
    if row.state in imports.LIVING:
        response["Cache-Control"] = "no-store"
    return response


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise Invalid(f"after is {text[:40]!r}: write a whole number.")
    return int(text)
