"""A base that does not load holds nobody up: other bases go on, and so does the playground."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.errors import Unavailable
from registry.models import ValidationRun
from registry.services import bases
from tests.factories import (
    BaseFactory,
    RequestFactory,
    RunFactory,
    SceneFactory,
    VersionFactory,
)
from tests.workers.test_gpu import FakeEngine
from workers import asked, devices, gpu, places, turns
from workers.devices import Device, WatchedEngine
from workers.engine_link import EngineChild, EngineRefused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("blob_root", "sent")]

BROKEN = "The base broken cannot be loaded: its weights are cut off."


@pytest.fixture(autouse=True)
def device(monkeypatch):
    """Return this thread's device; its engine loads every base but one."""
    device, fake = Device("cpu"), FakeEngine()

    def call(self, verb, fields, *, timeout, on_progress=None, on_wait=None):
        if fields["base"]["slug"] == "broken":
            raise EngineRefused("base_unreadable", BROKEN)
        return fake.call(verb, fields, timeout=timeout, on_progress=on_progress, on_wait=on_wait)

    monkeypatch.setattr(EngineChild, "call", call)
    monkeypatch.setattr(EngineChild, "start", lambda self, **_: fake.start())
    engine = WatchedEngine(device)
    monkeypatch.setattr(gpu, "engine", lambda: engine)
    monkeypatch.setattr(devices, "mine", lambda: device)
    return device


@pytest.fixture(autouse=True)
def slept(monkeypatch):
    """Let time pass only where the turn sleeps."""
    slept = []
    monkeypatch.setattr(turns.time, "monotonic", lambda: float(sum(slept)))
    monkeypatch.setattr(turns.time, "sleep", slept.append)
    return slept


@pytest.fixture
def here(tmp_path):
    def make(slug):
        (tmp_path / slug).mkdir()
        (tmp_path / slug / "model_index.json").write_text("{}")
        base = BaseFactory(slug=slug, pipeline="StableDiffusionPipeline")
        SceneFactory(base=base, slug="circle", prompt="a red circle, {trigger}")
        bases.place_weights(base, weights_at=str(tmp_path / slug))
        return base

    return make


def queued(base, *, minutes):
    when = timezone.now() - timedelta(minutes=minutes)
    version = VersionFactory(base=base, proof="fits")
    return RunFactory(version=version, stage="trial", queued_at=when, sent_at=when)


def states():
    return dict(ValidationRun.objects.values_list("version__base__slug", "state"))


def test_others_go_on_while_its_runs_wait_and_say_why(here, device):
    first = queued(here("broken"), minutes=20)
    queued(here("sound"), minutes=1)

    gpu.work()

    assert states() == {"broken": "queued", "sound": "passed"}
    first.refresh_from_db()
    assert (first.attempt, first.reason) == (1, BROKEN)
    assert first.version.base_id in device.aside


def test_its_runs_end_with_the_reason_after_their_attempts(here, device, settings):
    run = queued(here("broken"), minutes=20)
    for _ in range(settings.RUN_ATTEMPTS):
        device.aside.clear()  # its time is over
        gpu.work()

    run.refresh_from_db()
    assert (run.state, run.reason) == ("failed", BROKEN)


def test_one_whose_weights_cannot_be_had_is_left_alone_too(here, device, monkeypatch):
    broken, fields = here("broken"), places.base_fields

    def base_fields(base):
        if base == broken:
            raise Unavailable("The bucket does not answer.")
        return fields(base)

    monkeypatch.setattr(places, "base_fields", base_fields)
    run = queued(broken, minutes=20)
    queued(here("sound"), minutes=1)

    gpu.work()

    run.refresh_from_db()
    assert (run.state, run.reason) == ("queued", "The bucket does not answer.")
    assert device.aside[broken.pk].reason == run.reason
    assert states()["sound"] == "passed"


def test_the_playground_goes_on(here, device, monkeypatch):
    queued(here("broken"), minutes=20)
    version = VersionFactory(base=here("sound"), published=True, proof="renders")
    request = RequestFactory(version=version)
    rendered = []
    monkeypatch.setattr(asked, "render", lambda holding, **_: rendered.append(holding.row))

    gpu.work()

    assert rendered[0] == request


def test_the_playground_waits_for_what_the_device_can_do(here, device, monkeypatch):
    sound = here("sound")
    RequestFactory(version=VersionFactory(base=sound, published=True, proof="renders"))
    queued(sound, minutes=0)
    began = []
    monkeypatch.setattr(asked, "render", lambda holding, **_: began.append(states()))

    gpu.work()

    assert began[0] == {"sound": "passed"}
