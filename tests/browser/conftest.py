"""A real browser on a live hub. What it complains of on its console fails the test."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import expect, sync_playwright

from tests.factories import TeamFactory, member
from tests.hub.pages import rows

CHROMIUM = os.environ.get("LORADEX_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT = 30_000  # milliseconds; nothing here takes so long, unless it never comes


def pytest_configure():
    # Playwright keeps an event loop in this thread, which Django would take for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=WAIT)


@pytest.fixture(scope="session")
def chromium():
    if not Path(CHROMIUM).exists():
        missing = f"There is no browser at {CHROMIUM}: set LORADEX_CHROMIUM, or install chromium."
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def complaints():
    """Return what the console may complain of in this test, to be added to."""
    return []


@pytest.fixture
def context(chromium, live_server):
    made = chromium.new_context(
        base_url=live_server.url, viewport={"width": 1280, "height": 800}, locale="en-US"
    )
    made.set_default_timeout(WAIT)
    yield made
    made.close()


@pytest.fixture
def page(context, complaints):
    said = []
    opened = context.new_page()
    opened.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    with suppress(Exception):
        opened.goto("about:blank")  # leave no request in flight when the tables are emptied
    assert [one for one in said if not any(known in one for known in complaints)] == []


@pytest.fixture(autouse=True)
def _own_store(blob_root, sent):
    """Keep bytes where no other test sees them, and send no jobs."""
    cache.clear()


@pytest.fixture
def person(transactional_db, team):
    return member(team, username="mika")


@pytest.fixture
def signed_in(page, context, client, person, live_server):
    """Return a page that the contributor is signed in to."""
    client.force_login(person)
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    return page


@pytest.fixture
def team(transactional_db):
    return TeamFactory(slug="ink")


@pytest.fixture
def zebra(team, person):
    return rows.shown(team, "zebra", by=person)
