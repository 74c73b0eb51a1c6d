from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.factories import ImportFactory
from tests.hub.pages import rows

pytestmark = pytest.mark.browser
LIVE_IMPORT = re.compile(r"/live\?")
LIVE = re.compile("/live$")


@pytest.fixture
def running(team, person):
    return rows.going_on(team, "new", by=person)


def test_follows_the_run_and_its_pictures(signed_in, running):
    signed_in.goto("/ink/new")
    expect(signed_in.locator("#live progress")).to_have_attribute("value", "3")

    rows.paint(running, rows=1, rendered_at=None)
    running.runs.update(progress={"done": 7, "of": 14, "saying": "rendering"})

    expect(signed_in.locator("#live progress")).to_have_attribute("value", "7")
    expect(signed_in.locator("#live img")).to_have_count(7)


def test_bears_with_a_hub_that_is_away_for_a_moment(signed_in, running, complaints):
    complaints.append("Failed to load resource")
    signed_in.goto("/ink/new")
    signed_in.route(LIVE, lambda route: route.fulfill(status=503, body="<h1>gone</h1>"))
    with signed_in.expect_response(LIVE):
        pass
    expect(signed_in.locator("#live")).to_be_visible()

    running.runs.update(progress={"done": 9, "of": 14, "saying": "rendering"})
    signed_in.unroute(LIVE)

    expect(signed_in.locator("#live progress")).to_have_attribute("value", "9")


def test_keys_stay_where_they_are_while_a_list_follows(signed_in, running):
    signed_in.goto("/uploads")
    link = signed_in.locator("#uploads a").first
    link.focus()

    with signed_in.expect_response(re.compile("/uploads")):
        pass
    running.runs.update(progress={"done": 9, "of": 14, "saying": "rendering"})
    expect(signed_in.locator("#uploads progress")).to_have_attribute("value", "9")

    expect(link).to_be_focused()


def test_what_is_unfolded_stays_so_while_a_page_follows(signed_in, team, person):
    row = ImportFactory(team=team, by=person, items=2, state="queued", stage="fetch")
    row.items.update(notes=["It has no licence."])
    signed_in.goto(f"/import/{row.pk}")
    summary = signed_in.get_by_text("What is said of it").first

    summary.click()
    for _ in range(2):
        with signed_in.expect_response(LIVE_IMPORT):
            pass

    expect(signed_in.get_by_text("It has no licence.").first).to_be_visible()
