from __future__ import annotations

import csv
import json

import pytest
from django.core import mail
from django.utils import timezone

from registry.models import Membership, ReviewPolicy, Role, Scope, Team
from registry.services import closing, deprecating, reviews
from tests.factories import (
    AdapterFactory,
    BaseFactory,
    EventFactory,
    TeamFactory,
    UserFactory,
    VersionFactory,
    member,
    token,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]


@pytest.fixture
def admin(team, api):
    person = member(team, Role.ADMIN, username="ada")
    api.force_authenticate(person)
    return person


@pytest.fixture
def ready(team):
    adapter = AdapterFactory(team=team, slug="zebra", created_by=member(team, username="mika"))
    return VersionFactory(adapter=adapter, ready=True)


def with_token(api, secret):
    api.force_authenticate(None)
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return api


class TestTeams:
    def test_are_listed_with_ones_role(self, admin, api):
        [item] = api.get("/api/teams").json()["items"]

        assert (item["team"], item["role"], item["members"]) == ("ink", "admin", 1)

    def test_are_made_where_the_hub_lets_one(self, admin, api, settings):
        wanted = {"slug": "studio", "title": "Studio"}
        assert api.post("/api/teams", wanted).status_code == 403
        settings.MEMBERS_FOUND_TEAMS = True

        answer = api.post("/api/teams", wanted)

        assert answer.status_code == 201
        assert Membership.objects.get(team__slug="studio").user == admin
        assert api.post("/api/teams", wanted).status_code == 400

    def test_tell_strangers_no_more_than_their_pages(self, api, ready):
        told = api.get("/api/teams/ink").json()

        assert (told["role"], told["versions"], told["members"]) == (None, {}, 1)

    def test_are_changed(self, admin, api):
        BaseFactory(slug="shapes")
        wanted = {"title": "Ink & wash", "base": "shapes", "content_level": "mature"}

        told = api.patch("/api/teams/ink", wanted).json()

        assert (told["title"], told["base"], told["content_level"]) == (
            "Ink & wash",
            "shapes",
            "mature",
        )
        assert api.patch("/api/teams/ink", {"base": None}).json()["base"] is None

    def test_lose_members_but_not_the_last_admin(self, admin, api, team):
        member(team, username="ren")

        assert api.delete("/api/teams/ink/members/ren").status_code == 204
        answer = api.delete("/api/teams/ink/members/ada")
        assert (answer.status_code, "last admin" in answer.json()["detail"]) == (400, True)


class TestPolicy:
    def test_is_empty_at_first_and_then_as_it_was_set(self, admin, api):
        assert api.get("/api/teams/ink/policy").json()["approvals"] == 0
        wanted = {"approvals": 2, "no_warnings": ["metadata"], "approvers": "admin"}

        told = api.put("/api/teams/ink/policy", wanted).json()

        assert told == api.get("/api/teams/ink/policy").json()
        assert ReviewPolicy.objects.get().approvers == "admin"

    def test_refuses_to_publish_and_says_what_is_missing(self, admin, api, ready):
        api.put("/api/teams/ink/policy", {"licence": True, "approvals": 1})

        answer = api.post("/api/adapters/ink/zebra/versions/1/publish")

        assert answer.status_code == 409
        assert answer.json()["code"] == "policy-unmet"
        assert [one["code"] for one in answer.json()["missing"]] == ["licence", "approvals"]

    def test_needs_the_scope(self, admin, api):
        answer = with_token(api, token(admin, Scope.PUBLISH)).put("/api/teams/ink/policy", {})

        assert answer.json()["code"] == "outside-scope"


