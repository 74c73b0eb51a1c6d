from __future__ import annotations

import pytest

from registry.models import Membership, Role, Team
from tests.factories import AdapterFactory, SceneFactory, UserFactory, VersionFactory, member
from tests.hub.pages import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(team, client):
    person = member(team, Role.ADMIN, username="ada")
    client.force_login(person)
    return person


class TestTeams:
    def test_lists_mine_with_my_role(self, signed_in):
        page = signed_in.get("/teams").text

        assert '<a href="/teams/ink">Ink</a>' in page
        assert "Contributor" in page
        assert "1 member" in page

    def test_says_what_to_do_to_those_in_none(self, client):
        client.force_login(UserFactory(username="lonely"))

        assert "You are in no team yet" in client.get("/teams").text

    def test_makes_one_where_the_hub_lets_members(self, signed_in, person, settings):
        settings.MEMBERS_FOUND_TEAMS = True

        page = signed_in.post("/teams", {"title": "Studio", "slug": "studio"}, follow=True)

        assert page.redirect_chain[-1][0] == "/teams/studio"
        assert Membership.objects.get(user=person, team__slug="studio").role == Role.ADMIN

    def test_makes_none_where_it_does_not(self, signed_in):
        assert "Make a team" not in signed_in.get("/teams").text
        answer = signed_in.post("/teams", {"title": "Studio", "slug": "studio"})

        assert answer.status_code == 403
        assert not Team.objects.filter(slug="studio").exists()

    def test_says_what_is_wrong_with_a_name(self, client):
        client.force_login(UserFactory(is_superuser=True))

        answer = client.post("/teams", {"title": "Account", "slug": "account"})

        assert answer.status_code == 422
        assert "address of the hub&#x27;s own" in answer.text


class TestTeam:
    def test_shows_strangers_what_is_published_and_no_names(self, client, zebra, team):
        VersionFactory(adapter=AdapterFactory(team=team, title="Secret"), ready=True)

        page = client.get("/teams/ink").text

        assert "Zebra" in page
        assert "1 member" in page
        assert "1 adapter published" in page
        assert "Secret" not in page
        assert "mika" not in page
        assert "/teams/ink/members" not in page

    def test_shows_members_what_waits(self, signed_in, team):
        VersionFactory(adapter=AdapterFactory(team=team), ready=True)
        SceneFactory(team=team, base=rows.base())

        page = signed_in.get("/teams/ink").text

        assert "1 version ready" in page
        assert "/bases/shapes#scenes" in page
        assert "/teams/ink/members" in page

    def test_is_not_found_where_there_is_none(self, client):
        assert client.get("/teams/nobody").status_code == 404


class TestMembers:
    def test_are_not_shown_to_others(self, client, team):
        client.force_login(UserFactory())

        assert client.get("/teams/ink/members").status_code == 403

    def test_are_seen_but_not_changed_by_members(self, signed_in):
        page = signed_in.get("/teams/ink/members").text

        assert "mika" in page
        assert "Leave the team" in page
        assert "Take somebody in" not in page

    def test_are_taken_in_by_admins(self, admin, client, team):
        somebody = UserFactory(username="ren")

        client.post("/teams/ink/members", {"username": "ren", "role": "reviewer"})

        assert Membership.objects.get(user=somebody, team=team).role == Role.REVIEWER

    def test_says_that_nobody_is_called_so(self, admin, client):
        answer = client.post("/teams/ink/members", {"username": "nobody", "role": "viewer"})

        assert answer.status_code == 422
        assert "Nobody here is called" in answer.text

    def test_change_roles(self, admin, client, person):
        client.post("/teams/ink/members/mika/role", {"role": "reviewer"})

        assert Membership.objects.get(user=person).role == Role.REVIEWER

    def test_keep_their_last_admin(self, admin, client):
        page = client.post("/teams/ink/members/ada/remove", follow=True).text

        assert "last admin" in page
        assert Membership.objects.filter(user=admin).exists()

    def test_leave(self, signed_in, person, team):
        member(team, Role.ADMIN)

        page = signed_in.post("/teams/ink/members/mika/remove", follow=True).text

        assert "You left Ink." in page
        assert not Membership.objects.filter(user=person).exists()

    def test_are_not_changed_by_others(self, signed_in, team):
        other = member(team, Role.VIEWER, username="ren")

        assert signed_in.post("/teams/ink/members/ren/role", {"role": "admin"}).status_code == 403
        assert signed_in.post("/teams/ink/members/ren/remove").status_code == 403
        assert Membership.objects.get(user=other).role == Role.VIEWER
