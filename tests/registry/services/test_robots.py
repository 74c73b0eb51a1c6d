from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.errors import Invalid, NotAllowed, NotFound
from registry.models import Event, Role, Scope, Token
from registry.queries import people, robots
from registry.services import accounts
from registry.services import robots as making
from tests.factories import TeamFactory, member, token

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(team):
    return member(team, Role.ADMIN, username="ada")


def make(team, by, **wanted):
    asked = making.Wanted(**{"title": "Render farm", "role": Role.CONTRIBUTOR} | wanted)
    return making.make(team, asked, by=by, now=timezone.now())


class TestMake:
    def test_makes_somebody_with_the_role_in_this_team_alone(self, team, admin):
        made, secret = make(team, admin)

        robot = people.token_of(secret, now=timezone.now()).user
        assert robot == made.user
        assert robot.username.startswith("ink.render-farm.")
        assert not robot.has_usable_password()
        assert people.role_in(robot, team) is Role.CONTRIBUTOR
        assert people.role_in(robot, TeamFactory()) is None
        assert set(made.scopes) == {"read", "upload", "publish"}
        assert Event.objects.get(verb="team.robot-made").detail["robot"] == robot.username

    def test_keeps_to_fewer_scopes(self, team, admin):
        assert make(team, admin, scopes=[Scope.READ])[0].scopes == ["read"]

    @pytest.mark.parametrize(
        "wanted",
        [
            {"role": Role.ADMIN},
            {"title": " "},
            {"role": Role.VIEWER, "scopes": [Scope.UPLOAD]},
            {"scopes": [Scope.ADMIN]},
            {"expires_at": timezone.now() - timedelta(days=1)},
        ],
        ids=["an admin", "no title", "a viewer that uploads", "scope admin", "expired"],
    )
    def test_refuses(self, team, admin, wanted):
        with pytest.raises(Invalid):
            make(team, admin, **wanted)
        assert not Token.objects.exists()

    def test_is_for_admins(self, team):
        with pytest.raises(NotAllowed):
            make(team, member(team, Role.REVIEWER))

    def test_makes_two_of_one_title(self, team, admin):
        assert make(team, admin)[0].user != make(team, admin)[0].user


class TestRevoke:
    def test_ends_the_token_and_the_membership(self, team, admin):
        made, secret = make(team, admin)

        making.revoke(team, made.pk, by=admin, now=timezone.now())

        assert people.token_of(secret, now=timezone.now()) is None
        assert people.role_in(made.user, team) is None
        assert list(robots.of_team(team)) == []

    def test_touches_no_persons_token(self, team, admin):
        token(admin)
        with pytest.raises(NotFound):
            making.revoke(team, Token.objects.get().pk, by=admin, now=timezone.now())

    def test_touches_no_other_teams(self, team, admin):
        made, _ = make(team, admin)
        other = TeamFactory()
        with pytest.raises(NotFound):
            making.revoke(other, made.pk, by=member(other, Role.ADMIN), now=timezone.now())


def test_its_role_is_not_changed_afterwards(team, admin):
    made, _ = make(team, admin)
    with pytest.raises(Invalid, match="robot"):
        accounts.set_role(team=team, user=made.user, role=Role.ADMIN, by=admin, now=timezone.now())
