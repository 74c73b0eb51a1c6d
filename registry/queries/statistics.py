"""How much there is, and how much of it is used: counts of what is public."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet, Sum

from registry.models import Adapter, AdapterVersion, ClientKind, DownloadCount

MOST_ROWS = 100
DAYS = 90  # of a series, if none are said
MOST_DAYS = 366


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
    public = adapter.versions.filter(state__in=AdapterVersion.PUBLIC)
    rows = list(public.order_by("-number").values("number", "state", "downloads", "published_at"))
    return {"downloads": sum(row["downloads"] for row in rows), "versions": rows}


def by_day(
    adapter: Adapter, *, now: datetime, days: int = DAYS, version: int | None = None
) -> dict[str, Any]:
    """
    Return how often an adapter's public versions (or one of them, by its number) were fetched on
    each of the last days, today's included, and by what kind of program.

    `daily` has a row for every day, the oldest first; `clients` of each has every kind. Days are of
    UTC. What was fetched before days were counted is in the totals alone.
    """
    last = now.astimezone(UTC).date()
    first = last - timedelta(days=days - 1)
    counted = DownloadCount.objects.filter(
        version__adapter=adapter, version__state__in=AdapterVersion.PUBLIC, day__range=(first, last)
    )
    if version is not None:
        counted = counted.filter(version__number=version)
    fetched: defaultdict[date, Counter[str]] = defaultdict(Counter)
    rows = counted.values_list("day", "client").annotate(fetched=Sum("downloads"))
    for day, client, times in rows:
        fetched[day][client] = times
    daily = [_row(day, fetched[day]) for day in (first + timedelta(days=n) for n in range(days))]
    in_all: Counter[str] = sum(fetched.values(), Counter())
    return {"first": first, "last": last, "clients": _by_client(in_all), "daily": daily}


def _row(day: date, fetched: Counter[str]) -> dict[str, Any]:
    return {"day": day, "downloads": fetched.total(), "clients": _by_client(fetched)}


def _by_client(fetched: Counter[str]) -> dict[str, int]:
    return {kind.value: fetched[kind.value] for kind in ClientKind}


def _by(published: QuerySet[AdapterVersion], field: str) -> list[dict[str, Any]]:
    counted = published.values(field).annotate(
        adapters=Count("adapter", distinct=True), fetched=Sum("downloads")
    )
    return [
        {"name": row[field], "adapters": row["adapters"], "downloads": row["fetched"]}
        for row in counted.order_by("-adapters", field)[:MOST_ROWS]
    ]
