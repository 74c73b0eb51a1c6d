from __future__ import annotations

import pytest
from django.utils import timezone

from registry.models import Role
from registry.services import deprecating, policies, reviews
from tests.factories import VersionFactory, member
from tests.hub.pages import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(team):
    return member(team, Role.REVIEWER, username="mei")


@pytest.fixture
def waiting(team, person):
    return rows.shown(team, "tiger", by=person, state="ready", published=False, published_at=None)


class TestDeprecate:
    def test_is_told_to_everyone(self, signed_in, client, zebra):
        VersionFactory(adapter=zebra.adapter, published=True)

        page = signed_in.post(
            "/ink/zebra/1/deprecate", {"reason": "It flickers.", "successor": "2"}, follow=True
        ).text

        assert "Version 1 is deprecated." in page
        client.logout()
        seen = client.get("/ink/zebra?version=1").text
        assert "Deprecated: not to be used any more." in seen
        assert "It flickers." in seen
        assert '<a href="/ink/zebra?version=2">Zebra v2</a>' in seen
        assert "Reinstate" not in seen

    def test_marks_its_card(self, signed_in, client, zebra):
        signed_in.post("/ink/zebra/1/deprecate", {"reason": "It flickers."})

        assert "Deprecated" in client.get("/").text

    def test_says_what_is_wrong(self, signed_in, zebra):
        answer = signed_in.post(
            "/ink/zebra/1/deprecate", {"reason": "Old.", "successor": "no/where"}
        )

        assert answer.status_code == 422
        assert "There is no adapter called no/where." in answer.text
        assert 'value="Old."' in answer.text  # nothing has to be typed again
        zebra.refresh_from_db()
        assert zebra.deprecated_at is None

    def test_is_taken_back(self, signed_in, zebra):
        signed_in.post("/ink/zebra/1/deprecate", {"reason": "It flickers.", "all": "on"})

        page = signed_in.post("/ink/zebra/1/reinstate", follow=True).text

        assert "may be used again" in page
        assert "not to be used any more" not in page

    def test_is_taken_back_of_all_versions_together(self, client, zebra, reviewer):
        other = VersionFactory(adapter=zebra.adapter, published=True)
        client.force_login(reviewer)
        page = client.post("/ink/zebra/1/deprecate", {"reason": "Old.", "all": "on"}, follow=True)
        assert "Reinstate all versions" in page.text

        page = client.post("/ink/zebra/1/reinstate", {"all": "on"}, follow=True).text

        assert "All versions may be used again." in page
        assert "not to be used any more" not in page
        other.refresh_from_db()
        assert other.deprecated_at is None

    def test_offers_all_only_where_there_are_others_to_take_back(self, client, zebra, reviewer):
        client.force_login(reviewer)
        page = client.post("/ink/zebra/1/deprecate", {"reason": "Old."}, follow=True).text

        assert "Reinstate</button>" in page
        assert "Reinstate all versions" not in page

    def test_offers_all_only_to_whoever_may_take_all_back(self, signed_in, zebra, reviewer):
        VersionFactory(adapter=zebra.adapter, published=True, uploaded_by=reviewer)
        deprecating.deprecate_all(zebra.adapter, reason="Old.", by=reviewer, now=timezone.now())

        page = signed_in.get("/ink/zebra?version=1").text

        assert "Reinstate</button>" in page
        assert "Reinstate all versions" not in page

    def test_is_said_of_all_versions_together(self, signed_in, zebra):
        answer = signed_in.post(
            "/ink/zebra/1/deprecate", {"reason": "Old.", "all": "on"}, follow=True
        )

        assert "All published versions are deprecated." in answer.text
        assert answer.text.count('<span class="state waiting">') == 2  # its head and its line

    def test_is_not_for_everyone(self, client, zebra, team):
        client.force_login(member(team))

        assert client.post("/ink/zebra/1/deprecate", {"reason": "Mine."}).status_code == 403


class TestReviewOnItsPage:
    def test_tells_its_uploader_why_it_was_sent_back_and_what_to_do(
        self, signed_in, waiting, reviewer
    ):
        reviews.send_back(waiting, reason="The hands.", by=reviewer, now=timezone.now())

        page = signed_in.get("/ink/tiger").text

        assert "Sent back by mei." in page
        assert "The hands." in page
        assert "Ask for review again" in page
        assert 'action="/ink/tiger/1/publish"' not in page

    def test_says_what_is_missing(self, signed_in, waiting, team):
        asked = policies.Asked(licence=True)
        policies.set_policy(team, asked, by=member(team, Role.ADMIN), now=timezone.now())

        page = signed_in.get("/ink/tiger").text

        assert "Not to be published yet." in page
        assert "<li>it has no licence: say under which it may be used</li>" in page

    def test_lets_its_uploader_say_that_it_needs_no_words(self, signed_in, waiting, team):
        asked = policies.Asked(trigger_words=True)
        policies.set_policy(team, asked, by=member(team, Role.ADMIN), now=timezone.now())
        waiting.trigger_words = []
        waiting.save()
        assert "It needs no trigger words" in signed_in.get("/ink/tiger").text

        said = {"decision": "no-words", "from": "page"}
        page = signed_in.post("/ink/tiger/1/review", said, follow=True).text

        assert "Ready to publish." in page

    def test_keeps_who_said_what(self, client, waiting, reviewer):
        client.force_login(reviewer)
        client.post("/ink/tiger/1/review", {"decision": "approve", "from": "page"})

        page = client.get("/ink/tiger").text

        assert "Approved by mei" in page
        assert 'value="approve"' not in page

    def test_is_nothing_for_strangers(self, client, zebra, reviewer):
        assert "reviewed" not in client.get("/ink/zebra").text
