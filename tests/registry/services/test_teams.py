from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import timezone

from registry.errors import Invalid, NotAllowed, NotFound
from registry.models import Event, Membership, Role, User
from registry.queries import people
from registry.services import accounts, teams
from tests.factories import BaseFactory, TeamFactory, UserFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(team):
    return member(team, Role.ADMIN, username="ada")


def remove(team, user, by):
    teams.remove_member(team=team, user=user, by=by, now=timezone.now())


class TestFoundTeam:
    @pytest.mark.parametrize("slug", ["", "Ink", "a b", "-ink", "ink--wash", "墨", "x" * 61])
    def test_wants_a_name_that_stands_in_addresses(self, slug):
        with pytest.raises(Invalid):
            accounts.found_team(slug=slug, title="Ink", by=UserFactory(), now=timezone.now())


class TestRemoveMember:
    def test_takes_somebody_out(self, team, admin):
        gone = member(team)

        remove(team, gone, admin)

        assert people.role_in(gone, team) is None
        assert Event.objects.get(verb="team.removed").detail == {"user": gone.username}

    def test_lets_anyone_leave(self, team, admin):
        gone = member(team, Role.VIEWER)

        remove(team, gone, gone)

        assert people.role_in(gone, team) is None
        assert Event.objects.filter(verb="team.left", by=gone).exists()

    def test_is_for_admins(self, team, admin):
        with pytest.raises(NotAllowed):
            remove(team, member(team), member(team, Role.REVIEWER))

    def test_leaves_a_team_an_admin(self, team, admin):
        with pytest.raises(Invalid, match="last admin"):
            remove(team, admin, admin)

    def test_takes_no_robot_for_an_admin(self, team, admin):
        member(team, Role.REVIEWER, robot_of=team)
        with pytest.raises(Invalid, match="last admin"):
            remove(team, admin, admin)

    def test_finds_nobody_who_is_not_there(self, team, admin):
        with pytest.raises(NotFound):
            remove(team, UserFactory(), admin)


@pytest.mark.django_db(transaction=True)
def test_of_two_last_admins_who_leave_at_once_one_stays():
    team = TeamFactory()
    both = [member(team, Role.ADMIN), member(team, Role.ADMIN)]
    start, refused = threading.Barrier(2), []

    def leave(by):
        start.wait(10)
        try:
            remove(team, by, by)
        except Invalid:
            refused.append(by)
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=[by]) for by in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(refused) == 1
    assert Membership.objects.filter(team=team, role=Role.ADMIN).count() == 1


class TestChange:
    def change(self, team, by, **about):
        return teams.change(team, teams.About(**about), by=by, now=timezone.now())

    def test_says_something_else_and_leaves_an_event(self, team, admin):
        base = BaseFactory()

        assert self.change(team, admin, title="Ink & wash", licence="mit", base=base)

        team.refresh_from_db()
        assert (team.title, team.licence, team.base) == ("Ink & wash", "mit", base)
        assert Event.objects.get(verb="team.changed").detail["fields"] == [
            "title",
            "licence",
            "base",
        ]

    def test_keeps_a_title_on_one_line(self, team, admin):
        self.change(team, admin, title="Ink\n\nYou won: example.org")  # it stands in mails
        assert team.title == "Ink You won: example.org"

    def test_does_nothing_where_nothing_changes(self, team, admin):
        assert not self.change(team, admin, title=team.title)
        assert not Event.objects.filter(verb="team.changed").exists()

    def test_takes_the_base_away(self, team, admin):
        self.change(team, admin, base=BaseFactory())
        self.change(team, admin, base=False)

        team.refresh_from_db()
        assert team.base is None

    @pytest.mark.parametrize(
        "about",
        [{"title": " "}, {"title": "x" * 121}, {"licence": "x" * 121}, {"content_level": "odd"}],
        ids=["no title", "a long title", "a long licence", "an odd level"],
    )
    def test_refuses_nonsense(self, team, admin, about):
        with pytest.raises(Invalid):
            self.change(team, admin, **about)

    def test_is_for_admins(self, team):
        with pytest.raises(NotAllowed):
            self.change(team, member(team, Role.REVIEWER), title="Mine")


def test_a_robot_is_no_member_and_is_found_by_nobody(team):
    robot = member(team, Role.REVIEWER, robot_of=team)

    assert list(people.members_of(team)) == []
    with pytest.raises(NotFound):
        people.by_name(robot.username)
    assert User.objects.filter(pk=robot.pk).exists()
