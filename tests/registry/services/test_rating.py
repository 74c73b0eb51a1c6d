from __future__ import annotations

import pytest
from django.utils import timezone

from registry.errors import Invalid, NotAllowed, NotFound, QuotaReached
from registry.models import Event, Rating
from registry.queries import ratings
from registry.services import rating
from registry.services.rating import Told
from tests.factories import AdapterFactory, UserFactory, VersionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]
NOW = timezone.now()


@pytest.fixture
def version(db):
    return VersionFactory(published=True)


def rate(version, use, stars, by=None, **told):
    return rating.rate(version, use, Told(stars, **told), by=by or UserFactory(), now=NOW)


def test_each_use_has_an_average_of_its_own(version):
    person = UserFactory()
    for stars in (5, 4, 4):
        rate(version, "style", stars)
    rate(version, "training", 1, person, weight=0.8, runtime="comfyui")

    found = ratings.of_version(version, by=person)
    assert [(one.use, one.average, one.count) for one in found] == [
        ("style", 4.33, 3),
        ("training", 1.0, 1),
    ]
    assert (found[0].own, found[1].own.runtime) == (None, "comfyui")


def test_is_not_for_robots(version):
    with pytest.raises(NotAllowed, match="robot cannot rate"):
        rate(version, "style", 5, UserFactory(robot_of=version.adapter.team))


def test_said_anew_takes_the_place_of_what_was_said(version):
    person = UserFactory()
    rate(version, "style", 2, person)
    rate(version, "style", 5, person)
    rate(version, "style", 5, person)

    assert Rating.objects.get().stars == 5
    told = [event.detail["was"] for event in Event.objects.filter(verb="version.rated")]
    assert told == [None, 2]


def test_is_taken_back(version):
    person = UserFactory()
    rate(version, "style", 2, person)
    rating.take_back(version, "style", by=person, now=NOW)

    assert not Rating.objects.exists()
    with pytest.raises(NotFound, match="have not rated version 1 for that use"):
        rating.take_back(version, "style", by=person, now=NOW)


@pytest.mark.parametrize(
    ("use", "told", "sentence"),
    [
        ("cooking", Told(3), "write one of style"),
        ("serving", Told(3), "write one of style"),
        ("style", Told(0), "from 1 to 5, not 0"),
        ("style", Told(6), "from 1 to 5"),
        ("style", Told(3, weight=float("nan")), "a number from"),
        ("style", Told(3, runtime="excel"), "'excel': write one of"),
    ],
    ids=["no use", "of texts", "no stars", "six stars", "no weight", "no runtime"],
)
def test_nonsense_is_refused(version, use, told, sentence):
    with pytest.raises(Invalid, match=sentence):
        rating.rate(version, use, told, by=UserFactory(), now=NOW)


def test_adapters_for_texts_have_uses_of_their_own(db):
    text = VersionFactory(adapter=AdapterFactory(modality="text"), published=True)
    assert rate(text, "serving", 4)
    with pytest.raises(Invalid, match="write one of task"):
        rate(text, "concept", 4)


def test_who_rates_without_end_has_to_wait(version):
    person = UserFactory()
    for turn in range(rating.QUOTA.most):
        rate(version, "style", 1 + turn % 2, person)
    with pytest.raises(QuotaReached, match="limited to 30 a minute"):
        rate(version, "style", 5, person)
