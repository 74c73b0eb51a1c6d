"""Favourites, follows and notifications, by page and by API; and all lists that people keep."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.models import CollectionItem, Favourite, Follow, Notification
from registry.services import collections, events
from tests.factories import TeamFactory, UserFactory, VersionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]

NOW = timezone.now()


@pytest.fixture
def other():
    return UserFactory(username="noor")


def made(by, **said):
    return collections.make(collections.Said(**{"title": "Winter"} | said), by=by, now=NOW)


class TestKeeping:
    def test_a_favourite_is_kept_and_dropped(self, signed_in, zebra):
        assert "You have no favourites yet" in signed_in.get("/favourites").text

        signed_in.post("/ink/zebra/favourite", {"on": "1"})
        signed_in.post("/ink/zebra/favourite", {"on": "1"})
        assert Favourite.objects.count() == 1
        assert "/ink/zebra" in signed_in.get("/favourites").text

        signed_in.post("/ink/zebra/favourite", {"on": "0"})
        assert Favourite.objects.count() == 0

    def test_a_follow_is_shown_and_stopped(self, signed_in, zebra, person):
        signed_in.post("/ink/zebra/follow", {"on": "1"})
        signed_in.post("/teams/ink/follow", {"on": "1"})

        page = signed_in.get("/notifications").text
        assert "ink/zebra" in page
        assert 'aria-pressed="true"' in signed_in.get("/teams/ink").text
        assert Follow.objects.filter(user=person).count() == 2

        signed_in.post("/teams/ink/follow", {"on": "0"})
        assert Follow.objects.get().adapter == zebra.adapter

    def test_what_is_hidden_from_a_person_by_now_is_not_among_what_they_follow(
        self, signed_in, zebra, person
    ):
        signed_in.post("/ink/zebra/follow", {"on": "1"})
        zebra.adapter.versions.update(state="ready", published_at=None)
        person.memberships.all().delete()  # they have left

        assert "ink/zebra" not in signed_in.get("/notifications").text
        assert signed_in.get("/api/follows").json()["items"] == []

    def test_the_buttons_say_how_it_stands(self, signed_in, zebra):
        answer = signed_in.post("/ink/zebra/favourite", {"on": "1"}, headers={"HX-Request": "true"})

        assert 'aria-pressed="true"' in answer.text
        assert 'id="keep"' in answer.text

    def test_strangers_are_shown_no_buttons_and_asked_to_sign_in(self, client, zebra):
        assert 'id="keep"' not in client.get("/ink/zebra").text
        assert client.post("/ink/zebra/favourite", {"on": "1"}).status_code == 401


class TestNotifications:
    def test_are_shown_and_marked_as_seen(self, signed_in, zebra, person):
        event = events.record("version.rejected", on=zebra, now=NOW, reason="Too wide.")
        Notification.objects.create(user=person, event=event)

        page = signed_in.get("/notifications").text
        assert "Version 1 of" in page
        assert "Too wide." in page
        assert '<span class="badge">1</span>' in page

        signed_in.post("/notifications/seen")
        assert '<span class="badge">' not in signed_in.get("/notifications").text

    def test_mail_is_asked_for(self, signed_in, person):
        page = signed_in.post("/notifications/mail", {"pace": "soon"}, follow=True).text
        assert "no mail address" in page

        person.email = "mika@example.org"
        person.save()
        signed_in.post("/notifications/mail", {"pace": "daily"})
        assert person.mailing.pace == "daily"


class TestApi:
    def test_does_the_same(self, signed_in, zebra, person):
        json = "application/json"
        assert signed_in.put("/api/favourites/ink/zebra").status_code == 204
        assert signed_in.get("/api/favourites").json() == {"items": ["ink/zebra"]}
        assert signed_in.put("/api/follows/ink").status_code == 204
        assert signed_in.get("/api/follows").json()["items"][0]["team"] == "ink"

        one = signed_in.post("/api/collections", {"title": "Winter"}, json).json()["id"]
        at = f"/api/collections/{one}"
        assert signed_in.put(f"{at}/ink/zebra", {"note": "for snow"}, json).status_code == 204
        (item,) = signed_in.get(at).json()["items"]
        assert (item["adapter"], item["note"]) == ("ink/zebra", "for snow")
        assert signed_in.delete(at).status_code == 204

        event = events.record("version.rejected", on=zebra, now=NOW)
        Notification.objects.create(user=person, event=event)
        assert signed_in.get("/api/notifications").json()["unseen"] == 1
        assert signed_in.post("/api/notifications/seen", {}, json).json() == {"count": 1}

    def test_has_nothing_for_strangers(self, api, zebra):
        for address in ("favourites", "follows", "notifications"):
            assert api.get(f"/api/{address}").status_code == 401
        assert api.get("/api/collections").json() == {"items": []}
        TeamFactory(slug="others")
        assert api.put("/api/follows/others").status_code == 401


class TestPages:
    @pytest.fixture
    def fifty(self, signed_in, person):
        """Return a collection of fifty adapters that are favourites as well."""
        one = made(person)
        for n in range(50):
            adapter = VersionFactory(published=True, adapter__slug=f"no-{n}").adapter
            at = NOW + timedelta(minutes=n)
            Favourite.objects.create(user=person, adapter=adapter, added_at=at)
            collections.put_in(one, adapter, by=person, now=at)
        return one

    def test_are_turned_where_there_is_much(self, signed_in, fifty):
        for address in ("/favourites", f"/collections/{fifty.pk}"):
            first, second = signed_in.get(address).text, signed_in.get(f"{address}?page=2").text
            assert "/no-49" in first
            assert "/no-1<" not in first
            assert 'href="?page=2"' in first
            assert "/no-1<" in second
            assert 'href="?page=1"' in second
            assert "not shown to you" not in first

    def test_are_full_though_something_is_out_of_sight(self, client, signed_in, fifty, person):
        hidden = VersionFactory(ready=True, adapter__slug="hidden").adapter
        CollectionItem.objects.create(collection=fifty, adapter=hidden, added_at=NOW)
        collections.change(fifty, collections.Said("Winter", sight="all"), by=person, now=NOW)
        client.logout()

        page = client.get(f"/collections/{fifty.pk}").text

        assert page.count('class="card"') == 48
        assert "1 more is not shown to you" in page