class TestReview:
    def test_lists_what_waits(self, admin, api, ready):
        told = api.get("/api/review").json()

        assert told["to_decide"] == 1
        [item] = told["items"]
        assert (item["team"], item["name"], item["version"]) == ("ink", "zebra", 1)
        assert item["review"]["missing"] == []

    def test_decides(self, admin, api, ready):
        at = "/api/adapters/ink/zebra/versions/1/review"

        assert api.post(at, {"decision": "approve"}).json()["approved_by"] == ["ada"]
        back = api.post(at, {"decision": "send-back", "reason": "The hands."}).json()
        assert (back["approved_by"], back["sent_back"]["reason"]) == ([], "The hands.")
        assert back["missing"][0]["code"] == "sent-back"
        again = api.post(at, {"decision": "ask-again"}).json()
        assert [one["decision"] for one in again["history"]] == [
            "approved",
            "sent_back",
            "asked_again",
        ]

    def test_says_whose_approval_does_not_count_any_more(self, admin, api, ready, team):
        mei = member(team, Role.REVIEWER, username="mei")
        reviews.approve(ready, by=mei, now=timezone.now())
        mei.memberships.update(role=Role.VIEWER)

        told = api.get("/api/adapters/ink/zebra/versions/1/review").json()

        assert told["approved_by"] == []
        assert [(one["by"], one["lapsed"]) for one in told["history"]] == [("mei", "role")]

    def test_wants_a_reason_to_send_back(self, admin, api, ready):
        answer = api.post("/api/adapters/ink/zebra/versions/1/review", {"decision": "send-back"})

        assert answer.status_code == 400

    def test_is_for_the_team(self, api, team):
        version = VersionFactory(adapter=AdapterFactory(team=team, slug="tiger"), published=True)
        api.force_authenticate(UserFactory())

        at = f"/api/adapters/ink/tiger/versions/{version.number}/review"

        assert api.get(at).status_code == 403


class TestInvitations:
    def test_are_made_mailed_and_accepted(self, admin, api):
        made = api.post(
            "/api/teams/ink/invitations", {"role": "reviewer", "address": "ren@example.org"}
        )
        told = made.json()
        assert (made.status_code, told["sent"], made["Cache-Control"]) == (201, True, "no-store")
        assert told["link"] in mail.outbox[0].body
        assert "link" not in api.get("/api/teams/ink/invitations").json()["items"][0]

        guest = UserFactory(username="ren")
        api.force_authenticate(guest)
        secret = told["link"].rpartition("/")[2]
        assert api.post("/api/invitations", {"secret": secret}).json()["role"] == "reviewer"
        assert api.post("/api/invitations", {"secret": secret}).status_code == 404

    def test_are_taken_back(self, admin, api):
        told = api.post("/api/teams/ink/invitations", {"role": "viewer"}).json()

        assert api.delete(f"/api/teams/ink/invitations/{told['id']}").status_code == 204
        assert api.get("/api/teams/ink/invitations").json()["items"] == []

    def test_are_for_admins(self, api, contributor):
        api.force_authenticate(contributor)

        assert api.get("/api/teams/ink/invitations").status_code == 403


