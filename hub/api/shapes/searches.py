"""Saved searches, and the bases that a person uses."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.api import addresses

QUERY = "Filters and `sort`, as they stand after the `?` of the list: `kind=style&tags=ink`."


class SavedSearch(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    query = serializers.CharField(help_text=QUERY)
    saved_at = serializers.DateTimeField()
    url = serializers.SerializerMethodField(help_text="What it finds.")
    page_url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField())
    def get_url(self, search: Any) -> str:
        return f"{addresses.at(self.context['request'], 'api-adapters')}?{search.query}"

    @extend_schema_field(serializers.URLField())
    def get_page_url(self, search: Any) -> str:
        return f"{addresses.whole(self.context['request'], reverse('browse'))}?{search.query}"


class SavedSearches(serializers.Serializer[Any]):
    items = SavedSearch(many=True)


class SearchToSave(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=80)
    query = serializers.CharField(max_length=1000, allow_blank=True, help_text=QUERY)


class UsedBases(serializers.Serializer[Any]):
    bases = serializers.ListField(
        child=serializers.CharField(max_length=200),
        max_length=10,
        help_text="By slug, family, alias or repo id, as the filter `base` takes them.",
    )
