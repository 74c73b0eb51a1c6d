"""One version: as a whole, its report, its pictures; and what people do with it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api import addresses
from hub.api.doors import Door
from hub.api.parsing import grid_named
from hub.api.people import person
from hub.api.receiving import received
from hub.api.requests import MemberRequest
from hub.api.schema import answers, in_address
from hub.api.shapes import curves as shapes
from hub.api.shapes.reports import Previews, Report
from hub.api.shapes.versions import AnotherBase, Received, VersionChange, VersionDetail, Withdrawal
from registry.errors import Invalid
from registry.queries import lines, people, previews, versions
from registry.queries.words import GridKind, Role, RunState, Scope
from registry.services import describing, publishing, redeclaring, runs

if TYPE_CHECKING:
    from registry.models import AdapterVersion, ValidationRun

LIVING = {RunState.QUEUED, RunState.RUNNING}
MAX_WAIT = 60  # seconds
LOOK_EVERY = 0.5  # seconds
_waiting = threading.BoundedSemaphore(4)  # threads of this process that may sit and wait


class Version(Door):
    @extend_schema(
        operation_id="get_version",
        responses=answers(404, ok=VersionDetail),
        summary="Show one version, with its files and recipes",
    )
    def get(self, request: Request, team: str, name: str, number: int) -> Response:
        version = versions.in_sight(team, name, number, by=person(request))
        return Response(VersionDetail(version, context={"request": request}).data)

    @extend_schema(
        operation_id="change_version",
        request=VersionChange,
        responses=answers(404, 409, ok=VersionDetail),
        summary="Say something else of a version: its words, the weights it claims, what is new",
    )
    def patch(self, request: MemberRequest, team: str, name: str, number: int) -> Response:
        version = versions.in_sight(team, name, number, by=request.user)
        form = VersionChange(data=request.data)
        form.is_valid(raise_exception=True)
        describing.change_version(
            version, by=request.user, now=timezone.now(), **form.validated_data
        )
        return self.get(request, team, name, number)


class DeclareVersion(Door):
    @extend_schema(
        operation_id="declare_for_base",
        request=AnotherBase,
        responses=answers(404, 409, 422, accepted=Received),
        summary="Declare the files of a rejected version for another base: a new version of them",
    )
    def post(self, request: MemberRequest, team: str, name: str, number: int) -> Response:
        version = versions.in_sight(team, name, number, by=request.user)
        form = AnotherBase(data=request.data)
        form.is_valid(raise_exception=True)
        made = redeclaring.for_base(
            version, form.validated_data["base"], by=request.user, now=timezone.now()
        )
        return received(request, made)


class VersionByHash(Door):
    @extend_schema(
        operation_id="get_version_by_hash",
        responses=answers(404, ok=VersionDetail),
        summary="Show the version that has a file with this hash, in any of six spellings",
    )
    def get(self, request: Request, value: str) -> Response:
        version = versions.by_hash(value, by=person(request))
        return Response(VersionDetail(version, context={"request": request}).data)


class VersionReport(Door):
    @extend_schema(
        operation_id="get_report",
        parameters=[
            in_address("wait", "Seconds to wait for something new while a run goes on.", int)
        ],
        responses=answers(404, ok=Report),
        summary="Show how a version's validation goes, and what every check said",
    )
    def get(self, request: Request, team: str, name: str, number: int) -> Response:
        version = versions.in_sight(team, name, number, by=person(request))
        run = versions.newest_run(version)
        wait = _seconds(request)
        if wait and run and run.state in LIVING:
            run = _wait_for_news(version, run, until=time.monotonic() + wait)
            version = versions.in_sight(team, name, number, by=person(request))
        told = {
            "version": version,
            "run": run,
            "place": lines.place_of(run, now=timezone.now()) if run else None,
            "results": versions.report(version),
        }
        response = Response(Report(told).data)
        response["Cache-Control"] = "no-store"
        return response


def _seconds(request: Request) -> int:
    text = request.query_params.get("wait", "0")
    if not text.isdecimal():
        raise Invalid(f"wait is {text[:20]!r}: write a whole number of seconds.")
    return min(int(text[:6]), MAX_WAIT)


def _wait_for_news(
    version: AdapterVersion, run: ValidationRun, *, until: float
) -> ValidationRun | None:
    """Return the run once it has moved, or as it is when time is up or too many wait already."""
    newest: ValidationRun | None = run
    with _seat() as seated:
        while seated and time.monotonic() < until and newest and _same(newest, run):
            time.sleep(LOOK_EVERY)
            newest = versions.newest_run(version)
    return newest


@contextmanager
def _seat() -> Iterator[bool]:
    seated = _waiting.acquire(blocking=False)
    try:
        yield seated
    finally:
        if seated:
            _waiting.release()


def _same(one: ValidationRun, other: ValidationRun) -> bool:
    told = ("pk", "state", "stage", "attempt", "progress")
    return all(getattr(one, name) == getattr(other, name) for name in told)


class VersionPreviews(Door):
    @extend_schema(
        operation_id="get_previews",
        parameters=[
            in_address("kind", "sweep (else), seeds, steps, versions or asked."),
            in_address("grid", "One of them by its id, else the newest.", UUID),
        ],
        responses=answers(404, ok=Previews),
        summary="Show a version's pictures at every weight, and the curve; or another kind of grid",
    )
    def get(self, request: Request, team: str, name: str, number: int) -> Response:
        by = person(request)
        version = versions.in_sight(team, name, number, by=by)
        kind = request.query_params.get("kind", GridKind.SWEEP)
        if kind not in GridKind.values:
            raise Invalid(f"kind is {kind[:20]!r}: write one of {', '.join(GridKind.values)}.")
        grid_id = grid_named(request.query_params.get("grid", ""))
        grids = previews.grids(version, kind, by=by)
        grid = previews.chosen(grids, grid_id)
        told = {"version": version, "grid": grid, "grids": grids}
        return Response(Previews(told, context={"request": request}).data)


class VersionCurve(Door):
    @extend_schema(
        operation_id="get_curve",
        responses=answers(404, ok=shapes.VersionCurve),
        summary="Show what a version does at every weight, and why that is said, in figures",
    )
    def get(self, request: Request, team: str, name: str, number: int) -> Response:
        version = versions.in_sight(team, name, number, by=person(request))
        told = {"version": version, "curve": versions.curve(version)}
        return Response(shapes.VersionCurve(told).data)


class PublishVersion(Door):
    scopes: ClassVar = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="publish_version",
        request=None,
        responses=answers(404, 409, ok=VersionDetail),
        summary="Let everyone find a version that has passed its validation",
    )
    def post(self, request: MemberRequest, team: str, name: str, number: int) -> Response:
        version = versions.in_sight(team, name, number, by=request.user)
        publishing.publish(version, by=request.user, now=timezone.now())
        version = versions.in_sight(team, name, number, by=request.user)
        return Response(VersionDetail(version, context={"request": request}).data)


class WithdrawVersion(Door):
    scopes: ClassVar = {"POST": Scope.PUBLISH}

    @extend_schema(
        operation_id="withdraw_version",
        request=Withdrawal,
        responses=answers(404, 409, ok=VersionDetail),
        summary="Take a published version out of sight; whoever pinned it can still fetch it",
    )
    def post(self, request: MemberRequest, team: str, name: str, number: int) -> Response:
        version = versions.in_sight(team, name, number, by=request.user)
        form = Withdrawal(data=request.data)
        form.is_valid(raise_exception=True)
        publishing.withdraw(
            version, reason=form.validated_data["reason"], by=request.user, now=timezone.now()
        )
        version = versions.in_sight(team, name, number, by=request.user)
        return Response(VersionDetail(version, context={"request": request}).data)


class ValidateVersion(Door):
    @extend_schema(
        operation_id="validate_version",
        request=None,
        responses=answers(404, 409, accepted=Received),
        summary="Have a version validated again whose last run failed",
    )
    def post(self, request: MemberRequest, team: str, name: str, number: int) -> Response:
        version = versions.in_sight(team, name, number, by=request.user)
        people.require(
            request.user, Role.CONTRIBUTOR, version.adapter.team, to="have it validated again"
        )
        runs.start(version, by=request.user, now=timezone.now())
        return Response(
            Received(version, context={"request": request}).data,
            status=status.HTTP_202_ACCEPTED,
            headers={"Location": addresses.of_version(request, version, "api-report")},
        )
