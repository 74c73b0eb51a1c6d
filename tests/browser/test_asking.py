"""What fails is told, and what was typed stays; answers come in order; a form is sent once."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from registry.models import Collection, Comment
from tests.factories import VersionFactory
from tests.hub.pages import rows

pytestmark = pytest.mark.browser
WRITE = re.compile("/comments/write$")


@pytest.fixture(autouse=True)
def _grumble(complaints):
    complaints += ["Failed to load resource", "htmx:error"]


@pytest.fixture
def commenting(signed_in, zebra):
    signed_in.goto("/ink/zebra/1/community")
    signed_in.get_by_label("Your comment").fill("Good on dusk.")
    return signed_in


def send(page):
    page.get_by_role("button", name="Comment", exact=True).press("Enter")


@pytest.mark.parametrize(
    ("fails", "says"),
    [
        (lambda route: route.abort(), "The hub does not answer"),
        (lambda route: route.fulfill(status=502, body="<h1>nginx</h1>"), "cannot do this now"),
        (lambda route: route.fulfill(status=413, body="<h1>nginx</h1>"), "The hub refused this"),
    ],
    ids=["offline", "down", "refused on the way"],
)
def test_what_fails_is_told_and_tried_again(commenting, fails, says):
    commenting.route(WRITE, fails, times=1)

    send(commenting)
    alert = commenting.get_by_role("alert")
    expect(alert).to_contain_text(says)
    expect(commenting.get_by_label("Your comment")).to_have_value("Good on dusk.")
    alert.get_by_role("button", name="Try again").press("Enter")

    expect(commenting.locator(".remark")).to_contain_text("Good on dusk.")
    expect(alert).to_have_count(0)
    expect(commenting.locator("#comments")).to_be_focused()


@pytest.fixture
def out(person):
    """Return what signs in on another tab. Ask for it first: a new password ends sessions."""
    person.set_password("heron-and-pond")
    person.save()

    def sign_in(tab):
        tab.get_by_label("User name").fill(person.username)
        tab.get_by_label("Password").fill("heron-and-pond")
        tab.get_by_role("main").get_by_role("button", name="Sign in").click()
        expect(tab.get_by_role("link", name="Notifications")).to_be_visible()

    return sign_in


def end_sessions():
    Session.objects.all().delete()


def test_whoever_is_signed_out_signs_in_and_sends_it_after_all(out, commenting):
    end_sessions()

    send(commenting)
    alert = commenting.get_by_role("alert")
    expect(alert).to_contain_text("You are signed out.")
    with commenting.expect_popup() as opened:
        alert.get_by_role("link", name="Sign in").press("Enter")
    out(opened.value)
    expect(opened.value).to_have_url(re.compile("/ink/zebra/1/community$"))

    alert.get_by_role("button", name="Try again").press("Enter")
    expect(commenting.locator(".remark")).to_contain_text("Good on dusk.")


def test_a_form_sent_after_the_session_is_sent_again(out, signed_in):
    signed_in.goto("/collections/new")
    signed_in.get_by_label("Title").fill("Winter")
    signed_in.get_by_label("Description").fill("Snow, and\nquiet.")
    end_sessions()

    signed_in.get_by_role("button", name="Make it").click()
    with signed_in.expect_popup() as opened:
        signed_in.get_by_role("main").get_by_role("button", name="Sign in").click()
    out(opened.value)
    signed_in.get_by_role("button", name="Send it again").click()

    expect(signed_in.get_by_role("heading", name="Winter")).to_be_visible()
    assert Collection.objects.get().description.replace("\r", "") == "Snow, and\nquiet."


def test_a_draft_is_kept_after_signing_in_again_elsewhere(out, signed_in, context):
    signed_in.goto("/upload")
    end_sessions()
    other = context.new_page()
    other.goto("/sign-in")
    out(other)

    with signed_in.expect_response(re.compile("/api/drafts")) as kept:
        signed_in.get_by_role("textbox", name="Title").fill("Ink wash")
    assert kept.value.ok


def test_the_last_words_searched_for_are_answered_last(page, zebra):
    """Though the answer to those before them is slow; htmx itself loses sight of that between."""
    page.goto("/")
    field = page.get_by_role("searchbox")
    later = []

    def hold(route):
        later.append(route)

    page.route(re.compile(r"\?q=(ze|none)&"), hold)

    for words in ["ze", "none"]:
        with page.expect_request(re.compile(f"q={words}&")):
            field.fill(words)
    with page.expect_response(re.compile("q=zebra&")):
        field.fill("zebra")
    expect(page.locator("#results .card")).to_have_count(1)
    for route in later:
        route.continue_()
    page.wait_for_timeout(500)

    expect(page.locator("#results .card")).to_have_count(1)
    expect(page).to_have_url(re.compile("q=zebra"))


@pytest.mark.usefixtures("transactional_db")
def test_a_list_that_does_not_go_on_says_so(page):
    for _ in range(30):
        VersionFactory(published=True, content=b"\0" * 8)
    page.route(re.compile("cursor="), lambda route: route.abort(), times=1)
    page.goto("/")
    page.locator("#results li.more").scroll_into_view_if_needed()
    alert = page.locator("#results").get_by_role("alert")
    expect(alert).to_contain_text("The hub does not answer")

    before = page.locator("#results .card").count()
    alert.get_by_role("button", name="Try again").press("Enter")

    expect(alert).to_have_count(0)
    expect(page.locator("#results .card").nth(before)).to_be_attached()


@pytest.mark.usefixtures("transactional_db")
def test_keys_go_on_in_what_a_list_goes_on_with(page):
    for _ in range(30):
        VersionFactory(published=True, content=b"\0" * 8)
    page.goto("/")
    page.locator("#results li.more a").evaluate("one => one.focus({ preventScroll: true })")

    page.locator("#results li.more").scroll_into_view_if_needed()

    expect(page.locator("#results .card")).to_have_count(30)
    expect(page.locator("#results .card h2 a").nth(24)).to_be_focused()


def test_a_page_that_follows_says_when_it_cannot(signed_in, team, person):
    rows.going_on(team, "new", by=person)
    signed_in.goto("/ink/new")
    live = re.compile("/live$")
    signed_in.route(live, lambda route: route.abort())
    alert = signed_in.locator("#live").get_by_role("alert")
    expect(alert).to_contain_text("The hub does not answer")

    signed_in.unroute(live)
    expect(alert).to_have_count(0)


class TestOnce:
    def test_a_comment_sent_twice_is_one(self, commenting):
        commenting.get_by_role("button", name="Comment", exact=True).dblclick()

        expect(commenting.locator(".remark")).to_have_count(1)
        commenting.wait_for_load_state("networkidle")
        assert Comment.objects.count() == 1

    def test_a_form_sent_twice_makes_one(self, signed_in, zebra):
        signed_in.goto("/collections/new")
        signed_in.get_by_label("Title").fill("Winter")
        signed_in.get_by_role("button", name="Make it").dblclick()

        expect(signed_in.get_by_role("heading", name="Winter")).to_be_visible()
        assert Collection.objects.count() == 1
