"""
Find adapters among a hundred thousand: by words under their index, against looking into every row.

Both sides ask the same PostgreSQL for the same first page, in turn, in one run. Prints the 95th
percentile of each, their ratio, what a deep page costs against the first, and whether the planner
takes the index. `--rows` makes it smaller.
"""

# ruff: noqa: PLC0415, SLF001  Django is imported once it is set up; cursors are written as inside

from __future__ import annotations

import argparse
import os
import random
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from tests import services

WORDS = [
    "ink",
    "wash",
    "neon",
    "glow",
    "zebra",
    "dot",
    "field",
    "half",
    "shadow",
    "golden",
    "halo",
    "low",
    "tide",
    "moon",
    "crest",
]
CHINESE = ("水墨", "山水", "霓虹", "斑马", "月光", "黄金", "低潮", "影子")
TURNS = 30
START = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    services._start()
    try:
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        import django

        django.setup()
        _measure(rows)
    finally:
        services.pytest_unconfigure()


def _measure(rows: int) -> None:
    from django.db import connection
    from django.db.models import Q

    from registry.queries import adapters, listing, orders
    from registry.queries.filters.table import Asked

    connection.creation.create_test_db(verbosity=0)
    seed(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    def by_index(text: str) -> None:
        listing.page(Asked({"q": text}), orders.Window(), by=None)

    def by_looking(text: str) -> None:
        looked = Q()
        for word in text.split():
            looked &= Q(adapter__title__icontains=word) | Q(adapter__description__icontains=word)
        found = adapters.matching(Asked(), by=None).filter(looked)
        list(found.order_by("-published_at", "-pk").values("pk", "adapter__title")[:25])

    texts = [f"{a} {b}" for a in ("rare7", "稀有", "moon 7") for b in ("", "ink")]
    fast, slow = [], []
    for turn in range(TURNS):
        text = texts[turn % len(texts)].strip()
        fast.append(_timed(by_index, text))
        slow.append(_timed(by_looking, text))
    print(f"{rows} adapters; p95 by words {_p95(fast):.1f} ms, by looking {_p95(slow):.1f} ms")
    print(f"ratio {_p95(slow) / _p95(fast):.1f}")
    plan = adapters.matching(Asked({"q": "rare7 ink"}), by=None).explain()
    print("index taken:", "search_by_word" in plan)
    _turn(rows)


def _turn(rows: int) -> None:
    from registry.queries import listing, orders
    from registry.queries.filters.table import Asked

    def turned_to(cursor: str) -> None:
        listing.page(Asked(), orders.Window(cursor=cursor), by=None)

    far = _deep(rows)
    first = [_timed(turned_to, "") for _ in range(TURNS)]
    deep = [_timed(turned_to, far) for _ in range(TURNS)]
    print(
        f"first page {_p95(first):.1f} ms, deep page {_p95(deep):.1f} ms: "
        f"ratio {_p95(deep) / _p95(first):.2f}"
    )


def _deep(rows: int) -> str:
    """Return the cursor to the last tenth of the list, as the hub itself would write it."""
    from registry.models import AdapterVersion
    from registry.queries import orders
    from registry.queries.filters.table import Asked

    order = orders._order(Asked(), "")
    found = AdapterVersion.objects.published().order_by("-published_at", "-pk")
    found = found.values("pk", "published_at")
    row = found[int(rows * 0.9)]
    return orders._write(order, orders._mark(Asked(), order), row, back=False)


def seed(rows: int) -> None:
    """Make adapters of one version each; in one of a thousand a rare word."""
    from registry.models import Adapter, AdapterVersion, BaseModel, Team, User
    from registry.services import searching

    drawn = random.Random(7)
    team = Team.objects.create(slug="seed", title="Seed", created_at=START)
    person = User.objects.create(username="seed")
    base = BaseModel.objects.create(slug="seed-base", title="Seed", family="sdxl")
    for begin in range(0, rows, 5000):
        made, versions = [], []
        for n in range(begin, min(begin + 5000, rows)):
            rare = " rare7 稀有" if n % 1000 == 7 else ""
            title = f"{' '.join(drawn.sample(WORDS, 2))} {''.join(drawn.sample(CHINESE, 2))}{rare}"
            adapter = Adapter(
                id=uuid.uuid4(),
                team=team,
                slug=f"a-{n}",
                title=title,
                created_by=person,
                description=" ".join(drawn.choices(WORDS, k=20)),
                created_at=START,
                changed_at=START,
            )
            made.append(adapter)
            versions.append(
                AdapterVersion(
                    adapter=adapter,
                    number=1,
                    base=base,
                    sha256=f"{n:064x}",
                    state="published",
                    proof="fits",
                    uploaded_by=person,
                    uploaded_at=START,
                    published_at=START + timedelta(seconds=n),
                )
            )
        Adapter.objects.bulk_create(made)
        AdapterVersion.objects.bulk_create(versions)
        searching.refresh(AdapterVersion.objects.filter(pk__in=[each.pk for each in versions]))


def _timed(ask: Callable[..., None], *args: str) -> float:
    begun = time.perf_counter()
    ask(*args)
    return (time.perf_counter() - begun) * 1000


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95) - 1]


if __name__ == "__main__":
    main()
