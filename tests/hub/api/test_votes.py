from __future__ import annotations

import pytest
from django.utils import timezone

from registry.services import voting
from tests.factories import AdapterFactory, BaseFactory, UserFactory, VersionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]
AT = "/api/adapters/ink/wash/versions/1/votes"


@pytest.fixture
def version(team):
    return VersionFactory(adapter=AdapterFactory(team=team, slug="wash"), published=True)


def test_a_vote_is_said_anew_and_taken_back(api, version):
    api.force_authenticate(UserFactory(username="wren"))
    api.put(AT, {"weight": 0.6})
    told = api.put(AT, {"weight": 0.7, "note": "On skin."}).json()
    assert (told["by"], told["base"], told["weight"]) == ("wren", "sdxl-1-0", 0.7)

    listed = api.get(AT).json()
    assert listed == {"community": None, "own": [told], "items": [told]}
    assert api.delete(AT).status_code == 204
    assert api.get(AT).json()["items"] == []
    assert api.delete(AT).status_code == 404


def test_a_child_of_the_base_is_voted_for_by_name(api, version):
    BaseFactory(slug="pony-v6", parent=version.base)
    BaseFactory(slug="llama-3-8b", family="llama")
    api.force_authenticate(UserFactory())
    assert api.put(AT, {"weight": 0.6, "base": "pony-v6"}).json()["base"] == "pony-v6"
    refused = api.put(AT, {"weight": 0.6, "base": "llama-3-8b"})
    assert refused.status_code == 400
    assert api.delete(f"{AT}?base=pony-v6").status_code == 204


def test_three_votes_are_a_range_wherever_weights_are_shown(api, version):
    for weight in (0.6, 0.7, 0.9):
        voting.vote(version, weight, by=UserFactory(), now=timezone.now())

    expected = {"low": 0.65, "high": 0.8, "best": 0.7, "votes": 3}
    assert api.get(AT).json()["community"] == expected
    one = api.get("/api/adapters/ink/wash/versions/1").json()
    assert one["weight"]["community"] == expected
    listed = api.get("/api/adapters").json()["items"][0]
    assert listed["weight"] == one["weight"]


@pytest.mark.parametrize("body", [{}, {"weight": 9}, {"weight": "much"}, {"weight": "NaN"}])
def test_a_vote_needs_a_weight(api, version, body):
    api.force_authenticate(UserFactory())
    assert api.put(AT, body).status_code == 400


def test_strangers_see_votes_and_have_none(api, version):
    assert api.get(AT).status_code == 200
    assert api.put(AT, {"weight": 0.7}).status_code == 401
