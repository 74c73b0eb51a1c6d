from __future__ import annotations

import re

import pytest
from django.utils import timezone

from registry.models import Review, ReviewPolicy, Role
from registry.services import policies, reviews
from tests.factories import UserFactory, member
from tests.hub.pages import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(team):
    return member(team, Role.REVIEWER, username="mei")


@pytest.fixture
def reviewing(client, reviewer):
    client.force_login(reviewer)
    return client


@pytest.fixture
def waiting(team, person):
    return rows.shown(
        team, "zebra", by=person, state="ready", published=False, published_at=None, weight_low=0.5,
        weight_high=0.9,
    )  # fmt: skip


def decide(client, decision, **more):
    return client.post("/ink/zebra/1/review", {"decision": decision, **more}, follow=True)


@pytest.mark.parametrize("address", ["/review", "/ink/zebra"])
def test_says_whose_approval_does_not_count_any_more(reviewing, reviewer, waiting, team, address):
    ren = member(team, Role.REVIEWER, username="ren")
    reviews.approve(waiting, by=ren, now=timezone.now())
    ren.memberships.all().delete()

    page = " ".join(reviewing.get(address).text.split())

    assert "Approved by ren" in page
    assert "That does not count any more: ren has left the team." in page


class TestQueue:
    def test_shows_all_that_a_decision_needs(self, reviewing, waiting):
        page = reviewing.get("/review").text

        assert "Zebra" in page
        assert "measured 0.4 – 1, claimed 0.5 – 0.9" in page
        assert "zebrastyle" in page
        assert "nothing was found" in page
        assert 'class="curve"' in page
        assert re.search(r'<img src="/api/previews/[0-9a-f]{64}.webp" width="96"', page)
        assert "Send back" in page

    def test_offers_to_publish_only_what_lacks_nothing(self, reviewing, waiting, team):
        assert 'value="publish"' in reviewing.get("/review").text

        ReviewPolicy.objects.create(team=team, licence=True, changed_at=timezone.now())
        page = reviewing.get("/review").text

        assert "Before it can be published:" in page
        assert 'value="publish"' not in page

    def test_the_page_of_a_version_leads_to_where_what_is_missing_is_said(
        self, client, waiting, team, person
    ):
        ReviewPolicy.objects.create(team=team, licence=True, changed_at=timezone.now())
        client.force_login(person)

        page = client.get("/ink/zebra?version=1").text

        assert '<a role="button" class="secondary" href="/ink/zebra/edit">' in page

    def test_is_counted_in_the_head(self, reviewing, waiting):
        assert 'href="/review">Review <span class="badge">1<' in reviewing.get("/").text

    def test_says_that_nothing_waits(self, reviewing):
        assert "Nothing waits for you" in reviewing.get("/review").text

    def test_says_so_to_those_who_review_nowhere(self, client):
        client.force_login(UserFactory())

        assert "You review for no team" in client.get("/review").text

    def test_asks_strangers_to_sign_in(self, client):
        assert client.get("/review")["Location"] == "/sign-in?next=/review"

    def test_lets_nobody_approve_their_own(self, client, team):
        own = member(team, Role.REVIEWER, username="own")
        rows.shown(team, "zebra", by=own, state="ready", published=False, published_at=None)
        client.force_login(own)

        page = client.get("/review").text

        assert "You uploaded it" in page
        assert 'value="approve"' not in page


class TestDecide:
    def test_approves(self, reviewing, waiting):
        page = decide(reviewing, "approve").text

        assert "Zebra, version 1: approved." in page
        assert "Approved by mei" in page
        assert Review.objects.get().decision == "approved"

    def test_sends_back_with_a_reason(self, reviewing, waiting):
        page = decide(reviewing, "send-back", reason="The hands are wrong.").text

        assert "sent back" in page
        assert Review.objects.get().reason == "The hands are wrong."

    def test_wants_that_reason(self, reviewing, waiting):
        assert "Say in up to 1000 letters why" in decide(reviewing, "send-back").text
        assert not Review.objects.exists()

    def test_publishes(self, reviewing, waiting):
        assert "Zebra, version 1: published." in decide(reviewing, "publish").text
        waiting.refresh_from_db()
        assert waiting.state == "published"

    def test_says_what_is_missing(self, reviewing, waiting, team):
        asked = policies.Asked(approvals=1, licence=True)
        policies.set_policy(team, asked, by=member(team, Role.ADMIN), now=timezone.now())

        page = decide(reviewing, "publish").text

        assert "cannot be published yet: it has no licence" in page
        assert "Before it can be published:" in page

    def test_goes_on_to_the_next(self, reviewing, waiting, team, person):
        other = rows.shown(
            team, "tiger", by=person, state="ready", published=False, published_at=None
        )

        answer = reviewing.post("/ink/zebra/1/review", {"decision": "approve"})

        assert answer["Location"] == f"/review#v{other.serial}"

    def test_is_not_for_contributors(self, signed_in, waiting):
        page = decide(signed_in, "approve").text

        assert "you need to be Reviewer" in page
        assert not Review.objects.exists()

    def test_does_not_know_what_is_none(self, reviewing, waiting):
        assert "Choose what to decide." in decide(reviewing, "eat").text

    def test_asks_again(self, signed_in, waiting, reviewer, person):
        reviews.send_back(waiting, reason="Blurred.", by=reviewer, now=timezone.now())

        decide(signed_in, "ask-again", reason="Sharper now.")

        waiting.refresh_from_db()
        assert waiting.sent_back_at is None
