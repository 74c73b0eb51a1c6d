"""A version goes from the file to the library without a mouse: its uploader, then a reviewer."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from registry.models import AdapterVersion, Role
from registry.services import policies
from tests import files
from tests.browser.test_story import _as_workers_do
from tests.factories import BaseFactory, member
from tests.hub.pages import rows

pytestmark = pytest.mark.browser
OF_TEAM = ("", "/members", "/activity", "/tokens", "/settings")
ADDRESSES = ("/review", "/teams", *(f"/teams/ink{part}" for part in OF_TEAM))


def sign_in_as(person, context, client, live_server):
    client.force_login(person)
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])


def tab_to(page, found, most=60):
    """Press Tab until what is meant has the focus."""
    for _ in range(most):
        if found.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{found} is not reached by {most} times Tab")


def upload_by_keyboard(page, path):
    """Go from the front page to a received version by Tab, Enter and letters."""
    keyboard = page.keyboard
    page.goto("/")
    tab_to(page, page.get_by_role("link", name="Upload", exact=True))
    keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/upload$"))
    page.wait_for_load_state("networkidle")  # its module has the file field, too
    tab_to(page, page.locator("#file"))
    # Enter opens the browser's own picker, which nothing here can answer: test_handles.py has that.
    page.locator("#file").set_input_files(path)
    title = page.get_by_label("Title", exact=True)
    expect(title).to_have_value("ink")
    tab_to(page, title)
    keyboard.press("Control+A")
    keyboard.type("Ink wash")
    tab_to(page, page.get_by_role("button", name="Upload"))
    keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Being validated")).to_be_visible()


@pytest.fixture
def reviewer(team):
    return member(team, Role.REVIEWER, username="mei")


def test_from_upload_to_published_by_keyboard_alone(
    signed_in, context, client, live_server, team, reviewer, tmp_path
):
    page, keyboard = signed_in, signed_in.keyboard
    BaseFactory(slug="sdxl-1-0", title="SDXL 1.0", family="sdxl")
    admin = member(team, Role.ADMIN)
    policies.set_policy(team, policies.Asked(approvals=1), by=admin, now=timezone.now())
    path = tmp_path / "ink.safetensors"
    path.write_bytes(files.kohya_lora("sdxl").getvalue())

    upload_by_keyboard(page, path)
    _as_workers_do(AdapterVersion.objects.get())

    # A reviewer finds it, and may not publish it before it is approved.
    sign_in_as(reviewer, context, client, live_server)
    page.goto("/")
    tab_to(page, page.get_by_role("link", name="1 waiting for your review"))
    keyboard.press("Enter")
    expect(page.locator(".item.current")).to_contain_text("Ink wash")
    expect(page.get_by_text("needs an approval by somebody other")).to_be_visible()
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)
    keyboard.press("a")
    expect(page.get_by_text("Ink wash, version 1: approved.")).to_be_visible()
    keyboard.press("p")
    expect(page.get_by_text("Ink wash, version 1: published.")).to_be_visible()
    expect(page.get_by_role("heading", name="Nothing waits for you")).to_be_visible()


def test_the_queue_is_walked_and_emptied_by_letters(
    page, context, client, live_server, team, person, reviewer
):
    waits = {"state": "ready", "published": False, "published_at": None}
    for slug in ("lynx", "puma", "tiger"):
        rows.shown(team, slug, by=person, **waits)
    sign_in_as(reviewer, context, client, live_server)
    page.goto("/review")
    current = page.locator(".item.current h2")
    expect(current).to_contain_text("Lynx")

    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(current).to_contain_text("Tiger")
    page.keyboard.press("k")
    expect(current).to_contain_text("Puma")

    page.keyboard.press("r")
    page.keyboard.type("a job for j and k")  # letters of a reason decide nothing
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Puma, version 1: sent back.")).to_be_visible()
    expect(current).to_contain_text("Tiger")

    page.keyboard.press("o")
    expect(page).to_have_url(f"{live_server.url}/ink/tiger?version=1")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_against_the_queue_and_the_teams(
    page, context, client, live_server, team, person, reviewer, theme
):
    rows.shown(team, "lynx", by=person, state="ready", published=False, published_at=None)
    admin = member(team, Role.ADMIN, username="ada")
    sign_in_as(admin, context, client, live_server)
    page.emulate_media(color_scheme=theme)
    for address in ADDRESSES:
        page.goto(address)
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == [], address


def test_nothing_of_teams_sticks_out_of_a_telephone(
    page, context, client, live_server, team, person, reviewer
):
    rows.shown(team, "lynx", by=person, state="ready", published=False, published_at=None)
    admin = member(team, Role.ADMIN, username="ada")
    sign_in_as(admin, context, client, live_server)
    page.set_viewport_size({"width": 360, "height": 780})
    for address in ADDRESSES:
        page.goto(address)
        beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert beyond <= 0, address
