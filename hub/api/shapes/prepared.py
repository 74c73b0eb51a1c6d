"""Versions in another layout, as it is told over the wire."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from hub.api import addresses
from hub.api.shapes.reports import RunProgress
from registry.exports.preparing import ORIGINAL
from registry.queries.words import PreparationState

STATES = {
    "ready": "Ready",
    "possible": "Not made yet: who asks for it has it made",
    PreparationState.QUEUED: "Queued",
    PreparationState.RUNNING: "Being made",
    PreparationState.REFUSED: "Not possible",
    PreparationState.FAILED: "Failed",
}


class PreparedFile(serializers.Serializer[Any]):
    """One file of a layout."""

    path = serializers.CharField(help_text="In its folder; what ?file= takes.")
    sha256 = serializers.CharField(source="blob_id")
    size = serializers.IntegerField(source="blob.size")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "being made",
            value={
                "id": "6f7a3c1e-9d0b-4a52-8f3e-0b7d6a5c4e21",
                "layout": "kohya",
                "dtype": "fp16",
                "bake": False,
                "strip": False,
                "state": "queued",
                "reason": "",
                "progress": {"done": 0, "of": 1, "saying": "converting", "left": None},
                "worst_error": None,
                "notes": [],
                "files": [],
                "queued_at": "2026-11-29T08:00:00Z",
                "finished_at": None,
                "url": "https://hub.example/api/adapters/ink/ink-wash/versions/1/layouts/"
                "6f7a3c1e-9d0b-4a52-8f3e-0b7d6a5c4e21",
                "download_url": "https://hub.example/api/adapters/ink/ink-wash/versions/1/"
                "download?layout=kohya&dtype=fp16",
            },
            response_only=True,
        )
    ]
)
class Preparation(serializers.Serializer[Any]):
    """A version in another form: asked for, being made, or there."""

    id = serializers.UUIDField()
    layout = serializers.CharField()
    dtype = serializers.CharField(help_text="Empty: as in the file.")
    bake = serializers.BooleanField()
    strip = serializers.BooleanField()
    state = serializers.ChoiceField(PreparationState.choices)
    reason = serializers.CharField(help_text="Why it was refused or failed, in one sentence.")
    progress = RunProgress()
    worst_error = serializers.FloatField(
        allow_null=True, help_text="Of any layer: the difference's norm over the change's."
    )
    notes = serializers.ListField(
        child=serializers.CharField(), help_text="What was left out or changed its form."
    )
    files = PreparedFile(many=True)
    queued_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    url = serializers.SerializerMethodField()
    download_url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField())
    def get_url(self, found: Any) -> str:
        version, adapter = self.context["version"], self.context["version"].adapter
        where = (adapter.team.slug, adapter.slug, version.number, found.pk)
        return addresses.at(self.context["request"], "api-preparation", *where)

    @extend_schema_field(serializers.URLField())
    def get_download_url(self, found: Any) -> str:
        asked = {"layout": found.layout, "dtype": found.dtype}
        asked |= {"bake": "1" if found.bake else "", "strip": "1" if found.strip else ""}
        query = {name: value for name, value in asked.items() if value}
        version = self.context["version"]
        return addresses.of_version(self.context["request"], version, "api-download", **query)


class Layout(serializers.Serializer[Any]):
    """A layout, and how it stands with this version in it."""

    layout = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(list(STATES.items()))
    reason = serializers.CharField(help_text="Why it cannot be had, or failed; else empty.")
    files = serializers.CharField(help_text="What the layout consists of.")
    size = serializers.IntegerField(allow_null=True, help_text="In bytes, once it is there.")
    worst_error = serializers.FloatField(allow_null=True)
    notes = serializers.ListField(child=serializers.CharField())
    download_url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_download_url(self, form: Any) -> str | None:
        if form.state == PreparationState.REFUSED:
            return None
        asked = {"layout": form.layout if form.layout != ORIGINAL else "",
                 "dtype": self.context["dtype"]}  # fmt: skip
        query = {name: value for name, value in asked.items() if value}
        version = self.context["version"]
        return addresses.of_version(self.context["request"], version, "api-download", **query)


class Layouts(serializers.Serializer[Any]):
    items = Layout(many=True)
