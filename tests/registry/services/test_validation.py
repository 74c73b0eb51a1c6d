"""Runs are held by one worker at a time, survive it, and end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.checks.facts import Trial
from registry.errors import LeaseLost, WrongState
from registry.models import AdapterVersion, Event, ValidationRun
from registry.services import leases, runs, validation
from tests.factories import VersionFactory

Stage = ValidationRun.Stage
SOUND = Trial(
    level="loads", in_file={"unet": 2}, injected={"unet": 2}, change=None, trigger_change=None
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def run(sent, now):
    version = VersionFactory()
    version.runs.all().delete()
    return runs.start(version, now=now)


def at(run, stage):
    ValidationRun.objects.filter(pk=run.pk).update(stage=stage)


class TestStart:
    def test_sends_the_first_job_once_it_is_committed(
        self, sent, now, django_capture_on_commit_callbacks
    ):
        version = VersionFactory()
        version.runs.all().delete()

        with django_capture_on_commit_callbacks(execute=True):
            run = runs.start(version, now=now)

        assert sent == [("workers.intake.check_file", run.pk)]

    def test_refuses_a_second_run_beside_a_living_one(self, run, now):
        with pytest.raises(WrongState, match="being validated already"):
            runs.start(run.version, now=now)


class TestClaim:
    def test_gives_a_lease_an_attempt_and_a_fence(self, run, now, settings):
        held = runs.claim(run.pk, Stage.FILE, owner="one", now=now)

        assert (held.attempt, held.fence) == (1, 1)
        assert held.lease_until == now + settings.LEASE

    def test_refuses_what_another_worker_holds(self, run, now):
        runs.claim(run.pk, Stage.FILE, owner="one", now=now)

        with pytest.raises(WrongState, match="held by one"):
            runs.claim(run.pk, Stage.FILE, owner="two", now=now)

    def test_refuses_a_stage_that_the_run_does_not_stand_at(self, run, now):
        with pytest.raises(WrongState):
            runs.claim(run.pk, Stage.GRID, owner="one", now=now)

    def test_takes_over_when_the_lease_has_ended(self, run, now, settings):
        runs.claim(run.pk, Stage.FILE, owner="one", now=now)
        later = now + settings.LEASE + timedelta(seconds=1)

        held = runs.claim(run.pk, Stage.FILE, owner="two", now=later)

        assert (held.lease_owner, held.attempt, held.fence) == ("two", 2, 2)


class TestFence:
    """A worker that was believed dead and wakes up writes nothing."""

    @pytest.fixture
    def slow(self, run, now, settings):
        at(run, Stage.TRIAL)
        slow = runs.claim(run.pk, Stage.TRIAL, owner="slow", now=now)
        later = now + settings.LEASE + timedelta(seconds=1)
        runs.claim(run.pk, Stage.TRIAL, owner="quick", now=later)
        return slow

    def test_refuses_its_heartbeat(self, slow, now):
        with pytest.raises(LeaseLost):
            runs.renew(slow, now=now)

    def test_refuses_its_verdict(self, slow, now):
        with pytest.raises(LeaseLost):
            validation.judge_trial(slow, SOUND, now=now)

        assert not slow.results.exists()

    def test_refuses_its_giving_back(self, slow, now):
        with pytest.raises(LeaseLost):
            runs.release(slow, reason="tired", now=now)


class TestRelease:
    def test_has_it_tried_again(self, run, now):
        held = runs.claim(run.pk, Stage.FILE, owner="one", now=now)

        runs.release(held, reason="the store was away", now=now)

        run.refresh_from_db()
        assert (run.state, run.reason) == ("queued", "the store was away")

    def test_fails_it_after_three_attempts(self, run, now, settings):
        for _ in range(settings.RUN_ATTEMPTS):
            held = runs.claim(run.pk, Stage.FILE, owner="one", now=now)
            runs.release(held, reason="the engine died", now=now)

        run.refresh_from_db()
        assert (run.state, run.reason) == ("failed", "the engine died")
        assert run.finished_at == now
        assert Event.objects.filter(verb="run.failed").count() == 1

    def test_lets_a_failed_version_be_validated_again(self, run, now, settings):
        for _ in range(settings.RUN_ATTEMPTS):
            held = runs.claim(run.pk, Stage.FILE, owner="one", now=now)
            runs.release(held, reason="the engine died", now=now)

        again = runs.start(run.version, now=now)

        assert again.state == "queued"


class TestPutDown:
    def test_lets_another_worker_go_on_without_counting_the_attempt(self, run, now):
        held = runs.claim(run.pk, Stage.FILE, owner="one", now=now)

        runs.put_down(held)

        again = runs.claim(run.pk, Stage.FILE, owner="two", now=now)
        assert (again.attempt, again.fence) == (1, 2)

    def test_is_refused_to_a_worker_that_lost_the_run(self, run, now, settings):
        held = runs.claim(run.pk, Stage.FILE, owner="slow", now=now)
        later = now + settings.LEASE + timedelta(seconds=1)
        runs.claim(run.pk, Stage.FILE, owner="quick", now=later)

        with pytest.raises(LeaseLost):
            runs.put_down(held)


class TestResendLost:
    def test_takes_up_a_run_whose_worker_fell_silent(
        self, run, now, settings, sent, django_capture_on_commit_callbacks
    ):
        runs.claim(run.pk, Stage.FILE, owner="dead", now=now)

        with django_capture_on_commit_callbacks(execute=True):
            assert runs.resend_lost(now=now + settings.LEASE + timedelta(seconds=1)) == 1

        run.refresh_from_db()
        assert run.state == "queued"
        assert sent == [("workers.intake.check_file", run.pk)]

    def test_leaves_a_run_that_is_being_worked_on(self, run, now):
        runs.claim(run.pk, Stage.FILE, owner="busy", now=now)
        assert runs.resend_lost(now=now) == 0

    def test_sends_what_never_left(self, run, now):
        assert runs.resend_lost(now=now) == 0
        assert runs.resend_lost(now=now + leases.UNSENT + timedelta(seconds=1)) == 1

    def test_sends_again_what_nobody_took(self, run, now):
        ValidationRun.objects.filter(pk=run.pk).update(sent_at=now)
        assert runs.resend_lost(now=now + timedelta(minutes=1)) == 0
        assert runs.resend_lost(now=now + leases.UNANSWERED + timedelta(seconds=1)) == 1

    def test_fails_a_run_that_has_killed_three_workers(self, run, now, settings):
        for attempt in range(settings.RUN_ATTEMPTS):
            later = now + attempt * 2 * settings.LEASE
            runs.claim(run.pk, Stage.FILE, owner="doomed", now=later)

        runs.resend_lost(now=later + settings.LEASE + timedelta(seconds=1))

        run.refresh_from_db()
        assert run.state == "failed"
        assert run.reason == "Its worker died 3 times while reading the file."


class TestJudgeTrial:
    @pytest.fixture
    def held(self, run, now):
        at(run, Stage.TRIAL)
        AdapterVersion.objects.filter(pk=run.version_id).update(proof="fits")
        return runs.claim(run.pk, Stage.TRIAL, owner="one", now=now)

    def needs(self, held, level):
        held.version.base.proof_needed = level
        held.version.base.save()

    def test_settles_what_loads_where_no_more_is_asked(self, held, now):
        self.needs(held, "loads")

        done = validation.judge_trial(held, SOUND, now=now)

        assert (done.state, done.version.state, done.version.proof) == ("passed", "ready", "loads")
        assert Event.objects.filter(verb="version.ready").count() == 1

    def test_fails_where_the_base_asks_for_more_than_a_worker_can_prove(self, held, now):
        self.needs(held, "renders")

        done = validation.judge_trial(held, SOUND, now=now)

        assert (done.state, done.version.state) == ("failed", "waiting")
        assert "give a worker the base's weights" in done.reason

    def test_sends_what_renders_on_to_the_sweep(self, held, now):
        rendered = Trial(
            level="renders",
            in_file={"unet": 2},
            injected={"unet": 2},
            change=0.2,
            trigger_change=0.1,
        )

        done = validation.judge_trial(held, rendered, now=now)

        assert (done.state, done.stage, done.attempt) == ("queued", "grid", 0)

    def test_says_nothing_of_what_nobody_saw_render(self, held, now):
        done = validation.judge_trial(held, SOUND, now=now)

        said = {code for code in done.results.values_list("code", flat=True) if "trial" in code}
        assert said == {"trial.loads", "trial.layers"}

    def test_rejects_with_the_first_problem_as_the_reason(self, held, now):
        broken = Trial(
            level="renders", in_file={"unet": 2}, injected={"unet": 2}, saw_nan=True, change=0.2
        )

        done = validation.judge_trial(held, broken, now=now)

        assert (done.state, done.version.state) == ("rejected", "rejected")
        assert done.version.reason == done.reason != ""
        assert Event.objects.get(verb="version.rejected").detail == {"check": "trial.finite"}
