"""Counts of adapters, choice by choice."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class Choice(serializers.Serializer[Any]):
    """One value of a filter, and how many adapters the list would have with it."""

    value = serializers.CharField(help_text="What the filter takes.")
    count = serializers.IntegerField()
    title = serializers.CharField(help_text="Empty where the value says it.")
    under = serializers.CharField(
        help_text="The value that it stands beneath: a base beneath its family, or its parent."
    )
    depth = serializers.IntegerField()


class Facets(serializers.Serializer[Any]):
    total = serializers.IntegerField(help_text="How many adapters match.")
    facets = serializers.DictField(
        child=Choice(many=True), help_text="Choices by the name of the filter that takes them."
    )
