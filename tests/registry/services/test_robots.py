from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.errors import Invalid, NotAllowed, NotFound, WrongState
from registry.models import Event, Role, Scope, Token
from registry.queries import people, robots
from registry.services import accounts, closing, teams
from registry.services import robots as making
from tests.factories import TeamFactory, UserFactory, member, token

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


class TestRenew:
    def test_gives_the_same_robot_another_secret(self, team, admin):
        made, old = make(team, admin)
        accounts.note_use(made, now=timezone.now())
        other = member(team, Role.ADMIN)

        renewed, new = making.renew(team, made.pk, by=other, now=timezone.now())

        assert people.token_of(old, now=timezone.now()) is None
        assert people.token_of(new, now=timezone.now()).user == made.user
        assert (renewed.pk, renewed.shown_to, renewed.used_at) == (made.pk, other, None)
        assert Event.objects.get(verb="team.robot-renewed").detail["robot"] == made.user.username

    def test_is_for_admins(self, team, admin):
        made, old = make(team, admin)
        with pytest.raises(NotAllowed):
            making.renew(team, made.pk, by=member(team, Role.REVIEWER), now=timezone.now())
        assert people.token_of(old, now=timezone.now())

    def test_touches_no_persons_token_and_no_other_teams(self, team, admin):
        token(admin)
        made, _ = make(team, admin)
        other = TeamFactory()
        with pytest.raises(NotFound):
            making.renew(team, admin.tokens.get().pk, by=admin, now=timezone.now())
        with pytest.raises(NotFound):
            making.renew(other, made.pk, by=member(other, Role.ADMIN), now=timezone.now())

    def test_does_not_wake_what_has_expired(self, team, admin):
        made, _ = make(team, admin, expires_at=timezone.now() + timedelta(days=1))
        with pytest.raises(WrongState, match="expired"):
            making.renew(team, made.pk, by=admin, now=timezone.now() + timedelta(days=2))


def leave(team, admin):
    teams.remove_member(team=team, user=admin, by=admin, now=timezone.now())


def demote(team, admin):
    by = team.memberships.exclude(user=admin).get(role=Role.ADMIN).user
    accounts.set_role(team=team, user=admin, role=Role.VIEWER, by=by, now=timezone.now())


def close(_team, admin):
    closing.close(admin, by=UserFactory(is_superuser=True), now=timezone.now())


class TestSecretsThatSomebodyKnows:
    @pytest.fixture(autouse=True)
    def other(self, team):
        return member(team, Role.ADMIN, username="bo")

    @pytest.mark.parametrize(
        ("goes", "why"), [(leave, "left"), (demote, "role"), (close, "closed")]
    )
    def test_are_told_of_when_they_are_no_admin_any_more(self, team, admin, goes, why):
        made, secret = make(team, admin)
        assert robots.at_large(team, now=timezone.now()) == []

        goes(team, admin)

        [found] = robots.at_large(team, now=timezone.now())
        assert (found.token, found.known_to, found.gone) == (made, admin, why)
        assert people.token_of(secret, now=timezone.now()) == made

    @pytest.mark.parametrize("goes", [leave, demote, close])
    def test_stand_in_the_log_once_with_their_titles(self, team, admin, other, goes):
        for title in ("Trainer", "Farm"):
            make(team, admin, title=title)
        make(team, other, title="Another's")

        goes(team, admin)

        event = Event.objects.get(verb="team.secrets-known")
        assert event.by is None
        assert event.detail == {"user": "ada", "tokens": ["Farm", "Trainer"]}

    def test_are_nothing_to_speak_of_once_renewed_revoked_or_over(self, team, admin, other):
        now = timezone.now()
        first, _ = make(team, admin)
        second, _ = make(team, admin)
        make(team, admin, expires_at=now + timedelta(minutes=1))
        leave(team, admin)

        making.renew(team, first.pk, by=other, now=now)
        making.revoke(team, second.pk, by=other, now=now)

        assert robots.at_large(team, now=now + timedelta(hours=1)) == []

    def test_of_nobody_leave_no_word(self, team, admin):
        leave(team, admin)

        assert not Event.objects.filter(verb="team.secrets-known").exists()

    def test_are_the_operators_to_know(self, team, admin, other):
        admin.is_superuser = True
        admin.save()
        make(team, admin)

        leave(team, admin)

        assert robots.at_large(team, now=timezone.now()) == []


def test_its_role_is_not_changed_afterwards(team, admin):
    made, _ = make(team, admin)
    with pytest.raises(Invalid, match="robot"):
        accounts.set_role(team=team, user=made.user, role=Role.ADMIN, by=admin, now=timezone.now())
