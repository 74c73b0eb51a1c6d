"""Pictures of published versions' sweeps, newest first: what Civitai's clients call images."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, QuerySet, Subquery

from registry.models import AdapterVersion, PreviewCell, PreviewGrid
from registry.queries.civitai.bases import slugs_labelled

State = AdapterVersion.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for. Empty, or None, means: does not matter."""

    image: int | None = None
    model: int | None = None
    version: int | None = None
    team: str = ""
    labels: tuple[str, ...] = ()
    levels: tuple[str, ...] | None = None  # content levels of their adapters
    since: datetime | None = None
    impossible: bool = False  # asked for something that no picture of this hub is or has


@dataclass(frozen=True, slots=True)
class Page:
    """Some pictures, and the id of the last one where there are more."""

    cells: list[PreviewCell]
    next: int | None


def page(
    search: Search,
    *,
    limit: int,
    after: int | None = None,
    skip: int = 0,
    oldest_first: bool = False,
) -> Page:
    """Return pictures that match, each with its version, adapter, team, base and scene at hand."""
    found = matching(search).order_by("pk" if oldest_first else "-pk")
    if after is not None:
        found = found.filter(pk__gt=after) if oldest_first else found.filter(pk__lt=after)
    rows = list(found[skip : skip + limit + 1])
    last = rows[limit - 1].pk if 0 < limit < len(rows) else None
    return Page(rows[:limit], last)


def matching(search: Search) -> QuerySet[PreviewCell]:
    """Return the pictures that match, in no order; none that were rendered without the adapter."""
    if search.impossible:
        return PreviewCell.objects.none()
    newest = PreviewGrid.objects.sweeps().filter(version=OuterRef("grid__version"))
    found = (
        PreviewCell.objects.filter(
            grid__version__state=State.PUBLISHED,
            grid__kind=PreviewGrid.Kind.SWEEP,
            grid__rendered_at__isnull=False,
            blob__isnull=False,
        )
        .exclude(weight=0)
        .annotate(newest=Subquery(newest.values("pk")[:1]))
        .filter(grid=F("newest"))
    )
    return _narrowed(found, search).select_related(
        "scene",
        "grid__version__adapter__team",
        "grid__version__base__parent__parent__parent",
    )


def _narrowed(found: QuerySet[PreviewCell], search: Search) -> QuerySet[PreviewCell]:
    wanted = {
        "pk": search.image,
        "grid__version__adapter__serial": search.model,
        "grid__version__serial": search.version,
        "grid__version__adapter__team__slug__iexact": search.team or None,
        "grid__version__adapter__content_level__in": search.levels,
        "grid__rendered_at__gte": search.since,
    }
    found = found.filter(**{name: value for name, value in wanted.items() if value is not None})
    if search.labels:
        found = found.filter(grid__version__base__slug__in=slugs_labelled(search.labels))
    return found
