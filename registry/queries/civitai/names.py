"""Tags and teams of what is published, by page: what Civitai's clients choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, Func, OuterRef, Q, QuerySet, TextField

from registry.models import Adapter, AdapterVersion, Team


@dataclass(frozen=True, slots=True)
class Counted:
    """A name, and of how many published adapters it is."""

    name: str
    adapters: int


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Counted]
    total: int


def tags(text: str, *, skip: int, limit: int) -> Page:
    """Return tags with the text in them, those of most adapters first."""
    published = AdapterVersion.objects.published().filter(adapter=OuterRef("pk"))
    each = (
        Adapter.objects.filter(Exists(published))
        .annotate(name=Func(F("tags"), function="unnest", output_field=TextField()))
        .values("pk", "name")
    )
    counts: dict[str, int] = {}
    for name in each.values_list("name", flat=True):
        counts[name] = counts.get(name, 0) + 1
    found = [
        Counted(name, number) for name, number in counts.items() if text.lower() in name.lower()
    ]
    found.sort(key=lambda row: (-row.adapters, row.name))
    return Page(found[skip : skip + limit], len(found))


def teams(text: str, *, skip: int, limit: int) -> Page:
    """Return teams that have published something, those of most adapters first."""
    rows = _counted(text).values_list("slug", "published")
    return Page([Counted(*row) for row in rows[skip : skip + limit]], rows.count())


def _counted(text: str) -> QuerySet[Any]:
    published = Q(adapters__versions__state=AdapterVersion.State.PUBLISHED)
    return (
        Team.objects.filter(slug__icontains=text)
        .annotate(published=Count("adapters", filter=published, distinct=True))
        .filter(published__gt=0)
        .order_by("-published", "slug")
    )
