"""Imports: what is to be brought in, what would come of it, and how it fares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.api import addresses
from hub.api.shapes.reports import RunProgress
from hub.api.shapes.uploads import Words
from registry.content_levels import LEVELS
from registry.queries import imports
from registry.queries.import_endings import Ending, ending_of
from registry.queries.words import FileRole, ImportStage, ImportState, ItemState, Kind, Standing
from registry.services.imports.judging import said_of


class NewImport(serializers.Serializer[Any]):
    """What is to be imported, and for whom."""

    source = serializers.CharField(  # type: ignore[assignment]  # shadows a field's own
        max_length=1000, help_text="A folder of the server, or an address: see docs/import.md."
    )
    team = serializers.SlugField(max_length=60)
    kind = serializers.CharField(
        max_length=12,
        required=False,
        default="",
        allow_blank=True,
        help_text="Of source, where the address does not tell: folder, loradex, hub or civitai.",
    )
    base = serializers.CharField(
        max_length=200,
        required=False,
        default="",
        allow_blank=True,
        help_text="That all of it is for; left out: as is found of each.",
    )
    only_new = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Of another Loradex: what was published since the team's last import of it.",
    )


class ImportCorrection(serializers.Serializer[Any]):
    team = serializers.SlugField(max_length=60, required=False)
    base = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="Empty: as is found of each."
    )
    take_all = serializers.BooleanField(
        required=False, help_text="Take everything that can be, or nothing: to choose a few."
    )


class ItemCorrection(serializers.Serializer[Any]):
    """What a person says instead of the source; null takes it back."""

    take = serializers.BooleanField(
        required=False, allow_null=True, help_text="false: leave it out."
    )
    name = serializers.RegexField(
        r"^[a-z0-9][a-z0-9._-]{0,79}$",
        required=False,
        allow_null=True,
        help_text="Of the adapter in addresses; one that is there gets a new version.",
    )
    base = serializers.CharField(max_length=200, required=False, allow_null=True)
    title = serializers.CharField(max_length=120, required=False, allow_null=True)
    description = serializers.CharField(
        max_length=20_000, required=False, allow_null=True, allow_blank=True
    )
    kind = serializers.ChoiceField(Kind.choices, required=False, allow_null=True)
    tags = Words(required=False, allow_null=True, max_length=30)
    licence = serializers.CharField(
        max_length=120, required=False, allow_null=True, allow_blank=True
    )
    content_level = serializers.ChoiceField(LEVELS, required=False, allow_null=True)
    label = serializers.CharField(  # type: ignore[assignment]  # shadows a field's own
        max_length=60, required=False, allow_null=True, allow_blank=True
    )
    trigger_words = Words(required=False, allow_null=True, max_length=30)
    weight_low = serializers.FloatField(
        required=False, allow_null=True, min_value=-10, max_value=10
    )
    weight_high = serializers.FloatField(
        required=False, allow_null=True, min_value=-10, max_value=10
    )
    weight_default = serializers.FloatField(
        required=False, allow_null=True, min_value=-10, max_value=10
    )


class SaidField(serializers.Serializer[Any]):
    """A value, and which record of the source says it; empty: a person here."""

    value = serializers.JSONField()
    source = serializers.CharField()  # type: ignore[assignment]  # shadows a field's own


class OfferedFile(serializers.Serializer[Any]):
    name = serializers.CharField()
    role = serializers.ChoiceField(FileRole.choices)
    size = serializers.IntegerField(help_text="0: the source does not say.")


class MadeVersion(serializers.Serializer[Any]):
    """The version that was made of an item, or that has its bytes already."""

    team = serializers.CharField(source="adapter.team.slug")
    name = serializers.CharField(source="adapter.slug")
    version = serializers.IntegerField(source="number")
    url = serializers.SerializerMethodField()
    page_url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField())
    def get_url(self, version: Any) -> str:
        return addresses.of_version(self.context["request"], version)

    @extend_schema_field(serializers.URLField())
    def get_page_url(self, version: Any) -> str:
        return addresses.page_of(self.context["request"], version)


class ImportItem(serializers.Serializer[Any]):
    """One version that the source offers, and what comes of it."""

    position = serializers.IntegerField()
    key = serializers.CharField(help_text="What it goes by at its source.")
    page_url = serializers.CharField(source="url", help_text="Its page there; may be empty.")
    state = serializers.ChoiceField(ItemState.choices)
    reason = serializers.CharField(help_text="Why it is not imported.")
    name = serializers.CharField(source="slug", help_text="Of the adapter that it is part of.")
    base = serializers.CharField(help_text="Empty: nothing tells; say it before you start.")
    said = serializers.SerializerMethodField(help_text="What is declared, by field.")
    notes = serializers.ListField(child=serializers.CharField())
    files = OfferedFile(many=True)
    size = serializers.IntegerField()
    sha256 = serializers.CharField(help_text="Empty: not known before it is fetched.")
    made = MadeVersion(source="version", allow_null=True)

    @extend_schema_field(serializers.DictField(child=SaidField()))
    def get_said(self, item: Any) -> dict[str, Any]:
        return said_of(item)


class ImportShown(serializers.Serializer[Any]):
    """An import, and how it stands. `context["tallies"]` has it in numbers."""

    id = serializers.UUIDField()
    source = serializers.CharField()  # type: ignore[assignment]  # shadows a field's own
    kind = serializers.CharField()
    team = serializers.CharField(source="team.slug")
    base = serializers.CharField()
    by = serializers.CharField(source="by.username")
    state = serializers.ChoiceField(ImportState.choices)
    stage = serializers.ChoiceField(ImportStage.choices)
    reason = serializers.CharField(help_text="Why it failed.")
    ending = serializers.SerializerMethodField(
        help_text="What has come of it; null: it is under way or planned."
    )
    progress = RunProgress()
    counts = serializers.SerializerMethodField(help_text="Items by state.")
    bytes_to_fetch = serializers.SerializerMethodField()
    without_base = serializers.SerializerMethodField(
        help_text="Items that wait for somebody to say for which base they are."
    )
    opened_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    url = serializers.SerializerMethodField()
    items_url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField([*Ending], allow_null=True))
    def get_ending(self, row: Any) -> str | None:
        return ending_of(row, self._tally(row))

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_counts(self, row: Any) -> dict[str, int]:
        return dict(self._tally(row).counts)

    def get_bytes_to_fetch(self, row: Any) -> int:
        return self._tally(row).bytes_to_fetch

    def get_without_base(self, row: Any) -> int:
        return self._tally(row).without_base

    def _tally(self, row: Any) -> imports.Tally:
        tallies: Mapping[UUID, imports.Tally] = self.context["tallies"]
        return tallies[row.pk]

    @extend_schema_field(serializers.URLField())
    def get_url(self, row: Any) -> str:
        return addresses.at(self.context["request"], "api-import", row.pk)

    @extend_schema_field(serializers.URLField())
    def get_items_url(self, row: Any) -> str:
        return addresses.at(self.context["request"], "api-import-items", row.pk)


class ImportPage(serializers.Serializer[Any]):
    items = ImportShown(many=True)
    next = serializers.URLField(allow_null=True)


class ItemPage(serializers.Serializer[Any]):
    items = ImportItem(many=True)
    next = serializers.URLField(allow_null=True)


class ItemFilters(serializers.Serializer[Any]):
    after = serializers.IntegerField(
        required=False,
        default=0,
        min_value=0,
        max_value=2**31 - 1,
        help_text="The position of the last item of the page before.",
    )
    state = serializers.ChoiceField(ItemState.choices, required=False, default="", allow_blank=True)


class ShortSource(serializers.Serializer[Any]):
    """Whence a version was imported."""

    kind = serializers.CharField()
    name = serializers.CharField(help_text="The folder's, or the host's.")
    key = serializers.CharField(help_text="What it goes by there.")
    page_url = serializers.CharField(source="url", help_text="Its page there; may be empty.")
    by = serializers.CharField(source="by.username")
    imported_at = serializers.DateTimeField()
    standing = serializers.ChoiceField(
        Standing.choices, help_text="How it stood there when somebody looked last."
    )
    looked_at = serializers.DateTimeField(allow_null=True)


class WholeSource(ShortSource):
    """The same, with all that was said of it there."""

    said_by = serializers.DictField(
        source="fields",
        child=serializers.CharField(),
        help_text="Which record said what was declared; empty: a person here.",
    )
    record = serializers.JSONField(help_text="All records, as they stood there.")
