"""Copies that are mended, through the API."""

from __future__ import annotations

import pytest
from django.utils import timezone

from registry.models import Mending
from tests import mends
from tests.factories import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent", "blob_root")]
AT = "/api/adapters/ink/ink-wash/versions/1/mending"


@pytest.fixture
def version(team, contributor):
    return mends.rejected(team, contributor)


def test_says_what_can_be_mended(signed_in, version):
    told = signed_in.get(AT).json()

    assert (told["possible"], told["reason"], told["items"], told["mended"]) == (True, "", [], None)
    assert [(one["step"], one["check"], one["needed"]) for one in told["steps"]] == [
        ("not-finite", "values.finite", True),
        ("strip", "metadata.private", False),
    ]


def test_says_why_not(signed_in, version):
    version.runs.get().results.filter(code="values.finite").update(code="pairs.rank")
    told = signed_in.get(AT).json()
    assert (told["possible"], told["steps"]) == (False, [])
    assert told["reason"] == "Nobody can tell which of the two halves is the right one."
    answer = signed_in.post(AT, {})
    assert (answer.status_code, answer.json()["code"]) == (422, "not-convertible")


def test_has_a_copy_mended_that_becomes_the_next_version(signed_in, version):
    answer = signed_in.post(AT, {"steps": ["not-finite"]})

    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    assert answer["Location"].endswith(AT)
    mends.carry_out()
    [item] = signed_in.get(AT).json()["items"]
    assert (item["state"], item["made"], item["notes"]) == ("done", 2, ["1 layer left."])
    assert item["made_url"].endswith("/versions/2")
    came = signed_in.get(AT.replace("/1/", "/2/")).json()["mended"]
    assert (came["version"], came["steps"]) == (1, ["not-finite"])


def test_refuses_what_is_not_offered(signed_in, version):
    assert signed_in.post(AT, {"steps": ["strip"]}).status_code == 400
    assert signed_in.post(AT, {"steps": ["melt"]}).status_code == 400
    assert not Mending.objects.exists()


def test_is_for_the_team_alone(api, version, team):
    assert api.get(AT).status_code == 404
    api.force_authenticate(member(team, "viewer"))
    assert api.get(AT).status_code == 200
    assert api.post(AT, {}).status_code == 403
    type(version).objects.update(state="published", proof="fits", published_at=timezone.now())
    api.force_authenticate(None)
    assert api.get(AT).status_code == 403


def test_counts_as_what_a_person_has_prepared(signed_in, version, settings):
    settings.PREPARE_LIVING = 0
    assert signed_in.post(AT, {}).status_code == 429
