"""The hub by keys alone: what they come to is seen, nothing keeps them, what was done is said."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from registry.services import collections
from tests.factories import AdapterFactory, VersionFactory
from tests.hub.pages import asked_rows, rows

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

# What has the focus, and what of it is wrong: out of sight, under something, or without a mark.
FOCUSED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const box = at.getBoundingClientRect();
  const style = getComputedStyle(at);
  const label = at.labels?.[0];
  const within = (least, most) => Math.min(Math.max(least, 1), most - 2);
  const x = within(box.left + Math.min(box.width / 2, 20), innerWidth);
  const y = within(box.top + Math.min(box.height / 2, 12), innerHeight);
  const there = document.elementFromPoint(x, y);
  const wrong = [];
  const seen = box.width > 1 && box.bottom > 0 && box.top < innerHeight && box.right > 0;
  if (!seen) wrong.push("out of sight");
  else if (there && !at.contains(there) && !there.contains(at) && !label?.contains(there)) {
    wrong.push("covered");
  }
  const ring = style.outlineStyle !== "none" && style.outlineWidth !== "0px";
  if (!ring && style.boxShadow === "none" && !at.matches(".scrub")) wrong.push("no mark");
  return { what: at.outerHTML.slice(0, 90), wrong };
}"""
MOST = 160  # stops on a page


@pytest.fixture
def words(zebra, team, person):
    asked_rows.checkpoints(zebra)
    asked_rows.steps(zebra)
    adapter = AdapterFactory(team=team, slug="ready", created_by=person)
    VersionFactory(adapter=adapter, ready=True, uploaded_by=person, base=rows.base())


def walk(page):
    """Press Tab through a page and yield what is wrong, until the keys have left it."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None:
            return
        yield from (f"{wrong}: {stop['what']}" for wrong in stop["wrong"])
    yield "the keys are kept"


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize("width", [360, 640, 1280], ids=["telephone", "200 %", "desk"])
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/ink/zebra",
        "/ink/zebra/1/checkpoints",
        "/compare?adapters=ink/zebra,ink/ready",
        "/upload",
        "/teams/ink/members",
    ],
)
def test_what_keys_come_to_is_seen(signed_in, address, width):
    signed_in.set_viewport_size({"width": width, "height": 640})
    signed_in.goto(address)

    assert list(walk(signed_in)) == []


def test_a_menu_stays_while_one_chooses_in_it(signed_in, zebra, person):
    page = signed_in
    now = timezone.now()
    collections.make(collections.Said("Winter"), by=person, now=now)
    page.goto("/ink/zebra")
    menu = page.locator("#keep details")
    winter = menu.get_by_role("button", name="Winter")

    menu.locator("summary").press("Enter")
    winter.press("Enter")
    expect(winter).to_have_attribute("aria-pressed", "true")
    expect(winter).to_be_focused()

    menu.get_by_label("A new collection").fill("Spring")
    page.keyboard.press("Enter")
    expect(menu.get_by_role("button", name="Spring")).to_be_visible()
    page.keyboard.press("Escape")
    expect(winter).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()


def test_what_was_done_is_said(signed_in, zebra):
    page = signed_in
    said = page.locator("#said")
    page.goto("/ink/zebra")
    page.locator("#community").scroll_into_view_if_needed()

    page.get_by_label("It works for me at").press("Enter")
    expect(said).to_have_text("Your vote is kept.")

    page.locator("#votes").get_by_role("button", name="Take it back").press("Enter")
    expect(said).to_have_text("Your vote is taken back.")
    expect(page.get_by_role("region", name="Works for me at …")).to_be_focused()

    page.get_by_label("Your comment").fill("Good on dusk.")
    page.get_by_role("button", name="Comment", exact=True).press("Enter")
    expect(said).to_have_text("Your comment stands here now.")
