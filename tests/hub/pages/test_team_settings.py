from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import timezone
from django.utils.translation import override

from registry.models import ReviewPolicy, Role, Team
from registry.queries import activity, people
from registry.services import adapters, publishing
from registry.services import robots as making
from tests.factories import AdapterFactory, BaseFactory, EventFactory, VersionFactory, member
from tests.hub.pages import rows

pytestmark = pytest.mark.django_db
SERVICES = Path(__file__).resolve().parents[3] / "registry/services"


@pytest.fixture
def admin(team, client):
    person = member(team, Role.ADMIN, username="ada")
    client.force_login(person)
    return person


class TestSettings:
    def test_are_for_admins(self, signed_in):
        assert signed_in.get("/teams/ink/settings").status_code == 403
        assert signed_in.post("/teams/ink/policy", {}).status_code == 403

    def test_say_something_else_of_the_team(self, admin, client):
        rows.base()
        said = {
            "title": "Ink & wash",
            "description": "We **draw**.",
            "licence": "apache-2.0",
            "content_level": "suggestive",
            "base": "shapes",
        }

        page = client.post("/teams/ink/settings", said, follow=True).text

        team = Team.objects.get(slug="ink")
        assert (team.title, team.base.slug) == ("Ink & wash", "shapes")
        assert "The settings are saved." in page
        assert "<strong>draw</strong>" in client.get("/teams/ink").text

    def test_want_a_title(self, admin, client):
        assert client.post("/teams/ink/settings", {"title": ""}).status_code == 422

    def test_are_what_uploads_begin_with(self, client, team, person):
        Team.objects.filter(pk=team.pk).update(
            licence="cc-by-4.0", content_level="mature", base=BaseFactory(slug="shapes")
        )
        client.force_login(person)

        page = client.get("/upload?team=ink").text

        assert 'value="cc-by-4.0"' in page
        assert '<option value="mature" selected>' in page
        assert '<option value="shapes" selected>' in page

    def test_hold_for_programs_that_say_nothing(self, team, person):
        Team.objects.filter(pk=team.pk).update(licence="cc-by-4.0", content_level="mature")
        team.refresh_from_db()

        made = adapters.create(team=team, slug="new", title="New", by=person, now=timezone.now())

        assert (made.licence, made.content_level) == ("cc-by-4.0", "mature")


class TestPolicy:
    def test_is_saved_and_shown_again(self, admin, client):
        asked = {
            "proof": "loads",
            "approvals": "2",
            "approvers": "admin",
            "licence": "on",
            "no_warnings": ["metadata", "bytes"],
            "publishes_itself": "on",
        }

        page = client.post("/teams/ink/policy", asked, follow=True).text

        policy = ReviewPolicy.objects.get()
        assert (policy.proof, policy.approvals, policy.approvers) == ("loads", 2, "admin")
        assert policy.no_warnings == ["metadata", "bytes"]
        assert (policy.licence, policy.description, policy.publishes_itself) == (True, False, True)
        assert "The policy is saved." in page
        assert '<option value="2" selected>' in page
        assert "As it stands by ada" in page

    def test_refuses_what_is_no_policy(self, admin, client):
        answer = client.post("/teams/ink/policy", {"approvals": "7", "approvers": "viewer"})

        assert answer.status_code == 422
        assert not ReviewPolicy.objects.exists()


