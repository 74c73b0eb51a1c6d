"""
The front page in a library of a hundred thousand adapters: how fast, how heavy, how smooth.

Seeds an embedded PostgreSQL, asks the page and the API what people ask, and looks at the page with
a browser that has nothing in its cache. Prints 95th percentiles in milliseconds.

    python benchmarks/site.py [--rows 100000] [--rounds 2] [--without-browser] [--only-lineage]
"""

# ruff: noqa: PLC0415, SLF001  Django is imported once it is set up

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import services  # noqa: E402

TARGET = 150  # milliseconds, facets included
PAINTED = 1000
WEIGHT = 150_000  # bytes before pictures
COMPRESSED = {"accept-encoding": "gzip"}  # as browsers ask


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--without-browser", action="store_true")
    parser.add_argument("--slowest", type=int, default=0, help="print so many slow questions")
    parser.add_argument("--only-lineage", action="store_true", help="measure suggestions alone")
    options = parser.parse_args()
    services._start()
    try:
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        os.environ["RATE_ANONYMOUS"] = "1000000/min"
        import django

        django.setup()
        return 0 if _measure(options) else 1
    finally:
        services.pytest_unconfigure()


def _measure(options: argparse.Namespace) -> bool:
    """Print all figures, and return whether the limits are kept."""
    import site_browser
    import site_rows
    from django.db import connection
    from django.test import Client
    from django.test.utils import setup_test_environment

    from registry.queries.facets import kept

    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    setup_test_environment()
    connection.creation.create_test_db(verbosity=0)
    print(f"{options.rows} adapters, made in {_timed(site_rows.seed, options.rows) / 1000:.0f} s")
    before = _processor()
    kept.published()
    print(f"shelf of bits filled in {(_processor() - before) * 1000:.0f} ms of processor time")
    client = _warm(Client(headers=COMPRESSED))
    if options.only_lineage:
        return _say_lineage(options) <= TARGET
    kept_so_far = _say_lists(client, options)
    deep = _deep()
    _say("page at the last tenth", [deep] * 20, client, options)
    _say_rooms(client, options)
    _say_lineage(options)
    if not options.without_browser:
        painted, sent = site_browser.look()
        kept_so_far &= painted <= PAINTED and sent <= WEIGHT
    return kept_so_far


def _say_lists(client: Any, options: argparse.Namespace) -> bool:
    """Print what the list takes by each of its doors, and return whether the limit is kept."""
    import site_rows

    asked = [quote(each, safe="=&,") for each in site_rows.questions()]
    kept_so_far = True
    for name, path in (
        ("page, facets included", "/?{}"),
        ("list by the API", "/api/adapters?{}"),
        ("facets by the API", "/api/facets?{}"),
    ):
        rest = [
            q
            for q in asked
            if path == "/?{}" or not ("view=" in q or ("facets" in path and "sort=" in q))
        ]
        kept_so_far &= _say(name, [path.format(query) for query in rest], client, options) <= TARGET
    return kept_so_far


def _say_rooms(stranger: Any, options: argparse.Namespace) -> None:
    """Print what the other pages of such a library take, some asked for by a member."""
    import site_rooms
    from django.test import Client

    signed_in = Client(headers=COMPRESSED)
    signed_in.force_login(site_rooms.furnish())
    for room in site_rooms.rooms():
        client = signed_in if room.signed_in else stranger
        client.get(room.addresses[0])
        _say(room.name, room.addresses, client, options)


def _say_lineage(options: argparse.Namespace) -> float:
    """Print what suggesting ancestors takes, and return its p95."""
    import site_weights
    from django.test import Client

    from registry.models import Membership, Team, User

    member = User.objects.get(username="person-0")
    team = Team.objects.get(slug="team-0")
    joined = {"role": "admin", "joined_at": team.created_at}
    Membership.objects.get_or_create(user=member, team=team, defaults=joined)
    print(f"norms and headers, made in {_timed(site_weights.furnish) / 1000:.0f} s")
    client, most = Client(headers=COMPRESSED), 0.0
    client.force_login(member)
    for room in site_weights.rooms():
        client.get(room.addresses[0])
        most = max(most, _say(room.name, room.addresses, client, options))
    return most


def _warm(client: Any) -> Any:
    """Compile templates, which is done once a process, and freeze as the web server does."""
    client.get("/")
    gc.freeze()
    return client


def _say(name: str, addresses: Sequence[str], client: Any, options: argparse.Namespace) -> float:
    """
    Print how long each takes, by the clock and in processor time; return the latter's p95.

    Processor time is this process's and its database backend's, and does not count what else the
    machine does meanwhile: on an idle one the two are nearly the same.
    """
    clock, busy = [], []
    for _ in range(options.rounds):
        for address in addresses:
            before, began = _processor(), time.perf_counter()
            answer = client.get(address)
            clock.append((time.perf_counter() - began) * 1000)
            busy.append(((_processor() - before) * 1000, address))
            assert answer.status_code == 200, (address, answer.status_code)
    busy.sort()
    times = [each for each, _ in busy]
    clock.sort()
    print(
        f"{name}: {len(addresses)} questions; processor median {_at(times, 0.5):.0f} ms, "
        f"p95 {_at(times, 0.95):.0f} ms, worst {times[-1]:.0f} ms; "
        f"by the clock median {_at(clock, 0.5):.0f} ms, p95 {_at(clock, 0.95):.0f} ms"
    )
    for each, address in busy[::-1][: options.slowest]:
        print(f"    {each:.0f} ms {address}")
    return _at(times, 0.95)


def _at(times: Sequence[float], share: float) -> float:
    return times[max(0, int(len(times) * share) - 1)]


def _processor() -> float:
    """Return the seconds that this process and its database backend have computed."""
    from django.db import connection

    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    spent = Path(f"/proc/{backend}/schedstat").read_text(encoding="ascii").split()[0]
    return time.process_time() + int(spent) / 1e9


def _deep() -> str:
    """Return the address of a page far down the list, as the hub itself would write it."""
    from registry.models import AdapterVersion
    from registry.queries import orders
    from registry.queries.filters.table import Asked

    order = orders._order(Asked(), "")
    names = [name for name, _ in order.keys]
    found = orders._with_keys(AdapterVersion.objects.published(), Asked(), order)
    found = found.order_by(*(f"-{name}" for name in names)).values(*names)
    row = found[int(found.count() * 0.9)]
    return f"/?cursor={orders._write(order, orders._mark(Asked(), order), row, back=False)}"


def _timed(do: Callable[..., Any], *args: Any) -> float:
    began = time.perf_counter()
    do(*args)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    raise SystemExit(main())
