"""What versions are found by: written with the version, and again when its adapter changes."""

from __future__ import annotations

from django.contrib.postgres.search import SearchVectorField
from django.db.models import QuerySet, Value
from django.db.models.functions import Cast

from registry.models import Adapter, AdapterVersion, SearchEntry
from registry.queries import search_words


def refresh(versions: QuerySet[AdapterVersion]) -> int:
    """Write anew what these versions are found by; return how many there were."""
    rows = versions.select_related("adapter__team", "base").defer("training", "detection")
    entries = [
        SearchEntry(version=each, words=_as_vector(search_words.vector(texts_of(each))))
        for each in rows
    ]
    SearchEntry.objects.bulk_create(
        entries,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["version"],
        update_fields=["words"],
    )
    return len(entries)


def refresh_adapter(adapter: Adapter) -> int:
    return refresh(AdapterVersion.objects.filter(adapter=adapter))


def fill(most: int = 1000) -> int:
    """Write what some versions lack that came in by another way (a restored table, say)."""
    lacking = AdapterVersion.objects.filter(search_entry=None).values_list("pk", flat=True)
    return refresh(AdapterVersion.objects.filter(pk__in=list(lacking[:most])))


def texts_of(version: AdapterVersion) -> list[tuple[str, str]]:
    """Return what a version is found by, what counts most first: its names, then what is said."""
    adapter = version.adapter
    return [
        ("A", adapter.title),
        ("A", f"{adapter.team.slug}/{adapter.slug}"),
        ("B", "\n".join(version.trigger_words)),
        ("C", "\n".join([*adapter.tags, *version.optional_words, adapter.kind, version.label])),
        ("C", version.sha256),
        ("D", adapter.description),
    ]


def _as_vector(words: str) -> Cast:
    return Cast(Value(words), SearchVectorField())
