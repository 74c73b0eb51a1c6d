from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registry import jobs
from registry.errors import LeaseLost, NotAllowed, PlanRefused, QuotaReached, WrongState
from registry.models import Event, PreviewRequest, ValidationRun
from registry.services import requests, runs, steps
from tests.factories import (
    BaseFactory,
    FileFactory,
    GridFactory,
    RequestFactory,
    SceneFactory,
    VersionFactory,
    keep,
    member,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("blob_root")]

NOW = timezone.now()
WEIGHTS = {"across": {"axis": "weight", "values": [0, 0.5, 1]}}


@pytest.fixture
def base():
    base = BaseFactory(slug="shapes", family="shapes", title="Shapes", weights_at="demo/base")
    SceneFactory(base=base, slug="circle", prompt="a red circle, {trigger}", width=96, height=96)
    return base


@pytest.fixture
def version(base, team):
    return VersionFactory(base=base, adapter__team=team, published=True, proof="renders")


def ask(version, by, plan=WEIGHTS, now=NOW, **rest):
    return requests.ask(version, plan, by=by, now=now, **rest)


def claim(request, owner="a", now=NOW):
    return requests.claim(request.pk, owner=owner, now=now)


def verbs():
    return [event.verb for event in Event.objects.order_by("pk")]


class TestAsk:
    def test_sends_a_job_and_notes_who_asked(self, version, contributor, sent):
        request = ask(version, contributor)

        assert (request.kind, request.cells, request.state) == ("asked", 3, "queued")
        assert sent == [(jobs.WORK, request.pk)]
        assert verbs() == ["cells.asked"]

    def test_takes_a_member_of_any_team_but_no_one_else(self, version, sent):
        stranger = member(RequestFactory().version.adapter.team, "viewer")
        assert ask(version, stranger)
        with pytest.raises(NotAllowed, match="member of a team"):
            ask(version, RequestFactory().by)

    @pytest.mark.parametrize(
        ("change", "saying"),
        [
            ({"state": "waiting"}, "is waiting: cells can be asked for once"),
            ({"proof": "fits"}, "was never rendered: no worker of this hub has the weights of"),
        ],
    )
    def test_refuses_a_version_that_is_not_proved(self, version, contributor, change, saying):
        type(version).objects.filter(pk=version.pk).update(**change)
        version.refresh_from_db()

        with pytest.raises(WrongState, match=saying) as refused:
            ask(version, contributor)
        assert refused.value.code == "not-rendered"

    def test_refuses_a_plan_with_its_axis(self, version, contributor):
        with pytest.raises(PlanRefused, match="no checkpoint of step 5") as refused:
            ask(version, contributor, {"across": {"axis": "training_step", "values": [5]}})
        assert refused.value.axis == "training_step"

    def test_says_in_words_that_two_families_cannot_be_compared(self, version, contributor, sent):
        other = VersionFactory(
            adapter=version.adapter, published=True, proof="renders",
            base=BaseFactory(slug="flux-1-dev", title="FLUX.1", family="flux"),
        )  # fmt: skip
        with pytest.raises(PlanRefused, match=r"FLUX\.1 .* no base takes both"):
            ask(version, contributor, WEIGHTS | {"against": other.number})

    def test_remembers_what_a_version_is_held_against(self, version, contributor, sent):
        other = VersionFactory(
            adapter=version.adapter, base=version.base, published=True, proof="loads"
        )
        request = ask(version, contributor, WEIGHTS | {"against": other.number})
        assert (request.kind, request.other, request.cells) == ("versions", other, 6)

    def test_shows_in_the_gallery_what_contributors_ask_alone(self, version, sent):
        viewer = member(version.adapter.team, "viewer")
        with pytest.raises(NotAllowed, match="Contributor"):
            ask(version, viewer, in_gallery=True)


