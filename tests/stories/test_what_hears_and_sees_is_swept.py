"""Adapters of the demo for bases that hear and see: proved to render, and seen at work."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from django.utils import timezone

from registry.models import BaseModel
from registry.services import bases, demo
from tests.factories import TeamFactory, member
from workers import gpu, intake
from workers.frames import Frame

pytest.importorskip("torch")
pytestmark = [
    pytest.mark.torch,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("blob_root", "_engine"),
]
HELLO = {"versions": {"torch": "0"}, "device_name": "a processor"}


@pytest.fixture
def _engine(monkeypatch):
    """The real engine, in this process."""
    from workers.engine.verbs import VERBS, open_engine

    engine = open_engine("cpu", network_off=True)

    def call(verb, fields, **_):
        answer, blobs = VERBS[verb](engine, fields, lambda *_: None)
        return Frame(json.loads(json.dumps(answer)), blobs)

    child = SimpleNamespace(call=call, start=lambda: HELLO, device="cpu")
    monkeypatch.setattr(gpu, "engine", lambda: child)


@pytest.fixture
def swept(api, sent):
    """Return a function that uploads a demo adapter, has it looked over, and returns its cells."""
    bases.load_catalogue()
    demo.place_bases()
    team = TeamFactory(slug="studio")
    person = member(team, "contributor")
    api.force_authenticate(person)

    def sweep(slug):
        [card] = [one for one in demo.cards() if one["slug"] == slug]
        assert demo.upload(card, team=team, by=person, now=timezone.now()) is None
        for work in (intake.check_file, gpu.try_on_base, gpu.render_grid):
            work(run_id=str(sent[-1][1]))
        home = f"/api/adapters/studio/{slug}/versions/1"
        report = api.get(f"{home}/report").json()
        assert (report["state"], report["proof"]) == ("ready", "renders"), report
        grid = api.get(f"{home}/previews").json()["grid"]
        return grid["cells"], grid["curve"]

    return sweep


def near(cells, scene, weight):
    """Return the cell of a scene whose weight is nearest: a sweep chooses its weights itself."""
    row = [cell for cell in cells if cell["scene"] == scene]
    return min(row, key=lambda cell: abs(cell["weight"] - weight))


def test_a_whisper_adapter_writes_numbers_otherwise_from_some_weight_on(swept):
    cells, curve = swept("numerals")

    assert near(cells, "clear", 0)["text"] == "four pink stars"
    assert near(cells, "clear", 1)["text"] == "4 pink stars"
    assert {cell["medium"] for cell in cells} == {"text"}
    assert curve["measure"] == "kl"
    assert curve["onset"] is not None


def test_a_caption_adapter_changes_what_is_said_of_a_picture(swept):
    cells, curve = swept("telegram")

    assert near(cells, "star", 0)["text"] == "a big blue star, on yellow"
    assert near(cells, "star", 1)["text"] == "big blue star stop ground yellow stop"
    assert curve["onset"] is not None


@pytest.mark.parametrize(("slug", "scene"), [("hushed", "hushed"), ("moonspotter", "moon")])
def test_an_adapter_that_helps_is_told_by_fewer_errors(swept, slug, scene):
    cells, _ = swept(slug)

    without, within = (near(cells, scene, weight)["measures"]["error"] for weight in (0, 1))
    assert within < without / 2


def test_every_demo_base_is_swept():
    bases.load_catalogue()
    demo.place_bases()

    for slug in demo.BASES:
        base = BaseModel.objects.get(slug=slug)
        assert bases.is_swept(base)
        assert bases.weights_folder(base) is not None
