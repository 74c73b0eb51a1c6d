from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.errors import (
    Invalid,
    NameTaken,
    NotAllowed,
    NotFound,
    QuotaReached,
    WrongState,
)
from registry.models import Event, Invitation, Membership, Role, User
from registry.queries import people
from registry.services import accounts, invitations, teams
from tests.factories import TeamFactory, UserFactory, member

pytestmark = pytest.mark.django_db
PASSWORD = "seven horses on a hill"


@pytest.fixture
def admin(team):
    return member(team, Role.ADMIN, username="ada")


@pytest.fixture
def now():
    return timezone.now()


def invite(team, by, *, role=Role.REVIEWER, **more):
    return invitations.invite(team=team, role=role, by=by, now=timezone.now(), **more)


class TestInvite:
    def test_keeps_a_digest_alone(self, team, admin):
        invitation, secret = invite(team, admin)

        assert secret not in str(Invitation.objects.values().get())
        assert invitation.expires_at > timezone.now() + timedelta(days=6)

    def test_is_for_admins(self, team):
        with pytest.raises(NotAllowed):
            invite(team, member(team, Role.REVIEWER))

    @pytest.mark.parametrize("more", [{"days": 0}, {"days": 31}, {"address": "nobody"}], ids=str)
    def test_refuses_nonsense(self, team, admin, more):
        with pytest.raises(Invalid):
            invite(team, admin, **more)

    def test_is_limited_a_day_whatever_is_taken_back(self, team, admin, now):
        for _ in range(invitations.QUOTA.most):
            invitation, _secret = invite(team, admin, address="stranger@example.org")
            invitations.revoke(team, invitation.pk, by=admin, now=now)

        with pytest.raises(QuotaReached, match="60 a day"):
            invite(team, admin, address="stranger@example.org")


class TestAccept:
    def test_takes_in_once(self, team, admin, now):
        _, secret = invite(team, admin)
        invited = UserFactory()

        invitations.accept(secret, by=invited, now=now)

        assert people.role_in(invited, team) is Role.REVIEWER
        assert Event.objects.filter(verb="team.joined", by=invited, team=team).exists()
        with pytest.raises(NotFound, match="used"):
            invitations.accept(secret, by=UserFactory(), now=now)

    def test_never_lowers_a_role(self, team, admin, now):
        _, secret = invite(team, admin, role=Role.VIEWER)

        invitations.accept(secret, by=admin, now=now)

        assert people.role_in(admin, team) is Role.ADMIN

    def test_raises_one(self, team, admin, now):
        contributor = member(team)
        _, secret = invite(team, admin)

        invitations.accept(secret, by=contributor, now=now)

        assert people.role_in(contributor, team) is Role.REVIEWER

    def test_is_too_late_once_expired(self, team, admin, now):
        _, secret = invite(team, admin, days=1)
        with pytest.raises(NotFound, match="expired"):
            invitations.accept(secret, by=UserFactory(), now=now + timedelta(days=2))

    def test_is_too_late_once_taken_back(self, team, admin, now):
        invitation, secret = invite(team, admin)
        invitations.revoke(team, invitation.pk, by=admin, now=now)
        with pytest.raises(NotFound):
            invitations.accept(secret, by=UserFactory(), now=now)

    def test_is_of_no_use_to_an_admin_who_was_taken_out(self, team, admin, now):
        leaving = member(team, Role.ADMIN)
        _, secret = invite(team, leaving, role=Role.ADMIN)
        teams.remove_member(team=team, user=leaving, by=admin, now=now)

        with pytest.raises(NotFound):
            invitations.accept(secret, by=leaving, now=now)
        assert people.role_in(leaving, team) is None

    def test_does_not_raise_whoever_made_it_and_is_admin_no_longer(self, team, admin, now):
        lowered = member(team, Role.ADMIN)
        _, secret = invite(team, lowered, role=Role.ADMIN)
        accounts.set_role(team=team, user=lowered, role=Role.VIEWER, by=admin, now=now)

        with pytest.raises(NotFound):
            invitations.accept(secret, by=lowered, now=now)
        assert people.role_in(lowered, team) is Role.VIEWER

    def test_is_not_for_robots(self, team, admin, now):
        _, secret = invite(team, admin)
        with pytest.raises(Invalid, match="robot"):
            invitations.accept(secret, by=UserFactory(robot_of=TeamFactory()), now=now)

    def test_takes_nothing_made_up(self, now, db):
        with pytest.raises(NotFound):
            invitations.accept("made-up", by=UserFactory(), now=now)


class TestRevoke:
    def test_is_refused_once_used(self, team, admin, now):
        invitation, secret = invite(team, admin)
        invitations.accept(secret, by=UserFactory(), now=now)
        with pytest.raises(WrongState, match="used"):
            invitations.revoke(team, invitation.pk, by=admin, now=now)

    def test_finds_none_of_another_team(self, team, admin, now):
        invitation, _ = invite(team, admin)
        other = TeamFactory()
        with pytest.raises(NotFound):
            invitations.revoke(other, invitation.pk, by=member(other, Role.ADMIN), now=now)


class TestRegister:
    def test_makes_an_account_and_takes_it_in(self, team, admin, now):
        _, secret = invite(team, admin, address="ren@example.org")

        made = invitations.register(secret, username="ren", password=PASSWORD, now=now)

        assert (made.team, made.role) == (team, "reviewer")
        assert made.user.check_password(PASSWORD)
        assert made.user.email == "ren@example.org"

    @pytest.mark.parametrize(
        ("username", "password"),
        [("ren", "12345"), ("ren", "password"), ("renoir99", "renoir99"), ("a b", PASSWORD),
         ("", PASSWORD), ("x" * 151, PASSWORD)],
        ids=["short", "common", "the name", "a blank", "no name", "a long name"],
    )  # fmt: skip
    def test_refuses_what_is_easily_guessed_or_no_name(self, team, admin, now, username, password):
        _, secret = invite(team, admin)

        with pytest.raises(Invalid):
            invitations.register(secret, username=username, password=password, now=now)

        assert Invitation.objects.get().used_at is None
        assert not User.objects.filter(username=username).exists()

    def test_refuses_a_name_that_only_differs_in_large_letters(self, team, admin, now):
        _, secret = invite(team, admin)
        with pytest.raises(NameTaken):
            invitations.register(secret, username="ADA", password=PASSWORD, now=now)

    def test_needs_an_invitation(self, now, db):
        with pytest.raises(NotFound):
            invitations.register("made-up", username="ren", password=PASSWORD, now=now)
        assert not Membership.objects.exists()
