"""Collections: who sees them, who changes them, and what is shown of what is in them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.models import Collection
from registry.services import collections
from tests.factories import UserFactory, VersionFactory, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]

NOW = timezone.now()


@pytest.fixture
def other():
    return UserFactory(username="noor")


def made(by, **said):
    return collections.make(collections.Said(**{"title": "Winter"} | said), by=by, now=NOW)


class TestCollections:
    def test_one_is_made_from_an_adapter(self, signed_in, zebra, person):
        signed_in.post("/ink/zebra/collect", {"title": "Winter"})

        one = Collection.objects.get()
        assert (one.by, one.sight) == (person, "private")
        page = signed_in.get(f"/collections/{one.pk}").text
        assert "/ink/zebra" in page

    def test_an_adapter_is_put_in_and_taken_out(self, signed_in, zebra, person):
        one = made(person)
        signed_in.post("/ink/zebra/collect", {"collection": one.pk, "on": "1"})
        assert one.items.count() == 1

        signed_in.post(f"/collections/{one.pk}/out/ink/zebra")
        assert one.items.count() == 0

    def test_an_adapter_is_named_to_be_put_in(self, signed_in, zebra, person):
        one = made(person)
        at = f"/collections/{one.pk}"

        refused = signed_in.post(f"{at}/put", {"adapter": "ink/nothing"})
        assert refused.status_code == 422
        assert 'value="ink/nothing"' in refused.text
        assert signed_in.post(f"{at}/put", {"adapter": "zebra"}).status_code == 422
        answer = signed_in.post(f"{at}/put", {"adapter": "http://hub/ink/zebra?version=1"})
        assert answer["Location"] == f"{at}#in-{one.items.get().pk}"
        signed_in.post(f"{at}/put", {"adapter": "ink/zebra", "note": "for snow"})
        signed_in.post(f"{at}/put", {"adapter": "ink/zebra", "place": "1"})
        assert [(item.note, item.place) for item in one.items.all()] == [("for snow", 1)]

    def test_what_is_in_it_is_put_into_an_order(self, signed_in, team, person):
        one = made(person)
        for n, name in enumerate(("ant", "bee", "cat")):
            version = VersionFactory(published=True, adapter__slug=name, adapter__team=team)
            at = NOW + timedelta(minutes=n)
            collections.put_in(one, version.adapter, by=person, now=at)

        def shown():
            found = signed_in.get(f"/api/collections/{one.pk}").json()["items"]
            return " ".join(item["adapter"].removeprefix("ink/") for item in found)

        assert shown() == "cat bee ant"
        page = signed_in.get(f"/collections/{one.pk}").text
        assert (page.count("Earlier<"), page.count("Later <")) == (2, 2)
        signed_in.post(f"/collections/{one.pk}/put", {"adapter": "ink/ant", "place": "2"})
        assert shown() == "cat ant bee"
        signed_in.put(f"/api/collections/{one.pk}/ink/bee", {"place": 1}, "application/json")
        assert shown() == "bee cat ant"
        fly = VersionFactory(published=True, adapter__slug="fly", adapter__team=team)
        collections.put_in(one, fly.adapter, by=person, now=NOW)
        assert shown() == "fly bee cat ant"

    def test_a_private_one_has_no_address_to_share(self, signed_in, person):
        one = made(person)
        assert "Only its maker sees it." in signed_in.get(f"/collections/{one.pk}").text

        collections.change(one, collections.Said("Winter", sight="all"), by=person, now=NOW)

        page = signed_in.get(f"/collections/{one.pk}").text
        assert f'data-copy="http://testserver/collections/{one.pk}"' in page

    def test_private_ones_are_seen_by_nobody_else(self, client, signed_in, zebra, other):
        one = made(other)

        assert signed_in.get(f"/collections/{one.pk}").status_code == 404
        assert "Winter" not in signed_in.get("/collections").text
        answer = signed_in.post("/ink/zebra/collect", {"collection": one.pk, "on": "1"})
        assert answer.status_code == 404

    def test_public_ones_are_seen_and_changed_by_no_stranger(self, signed_in, other):
        one = made(other, sight="all")

        assert signed_in.get(f"/collections/{one.pk}").status_code == 200
        assert signed_in.get(f"/collections/{one.pk}/change").status_code == 403
        assert signed_in.post(f"/collections/{one.pk}/delete").status_code == 403

    def test_a_teams_is_changed_by_its_contributors(self, signed_in, team, zebra):
        one = made(member(team, username="zoe"), sight="team", team=team)

        signed_in.post("/ink/zebra/collect", {"collection": one.pk, "on": "1"})
        assert one.items.count() == 1
        said = {"title": "Spring", "description": "", "sight": "team", "team": "ink"}
        signed_in.post(f"/collections/{one.pk}/change", said)
        one.refresh_from_db()
        assert one.title == "Spring"

    def test_who_sees_a_teams_is_for_its_maker_to_say(self, signed_in, team, api, person):
        one = made(member(team, username="zoe"), sight="team", team=team)
        assert 'name="sight"' not in signed_in.get(f"/collections/{one.pk}/change").text

        said = {"title": "Spring", "sight": "all", "team": ""}
        signed_in.post(f"/collections/{one.pk}/change", said)
        api.force_authenticate(person)
        answer = api.put(f"/api/collections/{one.pk}", said | {"team": None})

        one.refresh_from_db()
        assert (one.title, one.sight, one.team) == ("Spring", "team", team)
        assert answer.status_code == 403

    def test_what_one_keeps_for_oneself_is_no_concern_of_a_team(self, signed_in, team, zebra):
        made(member(team, username="zoe"), title="A gift for mika", team=team)

        assert "A gift for mika" not in signed_in.get("/ink/zebra").text

    def test_what_is_not_published_is_hidden_in_it(self, client, team, person):
        secret = VersionFactory(adapter__team=team, ready=True).adapter
        one = made(person, sight="all")
        collections.put_in(one, secret, by=person, now=NOW)

        page = client.get(f"/collections/{one.pk}").text
        assert secret.slug not in page
        assert "1 more is not shown to you" in page

    def test_a_team_must_be_named_for_its_members(self, signed_in):
        said = {"title": "Winter", "sight": "team", "team": ""}

        answer = signed_in.post("/collections/new", said)

        assert answer.status_code == 422
        assert "Name the team" in answer.text
