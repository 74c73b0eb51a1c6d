from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def frame(version, weight, *, row=0):
    cell = version.grids.get().cells.get(row=row, weight=weight)
    return f"/api/previews/{cell.blob_id}.webp"


@pytest.fixture
def sweep(page, zebra):
    page.goto("/ink/zebra")
    expect(page.locator(".strip.shown")).to_be_visible()
    return page.locator("#sweep")


def test_begins_at_the_suggested_weight(sweep, zebra):
    expect(sweep.locator(".stage img")).to_have_attribute("src", _ending(frame(zebra, 0.8)))
    expect(sweep.get_by_label("Weight", exact=True)).to_have_attribute("aria-valuetext", "0.8")


def test_is_scrubbed_by_keys(sweep, zebra):
    slider = sweep.get_by_label("Weight", exact=True)

    slider.press("ArrowRight")
    expect(sweep.locator(".stage img")).to_have_attribute("src", _ending(frame(zebra, 1)))
    expect(sweep.locator(".at")).to_have_text("1")

    slider.press("Home")
    expect(sweep.locator(".stage img")).to_have_attribute("src", _ending(frame(zebra, 0)))
    expect(slider).to_have_attribute("aria-valuetext", "0")


def test_is_scrubbed_on_the_picture_itself(sweep, zebra, page):
    box = sweep.locator(".stage").bounding_box()
    middle = box["y"] + box["height"] / 2

    page.mouse.move(box["x"] + box["width"] * 0.5, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 5, middle, steps=4)
    page.mouse.up()

    expect(sweep.locator(".at")).to_have_text("0")


def test_follows_a_click_on_the_curve_and_on_a_frame(sweep, page):
    sweep.locator(".curve").scroll_into_view_if_needed()
    box = sweep.locator(".curve").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 690 / 720, box["y"] + box["height"] / 2)
    expect(sweep.locator(".at")).to_have_text("1.2")

    sweep.locator(".strip.shown a").nth(2).click()
    expect(sweep.locator(".at")).to_have_text("0.4")
    expect(sweep.locator(".strip.shown a").nth(2)).to_have_attribute("aria-current", "true")


def test_shows_another_scene_and_the_same_without_trigger_words(sweep, zebra):
    sweep.get_by_text("Zebra-Square", exact=True).click()
    expect(sweep.locator(".stage img")).to_have_attribute("src", _ending(frame(zebra, 0.8, row=2)))

    sweep.get_by_label("with its trigger words").uncheck()
    expect(sweep.locator(".stage img")).to_have_attribute("src", _ending(frame(zebra, 0.8, row=3)))


def test_places_uneven_weights_where_they_are(page, zebra):
    zebra.grids.get().cells.filter(weight=1.2).update(weight=3.0)
    page.goto("/ink/zebra")
    slider = page.locator("#sweep").get_by_label("Weight", exact=True)
    expect(slider).to_have_value("0.8")

    slider.press("ArrowRight")
    slider.press("ArrowRight")
    expect(slider).to_have_value("3")

    slider.evaluate("one => { one.value = '1.4'; one.dispatchEvent(new Event('input')); }")
    expect(page.locator("#sweep .at")).to_have_text("1")
    expect(slider).to_have_value("1")


def test_offers_no_switch_for_a_scene_that_is_shown_in_one_way(page, zebra):
    zebra.grids.get().cells.filter(row=3).delete()
    page.goto("/ink/zebra")
    sweep = page.locator("#sweep")
    expect(sweep.get_by_label("with its trigger words")).to_be_enabled()

    sweep.get_by_text("Zebra-Square", exact=True).click()

    expect(sweep.get_by_label("with its trigger words")).to_be_disabled()


def test_fetches_nothing_while_it_is_scrubbed(sweep, page):
    page.wait_for_load_state("networkidle")
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    for _ in range(4):
        sweep.get_by_label("Weight", exact=True).press("ArrowLeft")

    assert asked == []


def test_copies_a_trigger_word(page, context, sweep):
    context.grant_permissions(["clipboard-read", "clipboard-write"])

    page.get_by_role("button", name="Copy zebrastyle").click()

    expect(page.locator("#said")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == "zebrastyle"


def _ending(address):
    return re.compile(re.escape(address) + "$")