class TestTokensOfATeam:
    def test_upload_as_their_robot_and_change_nobodys_role(self, admin, api, ready):
        made = api.post("/api/teams/ink/tokens", {"title": "Farm", "role": "reviewer"}).json()

        robot = with_token(api, made["secret"])

        assert robot.get("/api/account").json()["name"] == made["name"]
        assert robot.post("/api/adapters/ink/zebra/versions/1/publish").status_code == 200
        assert robot.put("/api/teams/ink/members/mika", {"role": "admin"}).status_code == 403
        review = robot.post("/api/adapters/ink/zebra/versions/1/review", {"decision": "approve"})
        assert review.status_code == 403

    def test_have_no_role_elsewhere(self, admin, api):
        made = api.post("/api/teams/ink/tokens", {"title": "Farm", "role": "contributor"}).json()
        other = VersionFactory(adapter=AdapterFactory(team=TeamFactory(slug="other")), ready=True)

        answer = with_token(api, made["secret"]).post(
            f"/api/adapters/other/{other.adapter.slug}/versions/1/publish"
        )

        assert answer.status_code == 404

    def test_end_when_they_are_revoked(self, admin, api):
        made = api.post("/api/teams/ink/tokens", {"title": "Farm", "role": "viewer"}).json()

        assert api.delete(f"/api/teams/ink/tokens/{made['id']}").status_code == 204
        assert with_token(api, made["secret"]).get("/api/account").status_code == 401

    def test_say_who_saw_their_secret_and_is_gone_and_are_renewed(self, admin, api, team):
        made = api.post("/api/teams/ink/tokens", {"title": "Farm", "role": "viewer"}).json()
        assert (made["known_to"], made["gone"]) == ("ada", "")
        bo = member(team, Role.ADMIN, username="bo")
        admin.memberships.update(role=Role.VIEWER)
        api.force_authenticate(bo)

        [listed] = api.get("/api/teams/ink/tokens").json()["items"]
        renewed = api.post(f"/api/teams/ink/tokens/{made['id']}/renew")

        assert (listed["known_to"], listed["gone"]) == ("ada", "role")
        assert renewed["Cache-Control"] == "no-store"
        told = renewed.json()
        assert (told["id"], told["known_to"], told["gone"]) == (made["id"], "bo", "")
        assert with_token(api, made["secret"]).get("/api/account").status_code == 401
        assert with_token(api, told["secret"]).get("/api/account").json()["name"] == made["name"]

    def test_are_renewed_by_admins_alone(self, admin, api, team):
        made = api.post("/api/teams/ink/tokens", {"title": "Farm", "role": "viewer"}).json()
        at = f"/api/teams/ink/tokens/{made['id']}/renew"
        api.force_authenticate(member(team, Role.REVIEWER))

        assert api.post(at).status_code == 403
        assert (
            with_token(api, token(admin, Scope.PUBLISH)).post(at).json()["code"] == "outside-scope"
        )

    def test_are_never_admins(self, admin, api):
        answer = api.post("/api/teams/ink/tokens", {"title": "Farm", "role": "admin"})

        assert answer.status_code == 400


class TestActivity:
    def test_is_paged_by_cursors(self, admin, api, team):
        for _ in range(5):
            EventFactory(verb="team.joined", team=team, by=admin, detail={"role": "viewer"})

        first = api.get("/api/teams/ink/activity?limit=3&kind=people").json()
        rest = api.get(f"/api/teams/ink/activity?limit=3&cursor={first['next']}").json()

        ids = [one["id"] for one in (*first["items"], *rest["items"])]
        assert len(set(ids)) == 5
        assert ids == sorted(ids, reverse=True)
        assert rest["next"] == ""

    def test_is_a_table_that_spreadsheets_do_not_run(self, admin, api, team):
        EventFactory(verb="team.left", team=team, by=UserFactory(username="=1+1"))

        answer = api.get("/api/teams/ink/activity?format=csv")
        rows = list(csv.DictReader(b"".join(answer.streaming_content).decode().splitlines()))

        assert answer["Content-Type"].startswith("text/csv")
        assert (rows[0]["verb"], rows[0]["by"]) == ("team.left", "'=1+1")

    def test_says_who_left_because_their_account_was_closed(self, admin, api, client, team):
        root = UserFactory(username="root", is_superuser=True)
        closing.close(member(team, Role.REVIEWER, username="cy"), by=root, now=timezone.now())

        answer = api.get("/api/teams/ink/activity?format=csv&kind=people")
        [row] = csv.DictReader(b"".join(answer.streaming_content).decode().splitlines())
        assert (row["verb"], row["by"]) == ("team.account-closed", "root")
        assert json.loads(row["detail"]) == {"user": "cy", "role": "reviewer"}

        client.force_login(admin)
        page = client.get("/teams/ink/activity", headers={"Accept-Language": "en"}).text
        assert "cy left the team, as Reviewer: root closed the account." in page

    @pytest.mark.parametrize("how", ["limit=9", "format=csv"])
    def test_tells_each_what_is_theirs_to_know(self, admin, api, team, how):
        def told(person):
            api.force_authenticate(person)
            answer = api.get(f"/api/teams/ink/activity?{how}")
            return b"".join(answer) if answer.streaming else answer.content

        EventFactory(verb="team.invited", team=team, by=admin, detail={"address": "a@example.org"})
        EventFactory(verb="complaint.made", team=team, by=UserFactory())

        assert b"a@example.org" in told(admin)
        reviewer, viewer = told(member(team, Role.REVIEWER)), told(member(team, Role.VIEWER))
        assert (b"complaint.made" in reviewer, b"a@example.org" in reviewer) == (True, False)
        assert (b"complaint.made" in viewer, b"team.invited" in viewer) == (False, True)
        assert b"a@example.org" not in viewer

    @pytest.mark.parametrize("query", ["kind=odd", "limit=0", "limit=x", "cursor=x"])
    def test_refuses_nonsense(self, admin, api, query):
        assert api.get(f"/api/teams/ink/activity?{query}").status_code == 400

    def test_is_for_members(self, api, team):
        api.force_authenticate(UserFactory())

        assert api.get("/api/teams/ink/activity").status_code == 403


