"""Members say and show what they use: votes, pictures, comments; and what is blurred is shown."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from registry.models import Role
from registry.services import commenting, gallery, rating, voting
from registry.services.commenting import Said
from tests.browser.test_looks import violations
from tests.factories import UserFactory, member
from tests.hub.pages.rows import picture
from tests.registry.services import painted

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SAID = "a zebra at dusk <lora:zebra:0.7>\nSteps: 20, Sampler: Euler, Seed: 5"


@pytest.fixture
def community(page, zebra):
    """Return the adapter's page, scrolled to what members say."""

    def scrolled():
        page.goto("/ink/zebra")
        page.locator("#community").scroll_into_view_if_needed()
        expect(page.locator("#votes")).to_be_visible()
        return page

    return scrolled


def test_a_member_votes_hangs_a_picture_and_comments(signed_in, community, tmp_path):
    page = community()
    file = tmp_path / "zebra.png"
    file.write_bytes(painted.png(SAID, size=(256, 192)))

    page.get_by_label("It works for me at").fill("0.7")
    page.get_by_role("button", name="Vote", exact=True).click()
    expect(page.get_by_text("You said 0.7, on Shapes.")).to_be_visible()
    expect(page.locator(".strip-of-votes .own")).to_have_count(1)

    page.get_by_text("Hang a picture of yours").click()
    page.get_by_label("Pictures").set_input_files(file)
    page.get_by_role("button", name="Hang", exact=True).click()
    expect(page.locator("#gallery .notice")).to_have_text("1 picture hangs here now.")
    expect(page.locator(".made-with")).to_contain_text("Zebra 0.7")

    page.get_by_label("Your comment").fill("**Good** on dusk.")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".remark strong")).to_have_text("Good")
    expect(page.get_by_label("Your comment").first).to_have_value("")

    page.locator(".remark summary", has_text="Edit").press("Enter")
    box = page.locator(".remark textarea").last
    box.fill("Better on dawn.")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.locator(".remark .prose")).to_have_text("Better on dawn.")
    expect(page.locator("#comments")).to_be_focused()


def test_what_is_refused_is_said_where_it_was_tried(signed_in, community, tmp_path):
    page = community()
    file = tmp_path / "notes.png"
    file.write_bytes(b"Dear diary")
    page.get_by_text("Hang a picture of yours").click()
    page.get_by_label("Pictures").set_input_files(file)
    page.get_by_role("button", name="Hang", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text("notes.png is no PNG, JPEG or WebP picture.")


def test_what_is_mature_is_blurred_until_a_key_is_pressed(page, community, zebra):
    zebra.adapter.content_level = "mature"
    zebra.adapter.save()
    page = community()
    image = page.locator("#sweep .stage img")
    expect(image).not_to_have_css("filter", "none")

    button = page.locator("#sweep").get_by_role("button", name="Show it")
    button.focus()
    page.keyboard.press("Enter")
    expect(image).to_have_css("filter", "none")
    expect(page.locator("#sweep").get_by_role("button", name="Blur it again")).to_be_focused()

    page.goto("/levels")
    page.get_by_role("group", name="Mature").get_by_label("Leave out").check()
    page.get_by_role("button", name="Save").click()
    page.goto("/")
    expect(page.locator("main")).to_be_visible()
    expect(page.locator(".card")).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(signed_in, community, team, person, zebra, theme):
    now = timezone.now()
    for weight in (0.5, 0.7, 0.7, 0.9):
        voting.vote(zebra, weight, by=UserFactory(), now=now)
    gallery.hang(zebra, painted.png(SAID), content_level="mature", by=person, now=now)
    hung = gallery.hang(zebra, picture(0.8), by=UserFactory(), now=now)
    said = commenting.write(zebra.adapter, Said("Good.", zebra, 0.7), by=person, now=now)
    commenting.write(zebra.adapter, Said("Yes."), parent=said, by=UserFactory(), now=now)
    hidden = commenting.write(zebra.adapter, Said("No."), by=UserFactory(), now=now)
    commenting.hide(hidden, reason="Rude.", by=member(team, Role.REVIEWER), now=now)
    rating.rate(zebra, "style", rating.Told(4), by=person, now=now)
    page = community()
    page.emulate_media(color_scheme=theme)
    for summary in page.locator("#community summary").all():
        summary.click()
    assert violations(page) == []

    page.set_viewport_size({"width": 360, "height": 780})
    for address in ("/ink/zebra/1/community", f"/ink/zebra/1/gallery/{hung.pk}", "/levels"):
        page.goto(address)
        assert violations(page) == [], address
        beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert beyond <= 0, address
