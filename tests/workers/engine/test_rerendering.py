"""Cells of the demo's base, rendered again from their records."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from registry.models import AdapterVersion, PreviewCell, VersionFile
from registry.services import bases, previews
from registry.sweeps import plan
from tests.factories import AdapterFactory, BaseFactory, GridFactory, TeamFactory, VersionFactory
from workers import places, rows
from workers.engine import verbs
from workers.frames import Frame
from workers.management.commands import rerender

DEMO = Path(__file__).resolve().parents[3] / "demo"
SCENE = plan.Scene("circle", "A circle", "a red circle on white", seed=7, steps=4, guidance=4.0,
                   width=96, height=96)  # fmt: skip

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root", "sent")]


@pytest.fixture(scope="module")
def engine():
    return verbs.open_engine("cpu", network_off=False)


@pytest.fixture
def call(engine, monkeypatch):
    """Call the engine in this process; the command's child does the same."""

    def call(verb, fields, **_):
        answer, blobs = verbs.VERBS[verb](engine, fields, lambda stage, done, of: None)
        return Frame(answer, blobs)

    class Child:
        def __init__(self, device):
            engine.bases.forget()  # what is in memory would not be rendered again
            self.call = call

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

    monkeypatch.setattr(rerender, "EngineChild", Child)
    return call


@pytest.fixture
def cells(call):
    """Render a version at three weights, and keep the cells as a worker does."""
    base = BaseFactory(slug="shapes", family="shapes", pipeline="StableDiffusionPipeline")
    bases.place_weights(base, weights_at=str(DEMO / "base"))
    weights = DEMO / "adapters/neon-glow/neon-glow.safetensors"
    adapter = AdapterFactory(team=TeamFactory(slug="demo"), slug="neon-glow")
    version = VersionFactory(
        adapter=adapter, base=base, content=weights.read_bytes(), ready=True, fit={}
    )
    grid = GridFactory(version=version)
    planned = [
        plan.Cell(SCENE, weight, False, SCENE.prompt, row=0, column=column)  # noqa: FBT003
        for column, weight in enumerate((0.0, 0.6, 1.2))
    ]
    file = version.files.get()
    with places.file_fields(version, file, hold="test") as adapter_fields:
        subject = rows.Subject(base=places.base_fields(base), adapter=adapter_fields)
        rendered = rows.render(subject, planned, call=call)
    return PreviewCell.objects.bulk_create(
        previews.new_cell(grid, cell, picture, scene=None, now=timezone.now())
        for cell, picture in zip(planned, rendered.pictures, strict=True)
    )


def again(**which):
    """Return the exit status of the command, and what it said."""
    said = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("rerender", stdout=said, **which)
    return ended.value.code, said.getvalue()


def change(cell, **parameters):
    cell.parameters = dict(cell.parameters) | parameters
    cell.save()


def test_a_cell_comes_out_the_same(cells):
    status, said = again(of="demo/neon-glow/v1")

    assert status == 0, said
    assert said.count("pixel 0.0000") == 3
    assert "3 cells, drift 0.0" in said
    assert f"then  {said.partition('now   ')[2].splitlines()[0]}" in said


def test_its_record_holds_what_it_was_made_with(cells):
    record = cells[1].parameters

    assert record["scheduler"].endswith("Scheduler")
    assert record["dtype"] == "float32"
    assert record["adapter_digest"] == VersionFile.objects.get().blob.tensor_digest
    assert {"torch", "diffusers", "peft"} <= set(record["versions"])


def test_a_record_that_was_tampered_with_shows_drift(cells):
    change(cells[1], seed=8)

    status, said = again(cell=cells[1].pk)

    assert status == 1
    assert "1 beyond 0.02" in said


def test_libraries_of_then_and_now_stand_side_by_side(cells):
    change(cells[1], versions={"torch": "1.0"})

    status, said = again(sample=9)

    assert status == 0
    assert "then  torch 1.0\n" in said
    assert said.count("then  ") == 2


def test_a_base_that_is_gone_is_told(cells):
    change(cells[0], base="vanished")

    status, said = again(cell=cells[0].pk)

    assert status == 2
    assert "The base vanished is not on this hub any more." in said


def test_a_base_whose_weights_are_others_now_is_told(cells):
    change(cells[0], base_digest="f" * 64)

    assert "The weights of shapes are others now" in again(cell=cells[0].pk)[1]


def test_a_base_whose_weights_are_elsewhere_is_told(cells):
    version = AdapterVersion.objects.get()
    bases.place_weights(version.base, weights_at="/nowhere")

    assert "The weights of shapes are not on this machine." in again(cell=cells[0].pk)[1]


def test_weights_that_no_version_has_any_more_are_told(cells):
    change(cells[2], adapter_digest="e" * 64)

    status, said = again(of="demo/neon-glow/v1")

    assert status == 2
    assert "No file of neon-glow has the weights eeeeeeeeeeee… any more." in said
    assert "2 cells, drift" in said  # the others are rendered all the same


def test_what_a_record_lacks_is_named(cells):
    cell = cells[1]
    cell.parameters = {"prompt": "a red circle"}
    cell.save()

    assert "Its record lacks seed, steps, guidance" in again(cell=cell.pk)[1]


@pytest.mark.parametrize("which", [{"cell": 0}, {"of": "demo/none/v1"}, {"of": "neon-glow"}])
def test_what_is_not_there_is_refused(cells, which):
    with pytest.raises(CommandError, match=r"no such cells|names no version"):
        call_command("rerender", **which)
