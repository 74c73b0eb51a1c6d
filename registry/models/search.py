"""What versions are found by when people type words."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from registry.models.adapters import AdapterVersion


class SearchEntry(models.Model):
    """
    The words of one version and its adapter, cut up by registry/queries/search_words.py.

    Apart from the version, so that nobody who reads versions reads these along. What tells of how
    the version stands is written by the database (see migration 44), so that whoever looks for
    words reads nothing but these: a tenth of a library may have them.
    """

    version = models.OneToOneField(
        AdapterVersion, models.CASCADE, primary_key=True, related_name="search_entry"
    )
    words = SearchVectorField()
    serial = models.PositiveIntegerField(null=True, editable=False)  # of the version
    ranked_at = models.DateTimeField(null=True, editable=False)  # of a published one

    class Meta:
        indexes: ClassVar = [GinIndex(fields=["words"], name="search_by_word")]

    def __str__(self) -> str:
        return str(self.version_id)
