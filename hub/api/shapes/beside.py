"""Sidecar files, as they are listed."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class Sidecar(serializers.Serializer[Any]):
    """A file that a local program reads beside the weights."""

    kind = serializers.CharField()
    title = serializers.CharField(help_text="Who reads it.")
    file_name = serializers.CharField(help_text="What it has to be called there.")
    url = serializers.URLField()


class Sidecars(serializers.Serializer[Any]):
    items = Sidecar(many=True)
