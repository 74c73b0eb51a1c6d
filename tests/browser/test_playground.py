"""The playground in a real browser: mouse, keyboard, both themes, and nothing for axe to find."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from registry.models import PreviewRequest
from tests.browser.test_looks import violations
from tests.factories import RequestFactory
from tests.hub.pages import asked_rows

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

AT = "/ink/zebra/1/playground"


@pytest.fixture
def version(zebra):
    zebra.fit = {"components": [{"component": "unet", "in_file": 4}]}
    zebra.save()
    return asked_rows.ground(zebra)


def test_a_plan_is_typed_and_cancelled(signed_in, version):
    page = signed_in
    page.goto(AT)
    count = page.locator("#count")
    expect(count).to_have_text("4 cells")

    page.get_by_label("How many weights").fill("3")
    page.get_by_label("What rows differ in").select_option("seed")
    expect(page.locator("#hint .now")).to_contain_text("1, 2, 3")
    page.get_by_label("The values of the rows").fill("7, 8")
    expect(count).to_have_text("6 cells")
    page.get_by_role("button", name="Render").click()

    expect(page.get_by_role("heading", name="Waiting for a worker")).to_be_visible()
    assert PreviewRequest.objects.get().cells == 6
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("cancelled before anything was rendered")).to_be_visible()


def test_a_slider_and_its_number_say_the_same(signed_in, version):
    page = signed_in
    page.goto(AT)
    number = page.locator("[name=weight_to]")
    slider = page.locator(".pair", has=number).locator("[type=range]")

    number.fill("0.7")
    expect(slider).to_have_value("0.7")
    slider.fill("1.5")
    expect(number).to_have_value("1.5")


def test_the_result_comes_by_itself(signed_in, version, person):
    page = signed_in
    request = RequestFactory(version=version, by=person)
    page.goto(f"{AT}/{request.pk}")
    expect(page.get_by_text("No gpu worker is there to take it")).to_be_visible()

    done = asked_rows.asked(version, person)
    grid, done.grid = done.grid, None
    PreviewRequest.objects.filter(pk=done.pk).delete()
    PreviewRequest.objects.filter(pk=request.pk).update(
        state="done", grid=grid, finished_at=timezone.now()
    )

    expect(page.get_by_role("button", name="Show it in the gallery")).to_be_visible()
    page.get_by_role("button", name="Show it in the gallery").click()
    expect(page.get_by_text("It is shown in the gallery.")).to_be_visible()
    page.goto("/ink/zebra")
    page.locator("#community").scroll_into_view_if_needed()
    expect(page.locator(".hung img")).to_have_count(1)


def test_two_versions_are_wiped_by_keyboard(signed_in, version, person):
    page = signed_in
    asked_rows.compared(version, asked_rows.second(version), person, in_gallery=True)
    page.goto("/ink/zebra?version=1")
    slider = page.get_by_role("slider", name="Wipe from version 1 to version 2")
    over = page.locator(".wipe .over")

    slider.focus()
    page.keyboard.press("End")
    expect(over).to_have_css("clip-path", "inset(0px 0px 0px 100%)")
    before = over.get_attribute("src")
    page.locator(".wipe [type=radio]").first.focus()
    page.keyboard.press("ArrowRight")
    expect(over).not_to_have_attribute("src", before)


@pytest.fixture
def addresses(version, person):
    other = asked_rows.second(version)
    asked_rows.checkpoints(version)
    asked_rows.steps(version)
    compared = asked_rows.compared(version, other, person, in_gallery=True)
    asked_rows.asked(version, person, in_gallery=True)
    lease = timezone.now() + timedelta(hours=1)
    running = asked_rows.asked(
        version, person, state="running", finished_at=None, lease_until=lease,
        started_at=timezone.now(), progress={"done": 3, "of": 6, "saying": "rendering"},
    )  # fmt: skip
    requests = (compared, running, RequestFactory(version=version, by=person))
    return [AT, "/ink/zebra?version=1", *(f"{AT}/{request.pk}" for request in requests)]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(signed_in, addresses, theme):
    signed_in.emulate_media(color_scheme=theme)
    for address in addresses:
        signed_in.goto(address)
        assert violations(signed_in) == [], address


def test_nothing_sticks_out_of_a_telephone(signed_in, addresses):
    signed_in.set_viewport_size({"width": 360, "height": 780})
    for address in addresses:
        signed_in.goto(address)
        beyond = signed_in.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert beyond <= 0, address
