"""Cells that people ask for: the plan, and how a request fares."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.api import addresses
from hub.api.shapes.reports import Grid, RunProgress
from registry.queries import requests
from registry.queries.words import GridKind, RequestState
from registry.sweeps.axes import AXES


class PlanLine(serializers.Serializer[Any]):
    """One axis of a plan. What its values are depends on the axis: see docs/api.md."""

    axis = serializers.ChoiceField(list(AXES))
    values = serializers.ListField(child=serializers.JSONField())


class Plan(serializers.Serializer[Any]):
    """What cells differ in, and what stays the same."""

    across = PlanLine()
    down = PlanLine(required=False, allow_null=True)
    same = serializers.DictField(
        child=serializers.JSONField(),
        required=False,
        help_text="Of all cells: values by axis, prompt, negative, with_trigger.",
    )
    against = serializers.IntegerField(
        required=False, allow_null=True, help_text="Another version's number, to be held against."
    )


class Asking(Plan):
    """A plan, and whether its grid is shown to whoever sees the version."""

    in_gallery = serializers.BooleanField(default=False)


class GalleryChange(serializers.Serializer[Any]):
    in_gallery = serializers.BooleanField()


class AskedCells(serializers.Serializer[Any]):
    """A request: what was asked for, and how far it is."""

    id = serializers.UUIDField()
    team = serializers.CharField(source="version.adapter.team.slug")
    name = serializers.CharField(source="version.adapter.slug")
    version = serializers.IntegerField(source="version.number")
    kind = serializers.ChoiceField(GridKind.choices)
    plan = Plan()
    cells = serializers.IntegerField(help_text="How many are rendered.")
    in_gallery = serializers.BooleanField()
    by = serializers.CharField(
        source="by.username", default=None, allow_null=True, help_text="null: the hub itself"
    )
    state = serializers.ChoiceField(RequestState.choices)
    reason = serializers.CharField(help_text="Why it failed.")
    progress = RunProgress()
    place = serializers.SerializerMethodField(help_text="How much is done before it, if it waits.")
    seconds_left = serializers.SerializerMethodField()
    queued_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    url = serializers.SerializerMethodField()
    page_url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_place(self, request: Any) -> int | None:
        if request.state != RequestState.QUEUED:
            return None
        known = self.context.get("places")  # of a list all were asked for at once
        return requests.place(request) if known is None else known.get(request.pk, 0)

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_seconds_left(self, request: Any) -> int | None:
        return requests.seconds_left(request, now=timezone.now())

    @extend_schema_field(serializers.URLField())
    def get_url(self, request: Any) -> str:
        return addresses.of_request(self.context["request"], request, "api-request")

    @extend_schema_field(serializers.URLField())
    def get_page_url(self, request: Any) -> str:
        return addresses.of_request(self.context["request"], request, "asked")


class AskedGrid(AskedCells):
    """A request with its grid: the cells that are there already, too."""

    grid = Grid(allow_null=True)


class AskedList(serializers.Serializer[Any]):
    items = AskedCells(many=True)
    next = serializers.URLField(allow_null=True)
