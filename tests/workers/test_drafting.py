"""The task that has a base's manifest made, on an engine that says what it is told to say."""

from __future__ import annotations

import pytest
from django.utils import timezone

from registry.bases.manifest import Layer, Manifest, encode
from registry.models import Blueprint
from registry.services import making, own_bases
from tests.factories import own_base
from workers import gpu
from workers.engine_link import EngineDied, EngineRefused, EngineTimedOut
from workers.frames import Frame

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("sent")]

TINY = encode(Manifest("ours", {"model": {"layers.0.q_proj": Layer("linear", (8, 8))}}))


class FakeEngine:
    def __init__(self):
        self.error = None
        self.meanwhile = lambda: None

    def call(self, verb, fields, *, timeout, on_wait=None):
        self.called = (verb, fields)
        self.meanwhile()
        on_wait()
        if self.error:
            raise self.error
        return Frame({"layers": {"model": 1}}, {"manifest": TINY})


@pytest.fixture
def engine(monkeypatch):
    engine = FakeEngine()
    monkeypatch.setattr(gpu, "engine", lambda: engine)
    return engine


@pytest.fixture
def base(team):
    return own_base(team)


def make(base):
    gpu.make_manifest(run_id=str(base.blueprint.pk))
    base.refresh_from_db()
    return base.state


def test_keeps_what_the_engine_makes(engine, base):
    assert make(base) == "ready"
    assert engine.called == (
        "make_manifest",
        {"slug": "ours", "configs": base.blueprint.configs},
    )


def test_a_message_that_comes_twice_does_nothing_more(engine, base):
    make(base)
    engine.error = AssertionError("nobody should ask again")
    assert make(base) == "ready"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (EngineRefused("config_refused", "config.json: hidden_size is too much."), "hidden_size"),
        (EngineTimedOut("The engine was ended in make_manifest."), "not laid out within"),
        (EngineRefused("out_of_memory", "There was no room."), "no room"),
    ],
)
def test_fails_at_once_where_the_configuration_is_at_fault(engine, base, error, said):
    engine.error = error
    assert make(base) == "failed"
    assert said in base.reason


@pytest.mark.parametrize(
    "error", [EngineDied("The engine was killed."), EngineRefused("failed", "x"), OSError("x")]
)
def test_is_tried_again_where_the_hub_is_at_fault(engine, base, error, sent, settings):
    engine.error = error
    states = [make(base) for _ in range(settings.RUN_ATTEMPTS)]
    assert states == ["making", "making", "failed"]
    assert len(sent) == 2


def test_writes_nothing_once_another_worker_has_it(engine, base, settings):
    later = timezone.now() + settings.LEASE * 2
    engine.meanwhile = lambda: making.claim(base.blueprint.pk, now=later)
    assert make(base) == "making"
    assert Blueprint.objects.get().fence == 2


def test_does_not_mind_that_the_base_was_removed_meanwhile(engine, base, contributor):
    base.added_by = contributor
    base.save()
    engine.meanwhile = lambda: own_bases.remove(base, by=contributor, now=timezone.now())
    gpu.make_manifest(run_id=str(base.blueprint.pk))
    assert not Blueprint.objects.exists()


def test_a_base_that_is_gone_is_nothing_to_do(engine):
    gpu.make_manifest(run_id="00000000-0000-0000-0000-000000000000")
