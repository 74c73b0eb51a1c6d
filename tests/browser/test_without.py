"""Without JavaScript, without colours of our own, on paper: what cannot work is not offered."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

DEAD = """all => all.filter((one) => one.checkVisibility() && (one.type === "button" || !one.form))
  .map((one) => one.outerHTML.slice(0, 120))"""


@pytest.mark.usefixtures("zebra")
def test_no_button_is_dead_without_scripts(chromium, live_server):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    for address in ("/", "/ink/zebra", "/compare?adapters=ink/zebra"):
        page.goto(address)
        assert page.locator("button").evaluate_all(DEAD) == [], address
    context.close()


@pytest.mark.usefixtures("zebra")
def test_ticks_are_seen_where_colours_are_forced(page):
    page.emulate_media(forced_colors="active")
    page.goto("/")

    tick = page.locator("[type=radio]").first
    assert tick.evaluate("one => getComputedStyle(one).appearance") == "auto"


def test_filters_are_not_offered_where_there_are_none(page, zebra):
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto("/?q=nothing-is-called-this")
    button = page.get_by_role("button", name="Filters")
    expect(page.get_by_role("searchbox")).to_be_visible()
    expect(button).to_be_hidden()

    page.goto("/")
    expect(button).to_be_visible()
