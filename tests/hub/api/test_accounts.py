from __future__ import annotations

import pytest

from registry.models import Event
from tests.factories import AdapterFactory, UserFactory, VersionFactory, member

pytestmark = pytest.mark.django_db


def test_who_one_is(signed_in):
    shown = signed_in.get("/api/account").json()
    teams = [{"team": "ink", "title": "Ink", "role": "contributor"}]
    said = {"display_name": "", "email": "", "language": ""}
    assert shown == {"name": "contributor", "teams": teams} | said


class TestTokens:
    def test_are_made_used_and_revoked(self, api, contributor):
        api.force_authenticate(contributor)
        made = api.post("/api/tokens", {"title": "CI", "scopes": ["read"]}).json()
        listed = api.get("/api/tokens").json()["items"]
        assert [row["title"] for row in listed] == ["CI"]
        assert "secret" not in listed[0]

        api.force_authenticate(None)
        bearer = {"HTTP_AUTHORIZATION": f"Bearer {made['secret']}"}
        assert api.get("/api/account", **bearer).json()["name"] == "contributor"

        api.force_authenticate(contributor)
        assert api.delete(f"/api/tokens/{made['id']}").status_code == 204
        api.force_authenticate(None)
        assert api.get("/api/account", **bearer).status_code == 401

    def test_are_ones_own(self, signed_in, api):
        made = signed_in.post("/api/tokens", {"title": "CI", "scopes": ["read"]}).json()
        api.force_authenticate(UserFactory())
        assert api.delete(f"/api/tokens/{made['id']}").status_code == 404

    @pytest.mark.parametrize("wrong", [{"scopes": []}, {"scopes": ["all"]}, {"title": ""}])
    def test_refuse(self, signed_in, wrong):
        asked = {"title": "CI", "scopes": ["read"]} | wrong
        assert signed_in.post("/api/tokens", asked).status_code == 400


class TestMembers:
    def test_are_taken_in_by_an_admin(self, api, team):
        api.force_authenticate(member(team, "admin", username="boss"))
        UserFactory(username="mei")
        put = api.put("/api/teams/ink/members/mei", {"role": "reviewer"})
        assert put.status_code == 200
        roles = {
            row["name"]: row["role"] for row in api.get("/api/teams/ink/members").json()["items"]
        }
        assert roles == {"boss": "admin", "mei": "reviewer"}

    def test_are_not_taken_in_by_others(self, signed_in):
        UserFactory(username="mei")
        answer = signed_in.put("/api/teams/ink/members/mei", {"role": "admin"})
        assert answer.status_code == 403

    def test_leave_no_team_without_an_admin(self, api, team):
        api.force_authenticate(member(team, "admin", username="boss"))
        answer = api.put("/api/teams/ink/members/boss", {"role": "viewer"})
        assert answer.status_code == 400
        assert "last admin" in answer.json()["detail"]

    def test_are_not_shown_to_strangers(self, api, team):
        api.force_authenticate(UserFactory())
        assert api.get("/api/teams/ink/members").status_code == 403


class TestChange:
    @pytest.fixture
    def ink(self, team):
        return VersionFactory(
            adapter=AdapterFactory(slug="wash", team=team), published=True
        ).adapter

    def test_says_something_else_and_it_is_found_by_that(self, signed_in, ink):
        answer = signed_in.patch("/api/adapters/ink/wash", {"title": "水墨画", "tags": ["Ink "]})
        assert answer.status_code == 200, answer.content
        assert (answer.json()["title"], answer.json()["tags"]) == ("水墨画", ["ink"])
        [row] = signed_in.get("/api/adapters?q=水墨").json()["items"]
        assert row["name"] == "wash"
        assert Event.objects.get(verb="adapter.changed").detail == {
            "fields": ["tags", "title"],
            "was": {"tags": [], "title": "Wash"},
        }

    def test_is_no_change_where_nothing_differs(self, signed_in, ink):
        signed_in.patch("/api/adapters/ink/wash", {"title": ink.title})
        assert not Event.objects.filter(verb="adapter.changed").exists()

    @pytest.mark.parametrize("said", [{"kind": "model"}, {"title": " "}, {"content_level": "x"}])
    def test_refuses(self, signed_in, ink, said):
        assert signed_in.patch("/api/adapters/ink/wash", said).status_code == 400

    def test_is_for_the_team(self, api, ink):
        api.force_authenticate(UserFactory())
        assert api.patch("/api/adapters/ink/wash", {"title": "Mine"}).status_code == 403
