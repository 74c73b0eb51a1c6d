"""A device's turn: one message, and it works until nothing is left for it."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.utils import timezone

from registry.models import ValidationRun
from registry.services import bases, workers
from tests.factories import BaseFactory, RunFactory, VersionFactory
from workers import turns
from workers.devices import Device

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("blob_root")]


@pytest.fixture
def here(tmp_path):
    """Return a maker of bases whose weights are on this machine."""

    def make(slug):
        folder = tmp_path / slug
        folder.mkdir()
        (folder / "model_index.json").write_text("{}")
        base = BaseFactory(slug=slug, pipeline="StableDiffusionPipeline")
        bases.place_weights(base, weights_at=str(folder))
        return base

    return make


@pytest.fixture
def device():
    return Device("cpu")


@pytest.fixture
def clock(monkeypatch):
    """Let time pass only where the turn sleeps; return the list of its sleeps."""
    slept = []
    monkeypatch.setattr(turns.time, "monotonic", lambda: float(sum(slept)))
    monkeypatch.setattr(turns.time, "sleep", slept.append)
    return slept


def queued(base, **fields):
    now = timezone.now()
    return RunFactory(
        version=VersionFactory(base=base), stage="trial", queued_at=now, sent_at=now, **fields
    )


def ends(done):
    def do(row):
        done.append(row)
        ValidationRun.objects.filter(pk=row.pk).update(
            state="passed", finished_at=timezone.now(), lease_until=None
        )

    return do


def test_does_all_that_waits_base_by_base(here, device, sent):
    one, two = here("one"), here("two")
    for base in (one, two, one, two):
        queued(base)
    done = []

    turns.work_off(device, ends(done))

    assert len(done) == 4
    assert [row.version.base for row in done] in ([one, one, two, two], [two, two, one, one])


def test_passes_the_message_on_once_where_more_waits(here, device, sent):
    one = here("one")
    for _ in range(3):
        queued(one)

    turns.work_off(device, ends([]))

    assert [name for name, _ in sent] == ["workers.gpu.work"]


def test_sends_nothing_on_where_nothing_is_left(here, device, sent):
    queued(here("one"))

    turns.work_off(device, ends([]))

    assert sent == []


def test_looks_again_for_a_while_at_what_is_left_to_others(here, device, sent, clock):
    one = here("one")
    queued(one)
    workers.seen(name="other", device="cpu", now=timezone.now(), holds=one, has=[one.pk])
    done = []

    turns.work_off(device, ends(done))

    assert done == []
    assert sum(clock) == pytest.approx(turns.PATIENCE, abs=turns.A_LOOK)
    assert len(sent) == 1  # so that the other hears of it


def test_ends_after_some_minutes_and_says_that_more_waits(here, device, sent, clock):
    one = here("one")
    for _ in range(3):
        queued(one)
    done = []

    def slowly(row):
        ends(done)(row)
        clock.append(turns.A_TURN)

    turns.work_off(device, slowly)

    assert len(done) == 1
    assert len(sent) == 2


def test_takes_nothing_more_when_the_worker_is_told_to_stop(here, device, sent, monkeypatch):
    queued(here("one"))
    monkeypatch.setattr(turns, "is_told_to_stop", lambda: True)
    done = []

    turns.work_off(device, ends(done))

    assert done == []


def test_a_worker_that_begins_hears_of_what_waits_already(here, sent):
    queued(here("one"))

    turns.begin()

    assert [name for name, _ in sent] == ["workers.gpu.work"]


def test_a_worker_that_begins_is_left_alone_where_nothing_waits(sent):
    turns.begin()

    assert sent == []


def test_a_worker_begins_without_its_database_too(monkeypatch, caplog, sent):
    def gone():
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(turns.scheduling, "pass_on", gone)

    turns.begin()

    assert "the server closed the connection" in caplog.text


def test_notes_where_the_device_goes(here, device, sent):
    one = here("one")
    queued(one)

    turns.work_off(device, ends([]))

    assert device.at == one.pk
    assert device.doing == ""
