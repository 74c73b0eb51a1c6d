from __future__ import annotations

import pytest
from django.utils import timezone

from registry.errors import NotAllowed, WrongState
from registry.models import Event, Role
from registry.services import publishing
from tests.factories import TeamFactory, VersionFactory, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]


class TestPublish:
    def test_lets_everyone_find_a_ready_version(self):
        version = VersionFactory(ready=True)
        reviewer = member(version.adapter.team, Role.REVIEWER)

        published = publishing.publish(version, by=reviewer, now=timezone.now())

        assert published.state == "published"
        assert Event.objects.filter(verb="version.published", by=reviewer).count() == 1

    def test_twice_is_once(self):
        version = VersionFactory(ready=True)
        reviewer = member(version.adapter.team, Role.REVIEWER)

        for _ in range(2):
            publishing.publish(version, by=reviewer, now=timezone.now())

        assert Event.objects.filter(verb="version.published").count() == 1

    @pytest.mark.parametrize("state", ["waiting", "rejected"])
    def test_refuses_what_has_not_passed(self, state):
        version = VersionFactory(state=state, reason="Its numbers are NaN.")
        reviewer = member(version.adapter.team, Role.REVIEWER)

        with pytest.raises(WrongState):
            publishing.publish(version, by=reviewer, now=timezone.now())

    @pytest.mark.parametrize("role", [Role.VIEWER, Role.CONTRIBUTOR])
    def test_refuses_members_who_did_not_upload_it(self, role):
        version = VersionFactory(ready=True)
        with pytest.raises(NotAllowed, match="Reviewer"):
            publishing.publish(version, by=member(version.adapter.team, role), now=timezone.now())

    def test_refuses_reviewers_of_other_teams(self):
        version = VersionFactory(ready=True)
        with pytest.raises(NotAllowed):
            publishing.publish(version, by=member(TeamFactory(), Role.ADMIN), now=timezone.now())


class TestWithdraw:
    def test_says_why(self):
        version = VersionFactory(published=True)
        reviewer = member(version.adapter.team, Role.REVIEWER)

        gone = publishing.withdraw(version, reason="Wrong data.", by=reviewer, now=timezone.now())

        assert (gone.state, gone.reason) == ("withdrawn", "Wrong data.")

    def test_can_be_taken_back_by_publishing_again(self):
        version = VersionFactory(withdrawn=True)
        reviewer = member(version.adapter.team, Role.REVIEWER)

        assert publishing.publish(version, by=reviewer, now=timezone.now()).reason == ""
