from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.errors import Invalid, NotAllowed, NotFound, QuotaReached
from registry.models import Event, WeightVote
from registry.services import voting
from tests.factories import BaseFactory, UserFactory, VersionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]
NOW = timezone.now()


@pytest.fixture
def version(db):
    return VersionFactory(published=True)


def vote(version, weight, by=None, **said):
    return voting.vote(version, weight, by=by or UserFactory(), now=NOW, **said)


class TestVote:
    def test_three_votes_make_a_range_that_stands_with_the_version(self, version):
        for weight in (0.6, 0.7, 0.9):
            vote(version, weight)

        version.refresh_from_db()
        assert (version.votes, version.voted_best) == (3, 0.7)
        assert (version.voted_low, version.voted_high) == (0.65, 0.8)
        assert Event.objects.filter(verb="weight.voted", version=version).count() == 3

    def test_said_anew_takes_the_place_of_what_was_said(self, version):
        person = UserFactory()
        vote(version, 0.6, person)
        vote(version, 0.8, person, note="  with  Pony ")

        row = WeightVote.objects.get()
        assert (row.weight, row.note) == (0.8, "with Pony")
        assert Event.objects.filter(verb="weight.voted").last().detail["was"] == 0.6

    def test_is_not_for_robots(self, version):
        with pytest.raises(NotAllowed, match="robot cannot vote"):
            vote(version, 0.6, UserFactory(robot_of=version.adapter.team))

    def test_the_same_again_leaves_no_event(self, version):
        person = UserFactory()
        vote(version, 0.6, person)
        vote(version, 0.6, person)

        assert Event.objects.filter(verb="weight.voted").count() == 1

    def test_a_child_of_the_base_has_a_vote_of_its_own(self, version):
        person = UserFactory()
        child = BaseFactory(slug="pony-v6", parent=version.base)
        vote(version, 0.6, person)
        vote(version, 0.8, person, base=child)

        assert WeightVote.objects.filter(by=person).count() == 2

    def test_another_base_is_refused_by_name(self, version):
        other = BaseFactory(slug="llama", title="Llama 8B")
        with pytest.raises(Invalid, match="Llama 8B has other layers than sdxl-1-0"):
            vote(version, 0.6, base=other)

    @pytest.mark.parametrize("weight", [4.1, -5, float("nan"), float("inf")])
    def test_a_weight_nobody_uses_is_refused(self, version, weight):
        with pytest.raises(Invalid, match="a number from -4 to 4"):
            vote(version, weight)

    def test_a_long_note_is_refused(self, version):
        with pytest.raises(Invalid, match="281 letters"):
            vote(version, 0.6, note="x" * 281)

    def test_who_votes_without_end_has_to_wait(self, version):
        person = UserFactory()
        for turn in range(voting.QUOTA.most):
            vote(version, 0.1 + turn / 100, person)
        with pytest.raises(QuotaReached, match="limited to 30 a minute: go on in 60 seconds"):
            vote(version, 2, person)

        later = NOW + timedelta(minutes=1)
        assert voting.vote(version, 2, by=person, now=later).weight == 2


class TestTakeBack:
    def test_forgets_the_vote_and_the_range(self, version):
        people = [UserFactory() for _ in range(3)]
        for person in people:
            vote(version, 0.7, person)
        voting.take_back(version, by=people[0], now=NOW)

        version.refresh_from_db()
        assert (version.votes, version.voted_best) == (2, None)
        assert Event.objects.get(verb="weight.unvoted").by == people[0]

    def test_what_was_not_said_cannot_be_taken_back(self, version):
        with pytest.raises(NotFound, match="You have not voted on version 1"):
            voting.take_back(version, by=UserFactory(), now=NOW)
