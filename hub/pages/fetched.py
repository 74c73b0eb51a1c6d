"""How often an adapter was fetched, as a drawing: a bar a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from registry.queries import statistics
from registry.queries.words import ClientKind

if TYPE_CHECKING:
    from registry.models import Adapter, AdapterVersion

WIDE, HIGH = 720.0, 120.0
GAP = 1.5  # between two bars
WEEK = 7  # days


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    wide: float
    high: float


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days of them (the first perhaps fewer), as the table tells them."""

    first: date
    last: date
    downloads: int


@dataclass(frozen=True, slots=True)
class Fetched:
    total: int  # since ever
    lately: int  # in the days that are drawn
    days: int
    bars: tuple[Bar, ...]
    most: int  # of a day
    weeks: tuple[Week, ...]
    clients: tuple[tuple[str, int], ...]
    versions: tuple[tuple[int, int], ...]  # number and downloads


def of_adapter(adapter: Adapter, seen: Sequence[AdapterVersion], *, now: datetime) -> Fetched:
    told = statistics.by_day(adapter, now=now)
    daily = told["daily"]
    most = max(row["downloads"] for row in daily)
    return Fetched(
        total=sum(version.downloads for version in seen),
        lately=sum(row["downloads"] for row in daily),
        days=len(daily),
        bars=tuple(_bars([row["downloads"] for row in daily], most)),
        most=most,
        weeks=tuple(_weeks(daily)),
        clients=tuple(
            (str(ClientKind(kind).label), count) for kind, count in told["clients"].items() if count
        ),
        versions=tuple((version.number, version.downloads) for version in seen),
    )


def _bars(counts: Sequence[int], most: int) -> list[Bar]:
    step = WIDE / len(counts)
    found = []
    for place, count in enumerate(counts):
        if count:
            high = round(HIGH * count / most, 1)
            x, y = round(place * step, 1), round(HIGH - high, 1)
            found.append(Bar(x, y, round(step - GAP, 1), high))
    return found


def _weeks(daily: Sequence[dict[str, Any]]) -> list[Week]:
    """Return the days by sevens, the last week first."""
    found = []
    for end in range(len(daily), 0, -WEEK):
        days = daily[max(0, end - WEEK) : end]
        total = sum(row["downloads"] for row in days)
        found.append(Week(days[0]["day"], days[-1]["day"], total))
    return found
