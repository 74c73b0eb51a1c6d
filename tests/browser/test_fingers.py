"""Cards on a screen that is touched."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import WAIT
from tests.factories import VersionFactory
from tests.hub.pages import rows

pytestmark = pytest.mark.browser


@pytest.fixture
def context(chromium, live_server):
    made = chromium.new_context(
        base_url=live_server.url,
        viewport={"width": 360, "height": 740},
        has_touch=True,
        is_mobile=True,
        locale="en-US",
    )
    made.set_default_timeout(WAIT)
    yield made
    made.close()


@pytest.fixture
def touch(page):
    """Return what puts a finger at places of the screen, one after the other, and lifts it."""
    session = page.context.new_cdp_session(page)

    def send(kind, *points):
        points = [{"x": x, "y": y} for x, y in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def draw(*places):
        send("touchStart", places[0])
        for place in places[1:]:
            send("touchMove", place)
            page.wait_for_timeout(20)
        send("touchEnd")

    return draw


@pytest.fixture
def cat(zebra, team, person):
    return rows.shown(team, "cat", by=person)


@pytest.fixture
def card(page, zebra):
    page.goto("/")
    found = page.locator(".card")
    expect(found.locator(".at")).to_have_text("0.8")
    return found


def places(card, *shares):
    box = card.locator(".picture").bounding_box()
    y = box["y"] + box["height"] / 2
    return [(box["x"] + box["width"] * share, y) for share in shares]


def src_of(zebra, weight):
    return re.compile(zebra.grids.get().cells.get(row=0, weight=weight).blob_id)


def test_a_finger_drawn_sideways_moves_the_sweep_and_opens_nothing(page, card, zebra, touch):
    touch(*places(card, 0.6, 0.4, 0.2, 0.03))

    expect(card.locator(".at")).to_have_text("0")
    expect(card.locator("img")).to_have_attribute("src", src_of(zebra, 0))
    touch(*places(card, 0.5, 0.7, 0.98))
    expect(card.locator(".at")).to_have_text("1.2")
    expect(card.locator("img")).to_have_attribute("src", src_of(zebra, 1.2))
    assert re.search(r"/$", page.url)


def test_a_tap_opens_it_after_that_too(page, card, touch):
    touch(*places(card, 0.6, 0.3))
    expect(card.locator(".at")).to_have_text("0.4")

    page.touchscreen.tap(*places(card, 0.5)[0])

    expect(page).to_have_url(re.compile("/ink/zebra$"))


def test_another_card_that_is_touched_brings_it_to_rest(page, zebra, cat, touch):
    page.goto("/")
    first, second = page.locator(".card").all()
    touch(*places(first, 0.6, 0.03))
    expect(first.locator(".at")).to_have_text("0")
    second.locator(".picture").scroll_into_view_if_needed()

    touch(*places(second, 0.6, 0.03))

    expect(second.locator(".at")).to_have_text("0")
    expect(first.locator(".at")).to_have_text("0.8")
    expect(first.locator(".track")).to_have_count(0)


def test_up_and_down_it_scrolls_the_page(page, card, touch):
    for n in range(3):
        VersionFactory(published=True, content=b"\0" * 8, adapter__slug=f"more-{n}")
    page.reload()
    picture = page.locator(".card", has_text="ink/zebra").locator(".picture")
    picture.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    box = picture.bounding_box()
    x, y = box["x"] + 100, box["y"] + box["height"] - 30

    touch(*((x + step, y - 20 * step) for step in range(9)))

    page.wait_for_function(f"scrollY > {before} + 40")
    expect(picture.locator(".at")).to_have_text("0.8")


def test_less_motion_is_a_card_that_moves_with_the_finger_alone(page, card, touch):
    page.emulate_media(reduced_motion="reduce")
    page.reload()
    card.get_by_role("link").first.focus()
    page.wait_for_timeout(400)
    expect(card.locator(".at")).to_have_text("0.8")

    touch(*places(card, 0.6, 0.03))

    expect(card.locator(".at")).to_have_text("0")
