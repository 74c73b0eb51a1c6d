"""What became of each attempt at a job is noted, by the same acts that move the job."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from registry.models import Attempt
from registry.services import attempts, runs
from registry.services.runs import Stage
from tests.factories import RunFactory, VersionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root", "sent")]

NOW = timezone.now()


@pytest.fixture
def run():
    return RunFactory(version=VersionFactory(), stage="trial", queued_at=NOW)


def claim(run, owner="ada:1"):
    return runs.claim(run.pk, Stage.TRIAL, owner=owner, now=NOW)


def noted(run):
    rows = Attempt.objects.filter(noun="run", row=run.pk).order_by("fence")
    return [(row.worker, row.stage, row.number, row.outcome, row.reason) for row in rows]


def test_an_attempt_that_goes_on_has_no_outcome(run):
    claim(run)

    assert noted(run) == [("ada:1", "trial", 1, "", "")]


def test_an_error_is_noted_with_its_place_in_the_code(run):
    runs.release(claim(run), reason="It ran out of memory.", now=NOW, log="x" * 9000 + "at line 7")

    assert noted(run) == [("ada:1", "trial", 1, "again", "It ran out of memory.")]
    log = Attempt.objects.get().log
    assert log.endswith("at line 7")
    assert len(log) == attempts.MOST_LOG


def test_the_last_error_is_one_for_good(run):
    for _ in range(settings.RUN_ATTEMPTS):
        runs.release(claim(run), reason="It died.", now=NOW)

    outcomes = [outcome for *_, outcome, _ in noted(run)]
    assert outcomes == ["again"] * (settings.RUN_ATTEMPTS - 1) + ["failed"]


def test_a_stage_that_is_through_is_done(run):
    runs.pass_on(runs.hold(claim(run)), Stage.GRID)

    assert noted(run) == [("ada:1", "trial", 1, "done", "")]


def test_a_silent_worker_is_noted_as_lost(run):
    claim(run)

    runs.resend_lost(now=NOW + settings.LEASE + timedelta(minutes=1))

    assert noted(run) == [("ada:1", "trial", 1, "lost", "")]


def test_a_worker_that_stops_is_no_error(run):
    runs.put_down(claim(run))

    assert noted(run) == [("ada:1", "trial", 1, "again", "Its worker stopped.")]


def test_old_ones_are_forgotten(run):
    claim(run)

    assert attempts.forget_old(now=NOW + attempts.KEPT - timedelta(hours=1)) == 0
    assert attempts.forget_old(now=NOW + attempts.KEPT + timedelta(hours=1)) == 1