class TestActivity:
    def test_tells_in_words(self, signed_in, team, person):
        version = VersionFactory(
            adapter=AdapterFactory(team=team, title="Zebra"), ready=True, uploaded_by=person
        )
        publishing.publish(version, by=person, now=timezone.now())

        page = signed_in.get("/teams/ink/activity").text

        assert "mika published version 1 of Zebra." in page

    def test_is_for_members(self, client):
        client.force_login(
            member(Team.objects.create(slug="x", title="X", created_at=timezone.now()))
        )
        Team.objects.create(slug="ink", title="Ink", created_at=timezone.now())

        assert client.get("/teams/ink/activity").status_code == 403

    def test_is_narrowed_and_turned(self, signed_in, team, person):
        other = member(team, username="ren")
        for _ in range(60):
            EventFactory(verb="team.joined", team=team, by=other, detail={"role": "viewer"})
            EventFactory(verb="team.changed", team=team, by=person, detail={"fields": ["title"]})
        EventFactory(verb="channel.moved", team=team, by=other, detail={"channel": "prod", "to": 1})

        everything = signed_in.get("/teams/ink/activity").text
        his = signed_in.get("/teams/ink/activity?by=ren&kind=people").text

        assert "ren pointed prod" in everything
        assert his.count("ren joined the team as Viewer.") == 50
        assert "mika" not in his.split("<ol")[1].split("</ol")[0]
        assert "kind=people&amp;by=ren&amp;cursor=" in his

    def test_asks_as_often_for_many_as_for_one(self, team, person, django_assert_max_num_queries):
        from hub.pages import addresses

        for _ in range(5):
            version = VersionFactory(adapter__team=team)
            EventFactory(team=team, adapter=version.adapter, version=version, by=person)
        with django_assert_max_num_queries(2):
            page = activity.page(team, activity.Filters(), by=person)
            assert all(addresses.page(event.version) for event in page.events)

    def test_tells_every_verb_that_it_knows_a_kind_of(self):
        from hub.pages import tellings

        known = {verb for verbs in activity.KINDS.values() for verb in verbs}

        assert known == set(tellings.SAYINGS)

    def test_tells_every_verb_that_is_recorded_unless_it_is_no_news(self):
        written = "".join(path.read_text(encoding="utf-8") for path in SERVICES.rglob("*.py"))
        recorded = set(re.findall(r'events\.record\(\s*"([a-z.-]+)"', written))

        assert len(recorded) > 40
        told = {verb for verbs in activity.KINDS.values() for verb in verbs}
        of_no_team = {"person.levels"}
        assert recorded - told - set(activity.UNTOLD) - of_no_team == set()

    def test_tells_how_many_came_in_even_if_none(self, team):
        from hub.pages import tellings

        detail = {"source": "/srv/loras", "made": 0, "failed": 2}
        with override("en"):
            said = tellings.tell(EventFactory(verb="import.done", team=team, detail=detail))
        assert said == "/srv/loras was imported; came in: 0, failed: 2."

    def test_tells_events_that_lack_what_their_saying_holds(self, team):
        from hub.pages import tellings

        for verb in tellings.SAYINGS:
            said = tellings.tell(EventFactory(verb=verb, team=team))
            assert "{" not in said


class TestRobots:
    def test_are_made_and_revoked(self, admin, client):
        made = client.post(
            "/teams/ink/tokens", {"title": "Farm", "role": "contributor", "lifetime": "30"}
        ).text
        secret = made.split('id="secret">')[1].split("<")[0]

        robot = people.token_of(secret, now=timezone.now())
        assert people.role_in(robot.user, robot.user.robot_of) is Role.CONTRIBUTOR
        client.post(f"/teams/ink/tokens/{robot.pk}/revoke")
        assert people.token_of(secret, now=timezone.now()) is None

    def test_are_renewed_and_the_new_secret_is_shown(self, admin, client, team):
        wanted = making.Wanted("Farm", Role.CONTRIBUTOR)
        robot, old = making.make(team, wanted, by=admin, now=timezone.now())

        page = client.post(f"/teams/ink/tokens/{robot.pk}/renew").text

        secret = page.split('id="secret">')[1].split("<")[0]
        assert people.token_of(secret, now=timezone.now()) == robot
        assert people.token_of(old, now=timezone.now()) is None

    def test_whose_maker_leaves_are_spoken_of_until_they_are_renewed(self, admin, client, team):
        gone = member(team, Role.ADMIN, username="gone")
        wanted = making.Wanted("Farm", Role.CONTRIBUTOR)
        robot, _secret = making.make(team, wanted, by=gone, now=timezone.now())
        assert "knows the secret" not in client.get("/teams/ink").text

        left = client.post("/teams/ink/members/gone/remove", follow=True).text

        assert "gone knows the secret of 1 token of the team" in left
        assert "knows the secret of 1 token of the team" in client.get("/teams/ink").text
        assert "has left the team" in client.get("/teams/ink/tokens").text
        client.post(f"/teams/ink/tokens/{robot.pk}/renew")
        assert "knows the secret" not in client.get("/teams/ink").text
        assert "has left the team" not in client.get("/teams/ink/tokens").text

    def test_whose_maker_left_are_no_news_to_other_members(self, signed_in, team):
        gone = member(team, Role.ADMIN)
        member(team, Role.ADMIN)
        wanted = making.Wanted("Farm", Role.CONTRIBUTOR)
        making.make(team, wanted, by=gone, now=timezone.now())
        gone.memberships.all().delete()

        assert "knows the secret" not in signed_in.get("/teams/ink").text

    def test_are_for_admins(self, signed_in):
        assert signed_in.get("/teams/ink/tokens").status_code == 403

    def test_need_a_title(self, admin, client):
        assert client.post("/teams/ink/tokens", {"role": "viewer"}).status_code == 422
