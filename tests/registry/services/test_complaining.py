from __future__ import annotations

import pytest
from django.utils import timezone

from registry.errors import Invalid, NotAllowed, NotFound, QuotaReached, WrongState
from registry.models import Complaint, Event, Role
from registry.queries import complaints
from registry.services import commenting, complaining, gallery
from registry.services.commenting import Said
from tests.factories import AdapterFactory, TeamFactory, UserFactory, VersionFactory, member
from tests.registry.services import painted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]
NOW = timezone.now()


@pytest.fixture
def version(team):
    return VersionFactory(adapter=AdapterFactory(team=team, slug="wash"), published=True)


@pytest.fixture
def reviewer(team):
    return member(team, Role.REVIEWER)


def complain(version, by=None, reason="It is mine.", **about):
    adapter = version.adapter
    return complaining.complain(adapter, reason=reason, by=by or UserFactory(), now=NOW, **about)


def test_reaches_the_reviewers_of_the_team_and_nobody_else(version, team, reviewer):
    comment = commenting.write(version.adapter, Said("You fool."), by=UserFactory(), now=NOW)
    picture = gallery.hang(version, painted.png(), by=UserFactory(), now=NOW)
    made = [
        complain(version),
        complain(version, comment=comment),
        complain(version, picture=picture),
    ]

    assert set(complaints.open_for(reviewer)) == set(made)
    assert set(complaints.open_of(team, by=reviewer)) == set(made)
    assert complaints.count_for(member(TeamFactory(), Role.ADMIN)) == 0
    assert complaints.count_for(member(team)) == 0
    with pytest.raises(NotAllowed):
        complaints.open_of(team, by=member(team))
    assert Event.objects.filter(verb="complaint.made", adapter=version.adapter).count() == 3


def test_the_same_thing_twice_is_reported_once(version):
    person = UserFactory()
    assert complain(version, person) == complain(version, person, reason="Still mine.")
    assert Event.objects.filter(verb="complaint.made").count() == 1


def test_is_not_for_robots(version, team):
    with pytest.raises(NotAllowed, match="robot cannot report"):
        complain(version, UserFactory(robot_of=team))
    made, robot = complain(version), member(team, Role.REVIEWER, robot_of=team)
    with pytest.raises(NotAllowed, match="robot cannot settle"):
        complaining.settle(made, "upheld", by=robot, now=NOW)


def test_is_settled_once(version, team, reviewer):
    made = complain(version)
    with pytest.raises(NotAllowed):
        complaining.settle(made, "upheld", by=member(team), now=NOW)
    with pytest.raises(Invalid, match="write one of upheld, dismissed"):
        complaining.settle(made, "burnt", by=reviewer, now=NOW)
    complaining.settle(made, "upheld", note="Hidden.", by=reviewer, now=NOW)

    assert complaints.count_for(reviewer) == 0
    assert Event.objects.get(verb="complaint.settled").detail["outcome"] == "upheld"
    with pytest.raises(WrongState, match="settled this already"):
        complaining.settle(made, "dismissed", by=reviewer, now=NOW)
    assert complain(version, made.by) != made  # a new one may be made


def test_what_is_not_shown_with_it_is_reported_elsewhere(version):
    other = VersionFactory(published=True)
    comment = commenting.write(other.adapter, Said("Hm."), by=UserFactory(), now=NOW)
    picture = gallery.hang(other, painted.png(), by=UserFactory(), now=NOW)
    for about, sentence in (
        ({"comment": comment}, "on another adapter"),
        ({"picture": picture}, "in another gallery"),
        ({"comment": comment, "picture": picture}, "each by itself"),
    ):
        with pytest.raises(Invalid, match=sentence):
            complain(version, **about)


def test_needs_a_reason_and_has_a_measure(settings, version):
    with pytest.raises(Invalid, match="Say what is wrong"):
        complain(version, reason=" ")
    settings.COMPLAINTS_PER_DAY = 1
    person = UserFactory()
    complain(version, person)
    with pytest.raises(QuotaReached, match="Reports are limited to 1 a day"):
        complain(version, person, reason="Again.")


def test_strangers_to_the_team_cannot_find_it(version, team):
    made = complain(version)
    with pytest.raises(NotFound):
        complaints.in_sight(made.pk, by=member(team))
    assert Complaint.objects.filter(outcome="").exists()
