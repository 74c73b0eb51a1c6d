from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import get_resolver
from django.utils import timezone

from registry.errors import Invalid, NotAllowed, NotFound
from registry.models import Role, Scope, Team, User
from registry.queries import people
from registry.services import accounts
from tests.factories import TeamFactory, UserFactory, member

pytestmark = pytest.mark.django_db


def test_a_team_cannot_take_an_address_of_the_hubs_own():
    with pytest.raises(Invalid, match="account is an address"):
        accounts.found_team(slug="account", title="A", by=UserFactory(), now=timezone.now())


def test_every_address_of_the_hubs_own_is_kept_from_teams():
    first = {str(one.pattern).split("/")[0] for one in get_resolver().url_patterns}
    first |= {
        str(page.pattern).split("/")[0]
        for one in get_resolver().url_patterns
        if not str(one.pattern)
        for page in one.url_patterns
    }

    assert {word for word in first if word and "<" not in word} <= accounts.RESERVED


@pytest.fixture
def now():
    return timezone.now()


class TestFoundFirst:
    def test_makes_a_person_who_may_do_everything_and_their_team(self, now, db):
        password = accounts.found_first(username="admin", now=now)

        person = User.objects.get()
        assert person.check_password(password)
        assert person.is_superuser
        assert people.may(person, Role.ADMIN, Team.objects.get())

    def test_makes_nothing_where_there_is_somebody(self, now, db):
        UserFactory()

        assert accounts.found_first(username="admin", now=now) is None
        assert not Team.objects.exists()


class TestTokens:
    def issue(self, now, **changes):
        wanted = {"title": "CI", "scopes": [Scope.READ], "expires_at": None} | changes
        return accounts.issue_token(user=UserFactory(), now=now, **wanted)

    def test_are_kept_as_a_digest_alone(self, now, db):
        token, secret = self.issue(now)

        assert secret.startswith("ldx_")
        assert secret not in {token.digest, token.start}
        assert people.token_of(secret, now=now) == token

    def test_end_when_they_expire(self, now, db):
        _, secret = self.issue(now, expires_at=now + timedelta(days=1))

        assert people.token_of(secret, now=now) is not None
        assert people.token_of(secret, now=now + timedelta(days=2)) is None

    def test_end_when_they_are_revoked(self, now, db):
        token, secret = self.issue(now)

        accounts.revoke_token(token_id=token.pk, by=token.user, now=now)

        assert people.token_of(secret, now=now) is None

    def test_are_only_revoked_by_their_person(self, now, db):
        token, _ = self.issue(now)
        with pytest.raises(NotFound):
            accounts.revoke_token(token_id=token.pk, by=UserFactory(), now=now)

    def test_need_a_scope(self, now, db):
        with pytest.raises(Invalid, match="at least one scope"):
            self.issue(now, scopes=[])


class TestSetRole:
    def test_is_for_admins(self, now, db):
        team = TeamFactory()
        reviewer = member(team, Role.REVIEWER)
        with pytest.raises(NotAllowed):
            accounts.set_role(team=team, user=UserFactory(), role=Role.VIEWER, by=reviewer, now=now)

    def test_leaves_a_team_an_admin(self, now, db):
        team = TeamFactory()
        admin = member(team, Role.ADMIN)
        with pytest.raises(Invalid, match="last admin"):
            accounts.set_role(team=team, user=admin, role=Role.VIEWER, by=admin, now=now)
