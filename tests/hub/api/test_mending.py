"""Copies that are mended, through the API."""

from __future__ import annotations

import pytest
from django.utils import timezone

from registry.models import Mending
from registry.services import mending, preparing
from tests.factories import AdapterFactory, ResultFactory, RunFactory, VersionFactory, keep, member
from tests.files import kohya_lora

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent", "blob_root")]
AT = "/api/adapters/ink/ink-wash/versions/1/mending"


@pytest.fixture
def version(team, contributor):
    row = VersionFactory(
        adapter=AdapterFactory(slug="ink-wash", team=team), rejected=True, uploaded_by=contributor
    )
    run = RunFactory(version=row, state="rejected", finished_at=timezone.now())
    ResultFactory(run=run, code="values.finite", outcome="rejected", problem="It holds NaN.")
    ResultFactory(run=run, code="metadata.private", outcome="warned", problem="It shows a path.")
    return row


def make():
    row = Mending.objects.get()
    held = preparing.claim(row.preparation_id, owner="a test", now=timezone.now())
    made = {"a.safetensors": keep(kohya_lora("sdxl", rank=2).getvalue())}
    preparing.finish(held, made, worst_error=0, notes=["1 layer."], now=timezone.now())
    mending.settle_all(now=timezone.now())


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
    make()
    [item] = signed_in.get(AT).json()["items"]
    assert (item["state"], item["made"], item["notes"]) == ("done", 2, ["1 layer."])
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
