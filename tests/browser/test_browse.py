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


def test_coming_back_shows_the_same_card(page, team, person):
    for n in range(80):
        VersionFactory(published=True, content=b"\0" * 8, adapter__slug=f"no-{n}")
    page.goto("/")
    for count in (48, 72, 80):
        page.locator(".more, .cards > :last-child").last.scroll_into_view_if_needed()
        expect(page.locator(".card")).to_have_count(count)
    card = page.locator('[data-name$="/no-20"]')
    card.scroll_into_view_if_needed()
    expect(page).to_have_url(re.compile("cursor="))
    before = card.bounding_box()["y"]

    card.get_by_role("heading").get_by_role("link").click()
    expect(page).to_have_url(re.compile("/no-20$"))
    page.go_back()

    expect(card).to_be_in_viewport()
    assert abs(card.bounding_box()["y"] - before) < 40


@pytest.fixture
def many(team, person):
    """Return addresses of the three pages that eighty adapters make, in order."""
    for n in range(70):
        VersionFactory(published=True, content=b"\0" * 8, adapter__slug=f"no-{n}")

    def addresses(page, query=""):
        first = f"/?{query}"
        found = [first]
        for _ in range(2):
            page.goto(found[-1])
            found.append(page.locator(".more a").get_attribute("href"))
        return found

    return addresses


@pytest.mark.parametrize(("query", "line"), [("", ".card"), ("view=table", "tr.line")])
def test_the_list_goes_on_upwards_and_what_one_looks_at_stays(page, many, query, line):
    page.goto(many(page, query)[2])
    lines = page.locator(line)
    expect(lines).to_have_count(22)
    seen = page.locator('[data-name$="/no-17"]')
    page.mouse.move(640, 400)
    page.mouse.wheel(0, 500)
    page.wait_for_function("scrollY > 400")
    before = seen.bounding_box()["y"]

    page.mouse.wheel(0, -60)
    expect(lines).to_have_count(46)
    page.wait_for_timeout(300)

    assert abs(seen.bounding_box()["y"] - (before + 60)) < 3
    page.locator('[data-name$="/no-40"]').first.scroll_into_view_if_needed()
    page.mouse.wheel(0, -200)
    page.locator(line).first.scroll_into_view_if_needed()
    page.mouse.wheel(0, -200)
    expect(lines).to_have_count(70)
    expect(page.locator(".before")).to_have_count(0)
    names = [
        name.rpartition("/")[2]
        for name in lines.evaluate_all(
            "all => all.map(one => one.closest('[data-name]').dataset.name)"
        )
    ]
    assert names == [f"no-{n}" for n in reversed(range(70))]


def test_a_key_shows_those_before_and_the_place_is_kept_on_the_way_back(page, many):
    second = many(page)[1]
    page.goto(second)
    link = page.get_by_role("link", name="Show those before")
    link.focus()

    page.keyboard.press("Enter")

    expect(page.locator(".card")).to_have_count(48)
    above = page.locator(".card h2 a").nth(23)
    expect(above).to_be_focused()
    expect(above).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/no-46$"))
    page.go_back()
    expect(page.locator('[data-name$="/no-46"]')).to_be_in_viewport()


def test_a_key_leads_to_the_search_and_filters_stay_open(page, zebra, team, person):
    neon = rows.shown(team, "neon", by=person)
    Adapter.objects.filter(pk=neon.adapter_id).update(kind="character")
    page.goto("/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()

    kinds = page.locator("[data-facet=kind]")
    kinds.get_by_label("Style").focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("kind=style"))
    expect(kinds.get_by_label("Style")).to_be_focused()
    expect(page.locator(".card")).to_have_count(1)

    kinds.locator("summary").first.click()
    page.get_by_label("Order").select_option("title")
    expect(page).to_have_url(re.compile("sort=title"))
    expect(kinds).not_to_have_attribute("open", "")


def test_a_search_is_saved_and_found_again(signed_in, zebra):
    signed_in.goto("/?tags=stripes")
    signed_in.get_by_text("Save this search").click()
    signed_in.get_by_label("Name of the search").fill("Stripes")
    signed_in.get_by_role("button", name="Save", exact=True).click()

    expect(signed_in.get_by_role("link", name="Stripes", exact=True)).to_be_visible()
    signed_in.goto("/searches")
    signed_in.get_by_role("link", name="Stripes", exact=True).click()
    expect(signed_in).to_have_url(re.compile(r"tags=stripes"))


def test_filters_unfold_on_a_telephone(page, zebra):
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto("/?tags=stripes")
    expect(page.locator("#facets")).to_be_hidden()

    filters = page.get_by_role("button", name="Filters")
    filters.click()

    expect(page.locator("#facets")).to_be_visible()
    page.get_by_role("button", name="Show 1 adapter").click()
    expect(page.locator("#facets")).to_be_hidden()
    expect(filters).to_have_attribute("aria-expanded", "false")
    expect(page.locator("#found")).to_be_focused()


def test_one_gets_past_the_filters_by_key(page, zebra):
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Past the filters")).to_be_focused()

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    expect(page.get_by_label("Order")).to_be_focused()


def test_a_click_shows_those_before_and_nothing_jumps(page, many):
    page.goto(many(page)[1])
    heading = page.locator('[data-name$="/no-45"] h2')
    before = heading.bounding_box()["y"]

    page.get_by_role("link", name="Show those before").click()

    expect(page.locator(".card")).to_have_count(48)
    page.wait_for_timeout(300)
    assert abs(heading.bounding_box()["y"] - before) < 3
    assert page.evaluate("scrollY") > 1000
