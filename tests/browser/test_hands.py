"""The sweep in the hand: wheel, touch and curve; its weight in the address and in the recipes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.factories import FileFactory, keep

pytestmark = pytest.mark.browser

REST = 400  # milliseconds; the pointer lies still for 300 before the wheel is the sweep's


@pytest.fixture
def sweep(page, zebra):
    zebra.files.all().delete()
    FileFactory(version=zebra, blob=keep(b"zebra"))
    zebra.base.family = "sdxl"
    zebra.base.pipeline = "StableDiffusionXLPipeline"
    zebra.base.save()
    page.goto("/ink/zebra")
    expect(page.locator(".strip.shown")).to_be_visible()
    return page.locator("#sweep")


def rest_on(stage, page):
    stage.hover()
    page.wait_for_timeout(REST)


class TestWheel:
    def test_moves_the_weight_and_not_the_page_once_the_pointer_rests(self, sweep, page):
        rest_on(sweep.locator(".stage"), page)

        page.mouse.wheel(0, -50)

        expect(sweep.locator(".at")).to_have_text("1")
        assert page.evaluate("scrollY") == 0

    def test_scrolls_the_page_that_is_under_way(self, sweep, page):
        sweep.locator(".stage").hover()

        page.mouse.wheel(0, 200)

        page.wait_for_timeout(200)
        assert page.evaluate("scrollY") > 0
        expect(sweep.locator(".at")).to_have_text("0.8")

    def test_gives_the_page_back_at_the_end_of_the_weights(self, sweep, page):
        rest_on(sweep.locator(".stage"), page)
        page.mouse.wheel(0, 400)
        expect(sweep.locator(".at")).to_have_text("0")

        page.mouse.wheel(0, 200)

        page.wait_for_timeout(200)
        assert page.evaluate("scrollY") > 0


def test_a_finger_drags_it(sweep, page):
    box = sweep.locator(".stage").bounding_box()
    y = box["y"] + box["height"] / 2
    session = page.context.new_cdp_session(page)

    def touch(kind, x=None):
        points = [] if x is None else [{"x": x, "y": y}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", box["x"] + box["width"] / 2)
    touch("touchMove", box["x"] + box["width"] / 4)
    touch("touchMove", box["x"] + 3)
    touch("touchEnd")

    expect(sweep.locator(".at")).to_have_text("0")


def test_each_step_shows_a_whole_frame_at_once(sweep, page, zebra):
    page.wait_for_load_state("networkidle")
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    shown = page.evaluate(
        """async () => {
          const scrub = document.querySelector(".scrub");
          const picture = document.querySelector(".stage img");
          const shown = [];
          for (const weight of ["0", "0.2", "0.4", "0.6", "0.8", "1", "1.2"]) {
            scrub.value = weight;
            scrub.dispatchEvent(new Event("input"));
            await new Promise(requestAnimationFrame);
            shown.push([picture.src, picture.complete && picture.naturalWidth > 0]);
          }
          return shown;
        }"""
    )

    cells = zebra.grids.get().cells.filter(row=0).order_by("column")
    assert [re.sub(r".*/(\w+)\.webp", r"\1", address) for address, _ in shown] == [
        cell.blob_id for cell in cells
    ]
    assert all(whole for _, whole in shown)
    assert asked == []


class TestAddress:
    def test_has_the_weight_and_scene_that_are_shown(self, sweep, page):
        sweep.get_by_text("Zebra-Square", exact=True).click()
        sweep.get_by_role("slider", name="Weight, on the curve").press("Home")

        expect(page).to_have_url(re.compile(r"#weight=0&scene=zebra-square$"))

    def test_shows_the_same_to_whoever_opens_it(self, page, zebra):
        page.goto("/ink/zebra#weight=0.4&scene=zebra-square&trigger=0")

        expect(page.locator("#sweep .at")).to_have_text("0.4")
        expect(page.get_by_label("Zebra-Square")).to_be_checked()
        expect(page.get_by_label("with its trigger words")).not_to_be_checked()
        cell = zebra.grids.get().cells.get(row=3, weight=0.4)
        expect(page.locator("#sweep .stage img")).to_have_attribute("src", re.compile(cell.blob_id))


class TestUseIt:
    def test_has_a_tab_for_each_runtime_and_remembers_the_last(self, sweep, page):
        tabs = page.get_by_role("tab")
        tabs.first.focus()
        page.keyboard.press("ArrowRight")
        expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
        name = tabs.nth(1).text_content()
        expect(page.get_by_role("tabpanel")).to_have_count(1)

        page.reload()

        expect(page.get_by_role("tab", selected=True)).to_have_text(name)

    def test_says_the_weight_that_is_shown(self, sweep, page):
        text = page.get_by_role("tabpanel").locator("code .weight").first

        sweep.get_by_label("Weight", exact=True).press("End")

        expect(text).to_have_text("1.2")


@pytest.mark.usefixtures("sweep")
def test_use_it_is_folded_without_scripts(chromium, live_server):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/ink/zebra")

    page.locator("#use details").nth(1).locator("summary").first.click()

    expect(page.locator("#use details").nth(1).locator("pre").first).to_be_visible()
    context.close()
