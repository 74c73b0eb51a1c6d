"""Cards are collected where they stand; what lay over another, or beside its line, does not."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from registry.services import deprecating
from tests.browser.test_looks import violations
from tests.factories import VersionFactory
from tests.hub.pages import rows

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
NARROW = {"width": 360, "height": 740}


def test_a_card_is_collected_by_key_and_one_comes_back_to_it(signed_in, zebra):
    page = signed_in
    page.goto("/")
    link = page.get_by_role("link", name="Collect Zebra")
    link.press("Enter")
    expect(page.get_by_role("dialog", name="Collect Zebra")).to_be_visible()

    page.get_by_label("A new collection").fill("Winter")
    page.get_by_label("A new collection").press("Enter")
    winter = page.get_by_role("dialog").get_by_role("button", name="Winter")
    expect(winter).to_have_attribute("aria-pressed", "true")
    assert violations(page) == []

    winter.press("Space")
    expect(winter).to_have_attribute("aria-pressed", "false")
    expect(winter).to_be_focused()

    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(link).to_be_focused()
    expect(page).to_have_url("/")


def test_without_a_session_any_more_one_is_asked_to_sign_in(signed_in, context, zebra, complaints):
    complaints.append("401")
    signed_in.goto("/")
    context.clear_cookies()

    signed_in.get_by_role("link", name="Collect Zebra").click()

    dialog = signed_in.get_by_role("dialog", name="Collect Zebra")
    expect(dialog.get_by_role("alert")).to_contain_text("You are signed out.")
    expect(dialog.get_by_role("link", name="Sign in")).to_be_visible()


def test_what_is_put_aside_is_one_low_line_and_the_last_card_is_read_above_it(
    page, zebra, team, person
):
    for name in ("a-name-that-is-rather-long", "another-name-that-is-rather-long"):
        rows.shown(team, name, by=person)
    page.set_viewport_size(NARROW)
    page.goto("/")
    for link in page.locator(".to-compare").all():
        link.click()
    tray = page.locator("#tray")
    expect(tray).to_contain_text("Compare 3")

    page.keyboard.press("End")
    page.wait_for_function("scrollY + innerHeight >= document.body.scrollHeight - 1")

    assert tray.bounding_box()["height"] <= 56
    last = page.locator(".card").last.bounding_box()
    assert last["y"] + last["height"] <= tray.bounding_box()["y"]


def test_how_a_version_stands_is_as_wide_as_its_words(signed_in, team, person):
    rows.going_on(team, "lost", by=person, state="failed", finished_at=timezone.now())
    signed_in.goto("/uploads")

    shown = signed_in.locator(".state.failed").bounding_box()

    assert shown["width"] <= 200


def test_the_head_and_the_page_end_at_one_line_and_a_facet_has_air_above_it(page, zebra):
    page.set_viewport_size(NARROW)
    page.goto("/")
    link = page.get_by_role("link", name="Sign in")
    words = link.evaluate(
        "one => { const range = new Range(); range.selectNodeContents(one);"
        " return range.getBoundingClientRect().right }"
    )
    assert words <= page.locator("#content").evaluate(
        "one => one.getBoundingClientRect().right - parseFloat(getComputedStyle(one).paddingRight)"
    )

    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.locator(".facet[open] > summary").first).not_to_have_css("margin-bottom", "0px")


def test_two_ways_to_reinstate_lie_apart(signed_in, zebra, person):
    VersionFactory(adapter=zebra.adapter, published=True, uploaded_by=person)
    deprecating.deprecate_all(zebra.adapter, reason="Old.", by=person, now=timezone.now())
    signed_in.set_viewport_size(NARROW)
    signed_in.goto("/ink/zebra?version=1")

    one, every = (box.bounding_box() for box in signed_in.locator(".standing button").all())

    assert every["y"] - one["y"] - one["height"] >= 6 or every["x"] - one["x"] - one["width"] >= 6


def test_the_search_field_has_one_glass(page, zebra):
    page.set_viewport_size(NARROW)
    page.goto("/")

    expect(page.get_by_role("searchbox")).to_have_css("background-image", "none")