class TestQuota:
    def test_holds_for_what_lives(self, version, contributor, sent, settings):
        settings.ASK_LIVING = 2
        ask(version, contributor)
        first = ask(version, contributor)
        with pytest.raises(QuotaReached, match="2 requests in the queue") as refused:
            ask(version, contributor)
        assert refused.value.retry_after == 30

        requests.cancel(first, by=contributor, now=NOW)
        ask(version, contributor)

    def test_holds_for_an_hour_and_says_how_long_to_wait(self, version, contributor, settings):
        settings.ASK_CELLS = 5
        for minutes in (50, 20):
            RequestFactory(
                by=contributor, state="failed", cells=2, finished_at=NOW,
                queued_at=NOW - timedelta(minutes=minutes),
            )  # fmt: skip
        with pytest.raises(QuotaReached, match=r"5 cells an hour.* in 10 minutes") as refused:
            ask(version, contributor)
        assert refused.value.retry_after == 600

        assert ask(version, contributor, now=NOW + timedelta(minutes=10, seconds=1))

    def test_counts_nothing_that_was_cancelled_before_it_began(
        self, version, contributor, settings, sent
    ):
        settings.ASK_CELLS = 3
        requests.cancel(ask(version, contributor), by=contributor, now=NOW)
        assert ask(version, contributor)

    def test_is_a_persons_own(self, version, contributor, settings, sent):
        settings.ASK_CELLS = 3
        ask(version, contributor)
        assert ask(version, member(version.adapter.team))


class TestClaim:
    def test_is_for_one_worker_at_a_time(self, version, contributor, sent):
        request = ask(version, contributor)
        assert claim(request).state == "running"
        with pytest.raises(WrongState, match="held by a"):
            claim(request, "b")

    def test_goes_to_another_once_the_lease_is_over(self, version, contributor, sent, settings):
        request = ask(version, contributor)
        first = claim(request)
        later = NOW + settings.LEASE + timedelta(seconds=1)
        assert claim(request, "b", later).attempt == 2
        with pytest.raises(LeaseLost):
            requests.renew(first, now=later)

    @pytest.mark.parametrize("stage", ["trial", "grid"])
    def test_lets_validation_go_first_and_is_sent_again(self, version, contributor, sent, stage):
        request = ask(version, contributor)
        PreviewRequest.objects.update(sent_at=NOW, queued_at=NOW - timedelta(minutes=1))
        run = runs.start(VersionFactory(), now=NOW)
        ValidationRun.objects.filter(pk=run.pk).update(stage=stage)
        with pytest.raises(WrongState, match="validation and people go first"):
            claim(request)

        sent.clear()
        assert requests.resend_lost(now=NOW) == 1
        assert sent == [(jobs.WORK, request.pk)]
        ValidationRun.objects.update(stage="file")
        assert claim(request)

    def test_lets_people_go_before_the_hub(self, version, contributor, sent):
        own = requests.ask(version, WEIGHTS, by=None, now=NOW)
        asked = ask(version, contributor)
        assert list(PreviewRequest.objects.waiting()) == [asked, own]
        with pytest.raises(WrongState):
            claim(own)
        claim(asked)
        assert claim(own)

    def test_fails_for_good_after_three_attempts(self, version, contributor, sent, settings):
        request = ask(version, contributor)
        for _ in range(settings.RUN_ATTEMPTS):
            requests.release(claim(request), reason="It broke.", now=NOW)
        request.refresh_from_db()
        assert (request.state, request.reason) == ("failed", "It broke.")
        assert verbs()[-1] == "cells.failed"

    def test_fails_when_worker_after_worker_dies(self, version, contributor, sent, settings):
        request = ask(version, contributor)
        late = NOW
        for _ in range(settings.RUN_ATTEMPTS):
            claim(request, now=late)
            late += settings.LEASE + timedelta(seconds=1)
            requests.resend_lost(now=late)
        request.refresh_from_db()
        assert (request.state, request.reason) == ("failed", "Its worker died 3 times on it.")

    def test_counts_no_attempt_that_was_put_down(self, version, contributor, sent):
        request = ask(version, contributor)
        requests.put_down(claim(request))
        request.refresh_from_db()
        assert (request.state, request.attempt) == ("queued", 0)


