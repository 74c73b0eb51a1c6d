"""GET /api/workers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.services import workers
from tests.factories import (
    AdapterFactory,
    BaseFactory,
    RunFactory,
    TeamFactory,
    VersionFactory,
    own_base,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]


@pytest.fixture
def now():
    return timezone.now()


def test_says_what_each_worker_does_and_what_waits(signed_in, now):
    base = BaseFactory(slug="sdxl-1-0")
    workers.seen(name="ada:1", device="cuda:0", now=now, holds=base, doing="rendering")
    queued = now - timedelta(minutes=2)
    RunFactory(version=VersionFactory(base=base), stage="grid", queued_at=queued)

    answer = signed_in.get("/api/workers").json()

    (worker,), (line,) = answer["workers"], answer["waiting"]
    assert (worker["name"], worker["holds"], worker["doing"]) == ("ada:1", "sdxl-1-0", "rendering")
    assert (worker["silent"], worker["set_aside"]) == (False, [])
    assert (line["base"], line["runs"], line["requests"]) == ("sdxl-1-0", 1, 0)
    assert line["seconds"] is None


def test_names_no_base_of_another_team(signed_in, now):
    others = TeamFactory(slug="others")
    for slug in ("secret", "hidden"):
        base = own_base(others, slug=slug, family=slug, parent=BaseFactory())
        RunFactory(version=VersionFactory(base=base), stage="trial", queued_at=now)
    aside = {str(base.pk): {"until": (now + timedelta(hours=1)).isoformat(), "reason": "secret"}}
    workers.seen(name="ada:1", device="cpu", now=now, holds=base, aside=aside)

    answer = signed_in.get("/api/workers")

    assert answer.json()["workers"][0]["holds"] is None
    assert [(line["base"], line["runs"]) for line in answer.json()["waiting"]] == [(None, 2)]
    assert b"secret" not in answer.content
    assert b"hidden" not in answer.content


def test_is_for_members(api):
    assert api.get("/api/workers").status_code == 401


def test_forgets_a_worker_after_a_day(signed_in, now):
    workers.seen(name="old:1", device="cpu", now=now - timedelta(hours=25))
    workers.seen(name="new:1", device="cpu", now=now - timedelta(hours=23))

    assert workers.drop_silent(now=now) == 1
    (left,) = signed_in.get("/api/workers").json()["workers"]
    assert (left["name"], left["silent"]) == ("new:1", True)


def test_a_report_says_where_a_run_stands(signed_in, team, now):
    adapter = AdapterFactory(team=team, slug="zebra")
    for number in (2, 1):
        version = VersionFactory(adapter=adapter)
        RunFactory(version=version, stage="trial", queued_at=now - timedelta(minutes=number))

    report = signed_in.get(f"/api/adapters/ink/zebra/versions/{version.number}/report").json()

    assert report["place"] == {"before": 1, "seconds": None, "workers": 0}
