"""The small modules where something goes: storage that is off, a card, the tray."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from registry.models import Role
from tests.factories import AdapterFactory, VersionFactory, member
from tests.hub.pages import rows

pytestmark = pytest.mark.browser

NO_STORAGE = """for (const name of ["localStorage", "sessionStorage"]) {
  const refuse = () => { throw new DOMException("off", "SecurityError"); };
  Object.defineProperty(window, name, { get: refuse });
}"""
COUNTED = """{
  const [begin, end] = [setInterval, clearInterval];
  window.running = new Set();
  window.setInterval = (...told) => { const id = begin(...told); running.add(id); return id; };
  window.clearInterval = (id) => { running.delete(id); end(id); };
}"""


def test_the_review_queue_goes_by_keys_where_nothing_can_be_stored(
    page, context, client, live_server, team, person
):
    adapter = AdapterFactory(team=team, slug="ready", created_by=person)
    VersionFactory(adapter=adapter, ready=True, uploaded_by=person, base=rows.base())
    client.force_login(member(team, Role.REVIEWER, username="mei"))
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.add_init_script(NO_STORAGE)
    page.goto("/review")

    page.keyboard.press("r")

    expect(page.get_by_label("Why, and what to mend?")).to_be_focused()


def until_running(page, count):
    for _ in range(50):
        if page.evaluate("running.size") == count:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"{count} were to run")


def test_a_card_that_goes_away_plays_no_more(page, zebra):
    page.add_init_script(COUNTED)
    page.goto("/")
    page.locator(".card").hover()
    until_running(page, 1)

    page.locator(".card").evaluate("one => one.remove()")

    until_running(page, 0)


def test_keys_stay_on_the_page_when_the_tray_is_emptied(page, zebra):
    page.goto("/")
    link = page.locator("[data-compare]").first
    link.press("Enter")

    page.get_by_role("button", name="Empty it").press("Enter")

    expect(page.locator("#tray")).to_be_hidden()
    expect(link).to_be_focused()