class TestDeprecate:
    @pytest.fixture
    def published(self, team):
        return VersionFactory(
            adapter=AdapterFactory(team=team, slug="zebra", title="Zebra"), published=True
        )

    def test_is_told_by_every_door(self, admin, api, published):
        VersionFactory(adapter=published.adapter, published=True)
        at = "/api/adapters/ink/zebra/versions/1"

        told = api.post(f"{at}/deprecate", {"reason": "It flickers.", "successor": "2"}).json()

        assert told["deprecated"]["reason"] == "It flickers."
        assert told["successor"] == "ink/zebra@2"
        said = "It is deprecated: It flickers. Use ink/zebra@2 instead."
        assert all(one["requirements"][0] == said for one in told["recipes"].values())
        answer = api.get(f"{at}/download")
        assert answer["Deprecation"].startswith("@")
        assert answer["Warning"] == ('299 - "This version is deprecated; use ink/zebra@2 instead."')
        answer = api.get("/ink/zebra/resolve/v1/README.md")
        assert answer["Warning"] == ('299 - "This version is deprecated; use ink/zebra@2 instead."')
        readme = answer.content.decode()
        assert "> **Deprecated.** It is deprecated: It flickers. Use ink/zebra@2 instead." in readme

    def test_is_in_lists_and_can_be_left_out(self, admin, api, published):
        now = timezone.now()
        deprecating.deprecate(published, reason="Old.", by=admin, now=now)

        [item] = api.get("/api/adapters").json()["items"]

        assert item["deprecated"]["reason"] == "Old."
        assert api.get("/api/adapters?deprecated=false").json()["items"] == []
        assert len(api.get("/api/adapters?deprecated=true").json()["items"]) == 1

    def test_is_taken_back(self, admin, api, published):
        at = "/api/adapters/ink/zebra/versions/1"
        api.post(f"{at}/deprecate", {"reason": "Old.", "all_versions": True})

        assert api.post(f"{at}/reinstate").json()["deprecated"] is None
        assert "Warning" not in api.get(f"{at}/download")

    def test_is_taken_back_of_all_versions(self, admin, api, published):
        VersionFactory(adapter=published.adapter, published=True)
        at = "/api/adapters/ink/zebra/versions"
        api.post(f"{at}/1/deprecate", {"reason": "Old.", "all_versions": True})

        told = api.post(f"{at}/1/reinstate", {"all_versions": True}).json()

        assert told["deprecated"] is None
        assert api.get(f"{at}/2").json()["deprecated"] is None

    def test_is_not_for_everyone(self, api, published):
        api.force_authenticate(UserFactory())

        answer = api.post("/api/adapters/ink/zebra/versions/1/deprecate", {"reason": "Mine."})

        assert answer.status_code == 403


def test_a_team_is_found_by_its_name_alone(api, db):
    assert api.get("/api/teams/nobody").status_code == 404
    assert not Team.objects.exists()


class TestAccount:
    def test_says_something_else_of_oneself(self, admin, api):
        told = api.patch("/api/account", {"display_name": "Ada", "language": "zh-hans"}).json()

        assert (told["name"], told["display_name"], told["language"]) == ("ada", "Ada", "zh-hans")

    @pytest.mark.parametrize("said", [{"language": "tlh"}, {"email": "x"}], ids=str)
    def test_refuses_nonsense(self, admin, api, said):
        assert api.patch("/api/account", said).status_code == 400
