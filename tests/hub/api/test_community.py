"""Ratings, levels and complaints by the API."""

from __future__ import annotations

import pytest

from registry.models import Role
from tests.factories import AdapterFactory, UserFactory, VersionFactory, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]
AT = "/api/adapters/ink/wash"


@pytest.fixture
def version(team):
    return VersionFactory(adapter=AdapterFactory(team=team, slug="wash"), published=True)


def test_a_version_is_rated_for_a_use(api, version):
    at = f"{AT}/versions/1/ratings"
    assert api.get(at).json()["items"] == []
    assert api.put(f"{at}/style", {"stars": 4}).status_code == 401
    api.force_authenticate(UserFactory())
    told = api.put(f"{at}/style", {"stars": 4, "weight": 0.7, "runtime": "webui"}).json()
    (item,) = told["items"]
    assert (item["use"], item["average"], item["count"]) == ("style", 4.0, 1)
    assert (item["own"]["stars"], item["own"]["runtime"]) == (4, "webui")
    assert "serving" not in told["uses"]

    assert api.put(f"{at}/cooking", {"stars": 4}).status_code == 400
    assert api.put(f"{at}/style", {"stars": 9}).status_code == 400
    assert api.delete(f"{at}/style").status_code == 204
    assert api.delete(f"{at}/style").status_code == 404


def test_levels_are_ones_own(api, db):
    at = "/api/account/levels"
    assert api.get(at).status_code == 401
    api.force_authenticate(UserFactory())
    assert api.get(at).json() == {"suggestive": "show", "mature": "blur", "explicit": "blur"}
    api.put(at, {"suggestive": "blur", "mature": "hide", "explicit": "hide"})
    assert api.get(at).json() == {"suggestive": "blur", "mature": "hide", "explicit": "hide"}
    assert api.put(at, {"mature": "maybe"}).status_code == 400


def test_a_thing_is_reported_and_settled(api, team, version):
    assert api.post(f"{AT}/complaints", {"reason": "Mine."}).status_code == 401
    api.force_authenticate(UserFactory())
    comment = api.post(f"{AT}/comments", {"text": "You fool."}).json()["id"]
    told = {"reason": "Rude.", "comment": comment}
    made = api.post(f"{AT}/complaints", told)
    assert (made.status_code, made.json()["comment"]) == (201, comment)
    assert api.get("/api/teams/ink/complaints").status_code == 403
    at = f"/api/complaints/{made.json()['id']}/settle"
    assert api.post(at, {"outcome": "upheld"}).status_code == 404

    api.force_authenticate(member(team, Role.REVIEWER))
    (listed,) = api.get("/api/teams/ink/complaints").json()["items"]
    assert listed == made.json()
    assert api.post(at, {"outcome": "upheld", "note": "Hidden."}).json()["outcome"] == "upheld"
    assert api.post(at, {"outcome": "upheld"}).status_code == 409
    assert api.get("/api/teams/ink/complaints").json()["items"] == []