class TestCancel:
    def test_takes_it_from_whoever_renders_it(self, version, contributor, sent):
        request = ask(version, contributor)
        held = claim(request)
        requests.cancel(request, by=contributor, now=NOW)
        with pytest.raises(LeaseLost):
            requests.renew(held, now=NOW)
        assert verbs() == ["cells.asked", "cells.cancelled"]

    def test_is_for_who_asked_and_reviewers(self, version, contributor, sent):
        request = ask(version, contributor)
        with pytest.raises(NotAllowed):
            requests.cancel(request, by=member(version.adapter.team), now=NOW)
        reviewer = member(version.adapter.team, "reviewer")
        assert requests.cancel(request, by=reviewer, now=NOW).state == "cancelled"

    def test_refuses_what_has_ended(self, version, contributor, sent):
        request = requests.cancel(ask(version, contributor), by=contributor, now=NOW)
        with pytest.raises(WrongState, match="is cancelled"):
            requests.cancel(request, by=contributor, now=NOW)


class TestShow:
    def test_is_noted_and_can_be_taken_back(self, version, contributor, sent):
        request = ask(version, contributor)
        shown = requests.show(request, in_gallery=True, by=contributor, now=NOW)
        assert shown.in_gallery
        requests.show(request, in_gallery=False, by=contributor, now=NOW)
        assert verbs()[1:] == ["cells.shown", "cells.hidden"]

    def test_is_not_for_guests_of_the_team(self, version, sent):
        guest = member(RequestFactory().version.adapter.team)
        with pytest.raises(NotAllowed):
            requests.show(ask(version, guest), in_gallery=True, by=guest, now=NOW)

    def test_is_not_for_other_members_but_reviewers(self, version, contributor, sent):
        request = ask(version, contributor)
        with pytest.raises(NotAllowed):
            requests.show(request, in_gallery=True, by=member(version.adapter.team), now=NOW)
        reviewer = member(version.adapter.team, "reviewer")
        assert requests.show(request, in_gallery=True, by=reviewer, now=NOW).in_gallery


class TestSteps:
    def test_are_asked_for_once_of_a_version_with_checkpoints(self, version, sent):
        VersionFactory(base=version.base, published=True, proof="renders")  # without any
        for step in range(100, 2100, 100):
            blob = keep(f"step {step}".encode())
            FileFactory(
                version=version, role="checkpoint", name=f"{step}", training_step=step, blob=blob
            )
        assert steps.ask_for_steps(now=NOW) == 1
        assert steps.ask_for_steps(now=NOW) == 0

        request = PreviewRequest.objects.get()
        assert (request.kind, request.by, request.in_gallery) == ("steps", None, True)
        down = request.plan["down"]["values"]
        assert len(down) == 12
        assert (down[0], down[-2:]) == (100, [2000, "final"])

    def test_are_left_where_the_operator_says_so(self, version, sent, settings):
        settings.STEPS_GRIDS = False
        FileFactory(
            version=version, role="checkpoint", name="5", training_step=5, blob=keep(b"five")
        )
        assert steps.ask_for_steps(now=NOW) == 0


def test_old_requests_are_forgotten_unless_a_gallery_shows_them(version, contributor, settings):
    long_ago = NOW - timedelta(days=settings.ASK_DAYS + 1)
    ended = {"state": "done", "by": contributor, "version": version}
    for finished_at, in_gallery in ((long_ago, False), (long_ago, True), (NOW, False)):
        RequestFactory(
            **ended, finished_at=finished_at, in_gallery=in_gallery,
            grid=GridFactory(version=version, kind="asked"),
        )  # fmt: skip

    assert steps.forget_old(now=NOW) == 1
    assert version.grids.count() == PreviewRequest.objects.count() == 2
