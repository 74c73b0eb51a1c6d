"""Several adapters beside each other, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from registry.models import LayerNorms
from tests.factories import keep
from tests.hub.pages import rows

pytestmark = pytest.mark.browser


@pytest.fixture
def cat(zebra, team, person):
    """Return another version, whose first scene is one of the zebra's."""
    version = rows.shown(team, "cat", by=person)
    shared = zebra.grids.get().cells.get(row=0, column=0).scene
    version.grids.get().cells.filter(row__in=[0, 1]).update(scene=shared)
    return version


def test_pictures_are_in_one_row_whatever_their_names(page, zebra, cat):
    zebra.adapter.title = "A zebra of so many words that they take several lines "
    zebra.adapter.save()
    page.goto("/compare?adapters=ink/zebra,ink/cat")

    tops = [cell.bounding_box()["y"] for cell in page.locator(".side .cell").all()]

    assert len(tops) == 2
    assert abs(tops[0] - tops[1]) < 1


@pytest.mark.usefixtures("cat")
def test_adapters_are_put_aside_and_compared(page):
    page.goto("/")
    for title in page.locator("[data-compare]").all():
        title.click()
    tray = page.get_by_role("region", name="Put aside to compare")
    expect(tray).to_contain_text("ink/zebra")

    tray.get_by_role("button", name="Compare 2").click()

    sides = page.locator(".side")
    expect(sides).to_have_count(2)
    slider = page.get_by_label("Weight of all")
    slider.press("Home")
    expect(sides.locator(".at")).to_have_text(["0", "0"])
    slider.press("ArrowRight")
    expect(sides.locator(".at")).to_have_text(["0.2", "0.2"])
    expect(page).to_have_url(re.compile(r"#weight=0\.2"))

    over = page.locator(".overlay .over")
    expect(over).to_have_attribute("src", sides.nth(1).locator(".cell img").get_attribute("src"))
    page.get_by_text("Difference", exact=True).click()
    expect(over).to_have_css("mix-blend-mode", "difference")

    page.get_by_role("link", name=re.compile("Compare without")).first.click()
    expect(sides).to_have_count(1)


def test_a_scene_that_only_one_has_says_so(page, zebra, cat):
    page.goto("/compare?adapters=ink/zebra,ink/cat")

    page.locator(".segments").get_by_text("Zebra-Square").click()

    expect(page.locator(".side .missing:visible")).to_have_count(1)
    expect(page.locator(".overlay")).to_be_hidden()


@pytest.mark.usefixtures("zebra", "cat")
def test_rows_of_the_table_are_put_aside_by_key(page):
    page.goto("/?view=table")
    box = page.locator('tr [data-compare="ink/zebra"]')
    box.focus()

    page.keyboard.press("Space")

    expect(box).to_have_attribute("aria-pressed", "true")
    tray = page.get_by_role("region", name="Put aside to compare")
    expect(tray).to_contain_text("ink/zebra")
    expect(tray.get_by_role("button", name="Compare 1")).to_be_visible()

    page.get_by_role("link", name="Cards").click()
    expect(page.locator('[data-compare="ink/zebra"]')).to_have_attribute("aria-pressed", "true")
    page.locator('[data-compare="ink/zebra"]').press("Space")
    expect(tray).to_be_hidden()


def test_the_names_of_layers_are_asked_for_again_when_they_did_not_come(page, zebra, complaints):
    complaints.append("Failed to load resource")
    blob = keep(b"zebra")
    LayerNorms.objects.create(blob=blob, parts={"unet": {"mid": 1.0, "up": 2.0}})
    zebra.files.update(blob=blob)
    page.goto("/compare?adapters=ink/zebra")
    page.route("**/api/compare/layers**", lambda route: route.abort(), times=1)
    drawing = page.locator(".by-layer svg")
    with page.expect_event("requestfailed"):
        drawing.focus()

    drawing.press("ArrowRight")

    expect(page.locator(".by-layer figcaption")).to_have_text("up: 2.00")


def test_a_layer_is_named_by_keyboard_and_every_layer_is_in_a_table(page, zebra):
    own = {f"mid_block_attentions_0_layer_{place}": place + 1.0 for place in range(9)}
    blob = keep(b"zebra")
    LayerNorms.objects.create(blob=blob, parts={"unet": own})
    zebra.files.update(blob=blob)
    page.goto("/compare?adapters=ink/zebra")

    drawing = page.locator(".by-layer svg")
    drawing.focus()
    told = page.locator(".by-layer figcaption")
    expect(told).to_have_text("mid_block_attentions_0_layer_0: 1.00")
    drawing.press("ArrowRight")
    expect(told).to_have_text("mid_block_attentions_0_layer_1: 2.00")
    drawing.press("End")
    expect(told).to_have_text("mid_block_attentions_0_layer_8: 9.00")

    page.locator(".every-layer > summary").press("Enter")
    expect(page.locator(".every-layer tbody tr")).to_have_count(9)
