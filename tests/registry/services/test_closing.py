from __future__ import annotations

import pytest
from django.utils import timezone

from registry.models import Event, Role
from registry.services import closing
from tests.factories import MembershipFactory, TeamFactory, UserFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return UserFactory(username="root", is_superuser=True)


def said():
    events = Event.objects.order_by("team__slug")
    return [(one.verb, one.team.slug, one.by.username, one.detail) for one in events]


def test_the_log_of_each_team_says_who_left_it_by_closing(team, operator):
    gone = member(team, Role.REVIEWER, username="ada")
    MembershipFactory(team=TeamFactory(slug="zoo"), user=gone, role=Role.VIEWER)
    TeamFactory(slug="another")

    closing.close(gone, by=operator, now=timezone.now())

    gone.refresh_from_db()
    assert not gone.is_active
    assert said() == [
        ("team.account-closed", "ink", "root", {"user": "ada", "role": "reviewer"}),
        ("team.account-closed", "zoo", "root", {"user": "ada", "role": "viewer"}),
    ]


def test_who_is_in_no_team_leaves_no_word(operator):
    closing.close(UserFactory(), by=operator, now=timezone.now())

    assert said() == []


def test_an_account_that_is_opened_again_has_its_roles_back(team, operator):
    back = member(team, Role.REVIEWER, username="ada", is_active=False)

    closing.reopen(back, by=operator, now=timezone.now())

    back.refresh_from_db()
    assert back.is_active
    assert said() == [
        ("team.account-reopened", "ink", "root", {"user": "ada", "role": "reviewer"}),
    ]
