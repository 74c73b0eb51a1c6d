"""The page of the workers: it keeps itself up to date, and anyone can read it."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from registry.services import workers
from tests.factories import RunFactory, VersionFactory
from tests.hub.pages.rows import base

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def there(**says):
    told = {"name": "ada:4711", "device": "cuda:0", "device_name": "NVIDIA H200"}
    workers.seen(**told | {"now": timezone.now(), "holds": base()} | says)


def assert_readable(page):
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def take(page, name):
    """Keep a picture where LORADEX_PICTURES says, to be looked at."""
    folder = os.environ.get("LORADEX_PICTURES")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_teaches_how_to_start_one(signed_in):
    signed_in.goto("/workers")

    expect(signed_in.get_by_role("heading", name="No gpu worker is there")).to_be_visible()
    assert_readable(signed_in)
    take(signed_in, "workers-none")


def test_shows_what_changes_without_a_reload(signed_in):
    there()
    signed_in.goto("/workers")
    expect(signed_in.get_by_text("It waits.")).to_be_visible()

    until = (timezone.now() + timedelta(minutes=4)).isoformat()
    aside = {str(base().pk): {"until": until, "reason": "There is no model_index.json in it."}}
    there(doing="rendering", seconds_a_cell=1.26, aside=aside)
    queued = timezone.now() - timedelta(minutes=4)
    RunFactory(version=VersionFactory(base=base()), stage="grid", queued_at=queued)

    expect(signed_in.get_by_text("Rendering.")).to_be_visible()
    expect(signed_in.get_by_text("1.3 s a cell")).to_be_visible()
    expect(signed_in.get_by_role("row", name="Shapes 1 0")).to_be_visible()
    assert_readable(signed_in)
    take(signed_in, "workers")
    signed_in.set_viewport_size({"width": 390, "height": 844})
    beyond = signed_in.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert beyond <= 0
    take(signed_in, "workers-narrow")


def test_is_found_in_the_menu(signed_in):
    signed_in.goto("/")

    bar = signed_in.get_by_role("navigation", name="Main")
    bar.locator("details[data-menu] summary").click()
    bar.get_by_role("link", name="Workers").click()

    expect(signed_in.get_by_role("heading", name="Workers", exact=True)).to_be_visible()
