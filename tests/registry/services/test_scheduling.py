"""Handing out what waits: what suits comes first, and nothing is handed out twice."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from registry.models import ValidationRun, Worker
from registry.queries import waiting
from registry.services import runs, scheduling, workers
from registry.services.scheduling import Asker
from registry.sweeps.choosing import Standing
from tests.factories import BaseFactory, RequestFactory, RunFactory, VersionFactory, own_base

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root", "sent")]


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def held():
    return BaseFactory(slug="held")


@pytest.fixture
def other():
    return BaseFactory(slug="other")


def queued(base, *, minutes=1, stage="trial", content=b"\0" * 8):
    """Return a run for the base that was queued so many minutes ago."""
    version = VersionFactory(base=base, content=content)
    when = timezone.now() - timedelta(minutes=minutes)
    return RunFactory(version=version, stage=stage, queued_at=when, sent_at=when)


def requested(base, *, minutes=1, **fields):
    """Return a request for cells of a version of the base."""
    when = timezone.now() - timedelta(minutes=minutes)
    version = VersionFactory(base=base, published=True)
    return RequestFactory(version=version, queued_at=when, sent_at=when, **fields)


def asker(*, at=None, has=(), avoids=(), name="one"):
    holds = () if at is None else (at.pk,)
    standing = Standing(at=at.pk if at else None, holds=holds, avoids={one.pk for one in avoids})
    return Asker(name, "cuda:0", standing, {one.pk for one in has})


def there(name, *, at=None, has=(), now):
    """Have another worker say that it is there."""
    workers.seen(name=name, device="cuda:0", now=now, holds=at, has=[one.pk for one in has])


def taken(who, now):
    return scheduling.take(who, owner="somebody", now=now)


class TestTake:
    def test_claims_what_suits_the_base_that_is_held(self, held, other, now):
        queued(other, minutes=5)
        suits = queued(held)

        run = taken(asker(at=held, has=[held, other]), now)

        assert run == suits
        assert (run.state, run.attempt, run.fence, run.lease_owner) == ("running", 1, 1, "somebody")

    def test_goes_on_with_the_sweep_of_a_base_before_another_is_loaded(self, held, other, now):
        queued(other, minutes=5)
        sweep, trial = queued(held, minutes=3, stage="grid"), queued(held, minutes=2)
        who = asker(at=held, has=[held, other])

        assert [taken(who, now), taken(who, now)] == [sweep, trial]

    def test_is_called_away_when_the_limit_is_near(self, held, other, now, settings):
        queued(held)
        late = queued(other, minutes=settings.WAIT_LIMIT.total_seconds() / 60)

        assert taken(asker(at=held, has=[held, other]), now) == late

    def test_leaves_a_base_to_the_worker_that_is_at_it(self, held, other, now):
        queued(other)
        there("two", at=other, has=[other], now=now)

        assert taken(asker(at=held, has=[held, other]), now) is None
        assert scheduling.anything_waits()

    def test_counts_on_nobody_who_was_silent_for_a_while(self, held, other, now):
        run = queued(other)
        there("two", at=other, has=[other], now=now - timedelta(minutes=1))

        assert taken(asker(at=held, has=[held, other]), now) == run

    def test_leaves_what_only_another_machine_has_the_weights_of(self, held, other, now):
        queued(other, minutes=300)
        there("two", has=[other], now=now)

        assert taken(asker(at=held, has=[held]), now) is None

    def test_takes_what_no_machine_has_the_weights_of(self, held, other, now):
        run = queued(other)

        assert taken(asker(at=held, has=[held]), now) == run

    def test_passes_over_a_base_that_did_not_load_here(self, held, other, now):
        queued(other, minutes=300)
        run = queued(held)

        assert taken(asker(has=[held, other], avoids=[other]), now) == run

    def test_says_at_once_where_it_goes(self, other, now):
        queued(other)
        there("one", has=[other], now=now)

        taken(asker(has=[other]), now)

        assert Worker.objects.get(name="one").holds == other

    def test_takes_a_base_to_be_laid_out_before_any_run(self, held, team, now):
        queued(held, minutes=300)
        base = own_base(team)

        assert taken(asker(has=[held]), now) == base.blueprint

    def test_takes_what_people_ask_for_when_no_validation_waits(self, held, now):
        asked = requested(held, minutes=300)
        run = queued(held)
        who = asker(at=held, has=[held])

        assert [taken(who, now), taken(who, now)] == [run, asked]

    def test_takes_what_the_hub_asks_for_after_what_people_do(self, held, other, now):
        hubs = requested(held, minutes=300, by=None)
        persons = requested(other)
        who = asker(at=held, has=[held, other])

        assert [taken(who, now), taken(who, now)] == [persons, hubs]

    def test_takes_what_people_ask_for_where_it_could_do_no_validation(self, held, other, now):
        queued(other, minutes=300)
        asked = requested(held)
        there("two", has=[other], now=now)

        assert taken(asker(at=held, has=[held]), now) == asked

    def test_takes_nothing_that_ended_or_is_read_still(self, held, now):
        queued(held, stage="file")
        run = queued(held)
        runs.fail(run, reason="broken", now=now)

        assert taken(asker(has=[held]), now) is None
        assert not scheduling.anything_waits()


class TestGoesFirst:
    def test_is_any_validation_that_the_device_could_do(self, held, now):
        request = requested(held)
        who = asker(at=held, has=[held])

        assert not scheduling.goes_first(who, request, now=now)
        queued(held)
        assert scheduling.goes_first(who, request, now=now)

    def test_is_no_validation_of_a_base_that_does_not_load_there(self, held, other, now):
        queued(other)
        who = asker(at=held, has=[held, other], avoids=[other])

        assert not scheduling.goes_first(who, requested(held), now=now)

    def test_is_what_people_ask_for_before_what_the_hub_does(self, held, now):
        hubs, persons = requested(held, by=None), requested(held)
        who = asker(at=held, has=[held])

        assert scheduling.goes_first(who, hubs, now=now)
        assert not scheduling.goes_first(who, persons, now=now)


class TestPassOn:
    def test_tells_of_the_oldest(self, held, other, now, sent, django_capture_on_commit_callbacks):
        queued(held)
        oldest = queued(other, minutes=9)

        with django_capture_on_commit_callbacks(execute=True):
            assert scheduling.pass_on()

        assert sent == [("workers.gpu.work", oldest.pk)]

    def test_says_nothing_where_nothing_waits(self, sent):
        assert not scheduling.pass_on()


class TestLines:
    def test_are_one_a_base_with_its_oldest_at_the_head(self, held, other, now):
        queued(held, minutes=1)
        head = queued(held, minutes=7, stage="grid")
        queued(other, minutes=3)

        found = {line.base: line for line in waiting.runs()}

        line = found[held.pk]
        assert (line.head, line.stage, line.since) == (head.pk, "grid", head.queued_at)
        assert (line.count, found[other.pk].count) == (2, 1)

    def test_are_one_query_however_many_wait(self, held, other, django_assert_num_queries):
        for base in (held, other, held):
            queued(base)

        with django_assert_num_queries(1):
            assert len(waiting.runs()) == 2


class TestResendLost:
    def test_sends_one_message_for_all_that_wait_for_a_device(
        self, held, other, now, sent, django_capture_on_commit_callbacks
    ):
        queued(held, minutes=5)
        oldest = queued(other, minutes=9)

        with django_capture_on_commit_callbacks(execute=True):
            assert runs.resend_lost(now=now) == 2

        assert sent == [("workers.gpu.work", oldest.pk)]


@pytest.mark.django_db(transaction=True)
class TestManyAtOnce:
    BASES, RUNS, WORKERS = 3, 60, 3

    @pytest.fixture
    def bases(self):
        return [BaseFactory(slug=f"base{number}") for number in range(self.BASES)]

    def test_hands_out_each_run_once_and_one_base_to_each(self, bases, now):
        for number in range(self.RUNS):
            queued(bases[number % self.BASES], content=b"%08d" % number)
        handed = self._all_work(bases, now)

        assert Counter(pk for _, pk, _ in handed) == Counter(
            ValidationRun.objects.values_list("pk", flat=True)
        )
        assert set(ValidationRun.objects.values_list("attempt", "fence")) == {(1, 1)}
        loads = {(name, base) for name, _, base in handed}
        assert len(loads) <= self.BASES + 1  # the last to end may help with a long line

    def test_passes_over_a_row_that_somebody_has_locked(self, bases, now):
        locked, free = queued(bases[0], minutes=9), queued(bases[0], minutes=5)
        who = asker(at=bases[0], has=bases)
        has_it, go_on = threading.Event(), threading.Event()

        def hold_the_row():
            with transaction.atomic():
                ValidationRun.objects.select_for_update().get(pk=locked.pk)
                has_it.set()
                go_on.wait(20)
            connection.close()

        holder = threading.Thread(target=hold_the_row)
        holder.start()
        assert has_it.wait(20)
        try:
            assert taken(who, now) == free
        finally:
            go_on.set()
            holder.join()

    def _all_work(self, bases, now):
        """Let three workers take at the same time until nothing is left; return what each took."""
        handed, begin = [], threading.Barrier(self.WORKERS)

        def work(name):
            at = None
            there(name, has=bases, now=now)
            begin.wait()
            while scheduling.anything_waits():
                row = taken(asker(name=name, at=at, has=bases), now)
                if row is not None:
                    at = row.version.base
                    handed.append((name, row.pk, at.pk))
            connection.close()

        threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(self.WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return handed
