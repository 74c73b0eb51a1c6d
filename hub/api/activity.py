"""What happened in a team, as JSON or as a table for spreadsheets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from hub.api.doors import AlwaysJson, MembersDoor
from hub.api.requests import MemberRequest
from hub.api.schema import in_address, refusals
from hub.api.spreadsheets import as_csv
from registry.errors import Invalid
from registry.queries import activity, people

if TYPE_CHECKING:
    from registry.models import Event

COLUMNS = ("at", "verb", "by", "name", "version", "detail")


class Happened(serializers.Serializer[Any]):
    """One event."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    verb = serializers.CharField()
    by = serializers.CharField(
        source="by.username", default=None, allow_null=True, help_text="Null: the hub itself."
    )
    name = serializers.CharField(source="adapter.slug", default=None, allow_null=True)
    version = serializers.IntegerField(source="version.number", default=None, allow_null=True)
    detail = serializers.JSONField()


class Activity(serializers.Serializer[Any]):
    items = Happened(many=True, help_text="The newest first.")
    next = serializers.CharField(help_text="The cursor of those before; empty at the end.")


class TeamActivity(MembersDoor):
    content_negotiation_class = AlwaysJson  # `format` names a kind of file

    @extend_schema(
        operation_id="list_activity",
        parameters=[
            in_address("kind", f"Of which kind: {', '.join(activity.KINDS)}."),
            in_address("by", "Who did it, by their user name."),
            in_address("cursor", "Where the page before ended: its `next`."),
            in_address("limit", f"1 to {activity.MAX_PAGE}.", int),
            in_address("format", "`csv`: all of it as a table, whatever the cursor and limit."),
        ],
        responses={
            (200, "application/json"): Activity,
            (200, "text/csv"): OpenApiResponse(OpenApiTypes.STR, description="With format=csv."),
        }
        | refusals(404),
        summary="Tell what happened in a team, for its members",
    )
    def get(self, request: MemberRequest, team: str) -> HttpResponseBase:
        asked = request.GET
        filters = activity.Filters(kind=asked.get("kind", ""), by=asked.get("by", ""))
        owner = people.team(team)
        if asked.get("format") == "csv":
            found = activity.all_of(owner, filters, by=request.user)
            return as_csv(_table(found), f"{team}-activity.csv")
        page = activity.page(
            owner,
            filters,
            by=request.user,
            cursor=asked.get("cursor", ""),
            limit=_limit(asked.get("limit", "")),
        )
        return Response(Activity({"items": page.events, "next": page.next}).data)


def _limit(text: str) -> int:
    if not text:
        return activity.PAGE
    if not text.isdecimal() or len(text) > 6:
        raise Invalid(f"limit is {text[:20]!r}: write a whole number.")
    return int(text)


def _table(found: Iterator[Event]) -> Iterator[Sequence[str]]:
    yield COLUMNS
    yield from map(_row, found)


def _row(event: Event) -> list[str]:
    told = Happened(event).data
    detail = json.dumps(told["detail"], ensure_ascii=False, sort_keys=True)
    return [*("" if told[name] is None else str(told[name]) for name in COLUMNS[:-1]), detail]
