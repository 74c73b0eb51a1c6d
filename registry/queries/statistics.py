"""How much there is, and how much of it is used: counts of what is public."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet, Sum

from registry.models import Adapter, AdapterVersion

State = AdapterVersion.State
MOST_ROWS = 100


def of_the_hub() -> dict[str, Any]:
    """Return counts of published adapters and versions, and of downloads, also by what they are."""
    published = AdapterVersion.objects.published()
    totals = AdapterVersion.objects.aggregate(downloads=Sum("downloads"))
    return {
        "adapters": published.aggregate(n=Count("adapter", distinct=True))["n"],
        "versions": published.count(),
        "downloads": totals["downloads"] or 0,
        "by_family": _by(published, "base__family"),
        "by_base": _by(published, "base__slug"),
        "by_kind": _by(published, "adapter__kind"),
        "by_team": _by(published, "adapter__team__slug"),
    }


def of_adapter(adapter: Adapter) -> dict[str, Any]:
    """Return how often an adapter was fetched, by its public versions, newest first."""
    public = adapter.versions.filter(state__in=[State.PUBLISHED, State.WITHDRAWN])
    rows = list(public.order_by("-number").values("number", "state", "downloads", "published_at"))
    return {"downloads": sum(row["downloads"] for row in rows), "versions": rows}


def _by(published: QuerySet[AdapterVersion], field: str) -> list[dict[str, Any]]:
    counted = published.values(field).annotate(
        adapters=Count("adapter", distinct=True), fetched=Sum("downloads")
    )
    return [
        {"name": row[field], "adapters": row["adapters"], "downloads": row["fetched"]}
        for row in counted.order_by("-adapters", field)[:MOST_ROWS]
    ]
