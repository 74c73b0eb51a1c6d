from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from registry.models import Adapter
from tests.factories import VersionFactory
from tests.hub.pages import rows

pytestmark = pytest.mark.browser


def test_narrows_while_one_types_and_keeps_it_in_the_address(page, zebra, team, person):
    rows.shown(team, "neon", by=person)
    page.goto("/")
    expect(page.locator(".card")).to_have_count(2)

    page.get_by_role("searchbox").press_sequentially("neon", delay=20)

    expect(page.locator(".card")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/\?q=neon$"))
    expect(page.get_by_role("searchbox")).to_be_focused()

    page.go_back()
    expect(page.locator(".card")).to_have_count(2)


def test_a_filter_is_taken_away_again(page, zebra):
    page.goto("/?base=shapes&tag=stripes")
    expect(page.locator(".chip.on")).to_have_count(2)

    page.get_by_role("link", name="#stripes remove this filter").click()

    expect(page).to_have_url(re.compile(r"/\?base=shapes$"))


def test_a_filter_of_the_form_keeps_those_beside_it(page, zebra, team, person):
    neon = rows.shown(team, "neon", by=person)
    Adapter.objects.filter(pk=neon.adapter_id).update(kind="character")
    page.goto("/?tag=stripes")

    page.get_by_label("Style").check()

    expect(page).to_have_url(re.compile("kind=style"))
    expect(page).to_have_url(re.compile("tag=stripes"))


def test_a_card_plays_its_sweep_and_goes_back_to_rest(page, zebra):
    page.goto("/")
    picture = page.locator(".card img")
    still = picture.get_attribute("src")

    page.locator(".card").hover()
    expect(picture).not_to_have_attribute("src", re.compile(re.escape(still) + "$"))

    page.mouse.move(0, 0)
    expect(picture).to_have_attribute("src", re.compile(re.escape(still) + "$"))
    expect(page.locator(".card .at")).to_have_text("0.8")


def test_more_come_as_one_reaches_the_end(page, team, person):
    for _ in range(30):
        VersionFactory(published=True, content=b"\0" * 8)
    page.goto("/")
    expect(page.locator(".card")).to_have_count(24)

    page.locator(".more").scroll_into_view_if_needed()

    expect(page.locator(".card")).to_have_count(30)
    expect(page.locator(".more")).to_have_count(0)
