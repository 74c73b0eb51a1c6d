from __future__ import annotations

import hashlib

import pytest

from registry.models import AdapterVersion, Event
from tests.factories import BaseFactory, UserFactory, VersionFactory, member
from tests.hub.pages import rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]

SAID = {
    "title": "Zebra, again",
    "kind": "object",
    "content_level": "mature",
    "licence": "MIT",
    "tags": "Stripes, animal",
    "description": "With **stripes**.",
}
CLAIMS = {
    "trigger_words": "zebra, stripes",
    "optional_words": "grazing",
    "negative_words": "horse",
    "weight_low": "0.4",
    "weight_high": "0.9",
    "weight_default": "",
    "changes": "More stripes.",
}


class TestAdapter:
    def test_is_said_otherwise_and_what_was_said_is_kept(self, signed_in, zebra):
        was = zebra.adapter.title

        answer = signed_in.post("/ink/zebra/edit", SAID)

        assert answer.url == "/ink/zebra"
        zebra.adapter.refresh_from_db()
        assert zebra.adapter.title == "Zebra, again"
        assert zebra.adapter.tags == ["animal", "stripes"]
        assert Event.objects.get(verb="adapter.changed").detail["was"]["title"] == was
        assert was in signed_in.get("/ink/zebra/edit").text

    def test_needs_a_title(self, signed_in, zebra):
        assert signed_in.post("/ink/zebra/edit", SAID | {"title": " "}).status_code == 422

    def test_refuses_a_tag_that_is_a_story(self, signed_in, zebra):
        answer = signed_in.post("/ink/zebra/edit", SAID | {"tags": "a" * 41})

        assert "at most 40 characters" in answer.text

    def test_is_for_contributors(self, client, zebra, team):
        for person in (UserFactory(), member(team, "viewer")):
            client.force_login(person)
            assert client.get("/ink/zebra/edit").status_code == 403
            assert "/ink/zebra/edit" not in client.get("/ink/zebra").text

    def test_is_found_on_its_page(self, signed_in, zebra):
        assert 'href="/ink/zebra/edit"' in signed_in.get("/ink/zebra").text


class TestVersion:
    def test_claims_something_else(self, signed_in, zebra):
        answer = signed_in.post("/ink/zebra/1/edit", CLAIMS)

        assert answer.url == "/ink/zebra?version=1"
        zebra.refresh_from_db()
        assert zebra.trigger_words == ["zebra", "stripes"]
        assert (zebra.weight_low, zebra.weight_high, zebra.weight_default) == (0.4, 0.9, None)
        assert "What stood there before" in signed_in.get("/ink/zebra/1/edit").text
        assert "zebra, stripes" in signed_in.get("/ink/zebra/1/edit").text

    def test_is_found_by_its_new_words(self, client, signed_in, zebra):
        signed_in.post("/ink/zebra/1/edit", CLAIMS | {"trigger_words": "okapi"})

        found = client.get("/api/adapters?q=okapi").json()["items"]

        assert [one["name"] for one in found] == ["zebra"]

    def test_wants_weights_in_order(self, signed_in, zebra):
        answer = signed_in.post("/ink/zebra/1/edit", CLAIMS | {"weight_low": "1.5"})

        assert answer.status_code == 422
        assert "swap the two" in answer.text

    def test_leaves_a_rejected_one_as_it_is(self, signed_in, team, person):
        rows.rejected(team, "cat", by=person)

        assert signed_in.post("/ink/cat/1/edit", CLAIMS).status_code == 422


class TestAnotherBase:
    @pytest.fixture
    def mistaken(self, team, person):
        """Return a version that was declared for the wrong base, and rejected."""
        BaseFactory(slug="sdxl-1-0", title="SDXL 1.0")
        base = BaseFactory(slug="sd-1-5", title="SD 1.5", family="sd1")
        return VersionFactory(
            adapter__team=team, adapter__slug="ink", adapter__created_by=person,
            base=base, rejected=True,
        )  # fmt: skip

    def test_offers_the_bases_that_have_its_layers(self, signed_in, mistaken):
        page = signed_in.get("/ink/ink/1/another-base").text

        assert 'value="sdxl-1-0" checked' in page

    def test_makes_a_version_of_the_same_bytes(self, signed_in, mistaken):
        answer = signed_in.post("/ink/ink/1/another-base", {"likely": "sdxl-1-0"})

        made = AdapterVersion.objects.get(number=2)
        assert answer.url == "/ink/ink?version=2"
        assert (made.base.slug, made.sha256, made.state) == ("sdxl-1-0", mistaken.sha256, "waiting")
        assert made.trigger_words == mistaken.trigger_words

    def test_says_why_it_cannot(self, signed_in, mistaken):
        mistaken.files.update(blob=None, sha256=hashlib.sha256(b"gone").hexdigest())

        answer = signed_in.post("/ink/ink/1/another-base", {"base": "sdxl-1-0"})

        assert answer.status_code == 422
        assert "are not kept here" in answer.text

    def test_is_not_for_what_was_accepted(self, signed_in, zebra):
        BaseFactory(slug="sdxl-1-0")
        answer = signed_in.post("/ink/zebra/1/another-base", {"base": "sdxl-1-0"})

        assert "only what was rejected" in answer.text
