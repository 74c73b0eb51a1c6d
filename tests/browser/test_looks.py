"""Every page, in both themes, wide and narrow: nothing for axe to find, nothing sticks out."""

from __future__ import annotations

from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from hub.pages import urls
from registry.models import Notification, Role
from registry.services import collections, events, following, invitations, upload_drafts
from tests.browser import places
from tests.factories import AdapterFactory, ImportFactory, SceneFactory, VersionFactory, member
from tests.hub.pages import asked_rows, rows
from tests.openapi import said_and_shown

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def words(zebra, team, person):
    """Return what stands for the words in addresses, with rows behind each."""
    rows.rejected(team, "cat", by=person)
    rows.going_on(team, "new", by=person)
    lost = rows.going_on(
        team, "lost", by=person, state="failed", reason="It died.", finished_at=zebra.uploaded_at
    )
    adapter = AdapterFactory(team=team, slug="ready", created_by=person)
    VersionFactory(adapter=adapter, ready=True, uploaded_by=person, base=rows.base())
    asked_rows.checkpoints(zebra)
    asked_rows.steps(zebra)
    upload_drafts.begin({"title": "Half a form"}, [], by=person, now=zebra.uploaded_at)
    own = SceneFactory(base=asked_rows.ground(zebra).base, team=team, slug="own", title="Own")
    now = timezone.now()
    collection = collections.make(collections.Said("Winter", "Snow."), by=person, now=now)
    collections.put_in(collection, zebra.adapter, by=person, now=now, note="for snow")
    following.follow(zebra.adapter, by=person, now=now)
    event = events.record("version.rejected", on=zebra, now=now, reason="It is too wide.")
    Notification.objects.create(user=person, event=event)
    admin = member(team, Role.ADMIN)
    _, invited = invitations.invite(team=team, role=Role.VIEWER, by=admin, now=now)
    return {
        "invitation": invited,
        "collection": collection.pk,
        "team": "ink",
        "run": lost.runs.get().pk,
        "base": "shapes",
        "scene": own.pk,
        "good": "ink/zebra",
        "trained": "ink/zebra",
        "rejected": "ink/cat",
        "going_on": "ink/new",
        "failed": "ink/lost",
        "ready": "ink/ready",
        "import": ImportFactory(team=team, by=person, items=3).pk,
        "asked": asked_rows.asked(zebra, person).pk,
        "picture": said_and_shown.make(zebra, by=person)["picture_id"],
    }


@pytest.fixture
def _grumble(complaints):
    complaints.append("404 (Not Found)")


def violations(page):
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


@pytest.mark.usefixtures("_grumble")
@pytest.mark.parametrize("theme", ["light", "dark"])
class TestAxe:
    def test_finds_nothing_as_a_stranger(self, page, words, theme):
        page.emulate_media(color_scheme=theme)
        for _, address in places.known(words, "stranger"):
            page.goto(address)
            assert violations(page) == [], address

    def test_finds_nothing_as_a_member(self, signed_in, words, theme):
        signed_in.emulate_media(color_scheme=theme)
        for _, address in places.known(words, "member"):
            signed_in.goto(address)
            assert violations(signed_in) == [], address

    def test_finds_nothing_as_an_operator(self, signed_in, person, words, theme):
        operator(person)
        signed_in.emulate_media(color_scheme=theme)
        for _, address in places.known(words, "operator"):
            signed_in.goto(address)
            assert violations(signed_in) == [], address


def operator(person):
    person.is_superuser = True
    person.save()


@pytest.mark.usefixtures("_grumble")
def test_nothing_sticks_out_of_a_telephone(signed_in, person, words):
    operator(person)
    signed_in.set_viewport_size({"width": 360, "height": 780})
    for _, address in places.known(words):
        signed_in.goto(address)
        beyond = signed_in.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert beyond <= 0, address


SAMPLES = {
    "team": "ink",
    "name": "zebra",
    "number": 1,
    "slug": "shapes",
    "username": "mika",
    "secret": "none",
}
KINDS = {"uuid": UUID(int=0), "int": 1}


@pytest.mark.django_db
def test_every_page_is_looked_at(client):
    """It is in the table of places, or shown by another page, or is no page but an act."""
    looked_at = {place.page for place in places.PLACES} | places.PARTS | places.FILES
    for one in urls.urlpatterns:
        if one.name in looked_at:
            continue
        held = {
            name: SAMPLES.get(name, "")
            or KINDS[type(kind).__name__.removesuffix("Converter").lower()]
            for name, kind in one.pattern.converters.items()
        }
        answer = client.get(reverse(one.name, kwargs=held))
        assert answer.status_code == 405, f"{one.name} is a page: say where in places.py"


def test_the_theme_is_chosen_and_remembered(page, zebra):
    page.goto("/")
    button = page.locator("[data-theme-switch]")

    button.click()
    button.click()
    expect(button).to_have_text("Theme: dark")

    page.goto("/ink/zebra")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_language_is_changed_on_the_spot(page, zebra):
    page.goto("/ink/zebra")

    page.get_by_role("button", name="中文").click()

    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(page.get_by_role("link", name="浏览")).to_be_visible()
    assert page.url.endswith("/ink/zebra")


def test_the_content_is_one_key_away(page, zebra):
    page.goto("/ink/zebra")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()


def test_the_menu_opens_by_keyboard_and_closes_with_escape(signed_in, zebra):
    signed_in.goto("/ink/zebra")
    menu = signed_in.get_by_role("navigation", name="Main").locator("details[data-menu]")
    summary = menu.locator("summary")

    summary.focus()
    signed_in.keyboard.press("Enter")
    expect(menu.get_by_role("link", name="My uploads")).to_be_visible()
    assert violations(signed_in) == []

    signed_in.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()
