"""What is noted of a device while its engine is called."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.models import Worker
from tests.factories import BaseFactory
from workers import devices, presence
from workers.devices import Device, WatchedEngine
from workers.engine_link import EngineChild, EngineDied, EngineRefused
from workers.frames import Frame

pytestmark = pytest.mark.django_db

SWEEP = {"base": {"slug": "sdxl-1-0", "folder": "/bases/sdxl"}, "weights": [0, 1], "skip": [0]}


@pytest.fixture
def base(tmp_path):
    (tmp_path / "model_index.json").write_text("{}")
    return BaseFactory(weights_at=str(tmp_path))


@pytest.fixture
def device(base):
    device = Device("cpu")
    device.goes_to(base)
    return device


@pytest.fixture
def answers(monkeypatch):
    """Let the engine say that it loads the base, and then what the test put here."""
    answers = []

    def call(self, verb, fields, *, timeout, on_progress=None, on_wait=None):
        on_progress({"stage": devices.LOADING, "done": 0, "of": 1})
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        on_progress({"stage": "rendering", "done": 1, "of": 1})
        return answer

    monkeypatch.setattr(EngineChild, "call", call)
    return answers


def ask(device, fields=SWEEP):
    return WatchedEngine(device).call("sweep", fields, timeout=1)


class TestACall:
    def test_says_what_the_device_does_and_how_long_a_cell_takes(self, device, base, answers):
        answers.append(Frame({}, {}))

        ask(device)

        assert device.doing == "rendering"
        assert device.at == base.pk
        assert device.seconds_a_cell is not None

    def test_notes_every_base_that_the_engine_keeps(self, device, base, answers):
        other = BaseFactory(slug="other", weights_at=base.weights_at)
        device.goes_to(other)
        device.goes_to(base)
        answers.append(Frame({"bases": ["other", "sdxl-1-0", "unheard-of"]}, {}))

        ask(device)

        assert set(device.asks(timezone.now()).standing.holds) == {other.pk, base.pk}

    def test_sets_a_base_aside_that_does_not_load(self, device, base, answers):
        answers.append(EngineRefused("base_unreadable", "There is no unet in it."))

        with pytest.raises(EngineRefused):
            ask(device)

        assert device.aside[base.pk].reason == "There is no unet in it."
        assert base.pk in device.asks(timezone.now()).standing.avoids
        assert device.at is None

    def test_sets_a_base_aside_that_kills_the_engine_while_it_loads(self, device, base, answers):
        answers.append(EngineDied("It was killed (signal 9)."))

        with pytest.raises(EngineDied):
            ask(device)

        assert base.pk in device.aside

    def test_blames_no_base_for_an_adapter_that_is_refused(self, device, base, answers):
        answers.append(EngineRefused("adapter_refused", "It does not load."))

        with pytest.raises(EngineRefused):
            ask(device)

        assert not device.aside
        assert device.at == base.pk

    def test_forgives_a_base_that_loads_again(self, device, base, answers):
        answers += [EngineRefused("base_unreadable", "Gone."), Frame({}, {})]
        with pytest.raises(EngineRefused):
            ask(device)

        ask(device)

        assert not device.aside


class TestPutAside:
    def test_is_for_longer_each_time_up_to_a_bound(self, device, base):
        pauses = []
        for _ in range(7):
            device.put_aside(base.pk, reason="Gone.")
            pauses.append(device.aside[base.pk].pause)

        assert pauses[:3] == [devices.PAUSE * times for times in (1, 2, 4)]
        assert pauses[-1] == devices.LONGEST_PAUSE

    def test_is_over_after_its_time(self, device, base):
        device.put_aside(base.pk, reason="Gone.")

        later = timezone.now() + devices.PAUSE + timedelta(seconds=1)
        assert not device.asks(later).standing.avoids


class TestPresence:
    def test_writes_a_row_for_each_device_and_the_same_again(self, device, base, monkeypatch):
        device.doing, device.seconds_a_cell = "rendering", 1.5
        device.put_aside(999, reason="Gone.")
        monkeypatch.setattr(devices, "ALL", (device,))

        presence.tell()
        presence.tell()

        row = Worker.objects.get()
        assert (row.name, row.device) == (devices.worker_name(), "cpu")
        assert (row.holds, row.has, row.doing, row.seconds_a_cell) == (
            base, [base.pk], "rendering", 1.5,
        )  # fmt: skip
        assert row.aside["999"]["reason"] == "Gone."

    def test_takes_its_rows_away_when_the_worker_ends(self, device, monkeypatch):
        monkeypatch.setattr(devices, "ALL", (device,))
        monkeypatch.setattr(presence.connection, "close", lambda: None)
        presence.tell()

        presence.end()

        assert not Worker.objects.exists()
