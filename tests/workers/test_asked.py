"""Cells that somebody asked for, on an engine that draws what the tests draw."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from registry.models import PreviewCell, PreviewRequest, ValidationRun
from registry.services import bases, requests, runs
from tests.factories import (
    BaseFactory,
    FileFactory,
    SceneFactory,
    VersionFactory,
    keep,
)
from tests.hub.pages.rows import picture
from tests.workers.test_gpu import FakeEngine
from workers import asked, gpu, holding
from workers.engine_link import EngineDied, EngineRefused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("blob_root", "sent")]

WEIGHTS = {"axis": "weight", "values": [0, 0.5, 1]}


class Engine(FakeEngine):
    """Draws stripes by the weight, and does what a test wants before each answer."""

    def __init__(self):
        super().__init__()
        self.before = lambda number: None

    def call(self, verb, fields, **rest):
        self.before(len(self.calls) + 1)
        return super().call(verb, fields, **rest)

    def sweep(self, fields):
        colour = "#2f5fd6" if "blue" in fields["prompt"] else "#d6412f"
        self.pictures = (
            picture(weight, colour=colour)
            for weight in fields["weights"]
            if weight not in fields["skip"]
        )
        return super().sweep(fields)


@pytest.fixture
def engine(monkeypatch):
    engine = Engine()
    monkeypatch.setattr(gpu, "engine", lambda: engine)
    return engine


@pytest.fixture
def version(tmp_path, team):
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "model_index.json").write_text("{}")
    base = BaseFactory(slug="shapes", family="shapes", pipeline="StableDiffusionPipeline")
    for slug in ("circle", "square"):
        SceneFactory(base=base, slug=slug, prompt=f"a red {slug}", width=96, height=96)
    bases.place_weights(base, weights_at=str(tmp_path / "base"))
    return VersionFactory(base=base, adapter__team=team, published=True, proof="renders")


@pytest.fixture
def ask(version, contributor):
    def ask(across=WEIGHTS, down=None, by=contributor, **rest):
        plan = {"across": across, **rest}
        if down:
            plan["down"] = {"axis": down[0], "values": down[1]}
        return requests.ask(version, plan, by=by, now=timezone.now())

    return ask


def render(request):
    gpu.render_asked(run_id=str(request.pk))
    request.refresh_from_db()
    return request


def sweeps(engine):
    """Return what was rendered: of each call the prompt, and the weights that were not here."""
    return [(fields["prompt"], rendered(fields)) for _, fields in engine.calls]


def rendered(fields):
    return [weight for weight in fields["weights"] if weight not in fields["skip"]]


class TestRender:
    def test_fills_a_grid_row_by_row_in_one_batch_each(self, engine, ask):
        request = render(ask(down=("scene", ["circle", "square"])))

        assert request.state == "done"
        assert request.grid.kind == "asked"
        assert request.grid.axes["down"] == {"axis": "scene", "values": ["circle", "square"]}
        assert request.grid.cells.count() == 6
        assert sweeps(engine) == [
            ("inkwash, a red circle", [0, 0.5, 1]),
            ("inkwash, a red square", [0, 0.5, 1]),
        ]

    def test_batches_weights_that_lie_down_as_well(self, engine, ask):
        grid = render(ask({"axis": "seed", "values": [7, 8]}, ("weight", [1, 0]))).grid

        assert [weights for _, weights in sweeps(engine)] == [[0, 1], [0, 1]]
        cell = grid.cells.get(row=0, column=1)
        assert (cell.weight, cell.parameters["seed"]) == (1, 8)

    def test_keeps_all_that_a_cell_needs_to_be_rendered_again(self, engine, ask):
        same = {"prompt": "a blue cat", "negative": "dull", "steps": 5, "guidance": 2,
                "seed": 9, "size": [64, 128]}  # fmt: skip
        grid = render(ask({"axis": "weight", "values": [1]}, same=same)).grid

        cell = grid.cells.get()
        told = {"prompt": "a blue cat", "negative": "dull", "steps": 5, "guidance": 2.0,
                "seed": 9, "width": 64, "height": 128, "training_step": "final"}  # fmt: skip
        assert told.items() <= cell.parameters.items()
        assert cell.scene is None

    def test_gives_blocks_of_the_base_their_own_share(self, engine, ask, version):
        version.fit = {"components": [{"component": "unet", "in_file": 4}]}
        version.save()
        shares = [{}, {"unet.mid": 0, "unet.up": 0.5}]
        grid = render(ask(down=("parts", shares))).grid

        assert [fields.get("parts") for _, fields in engine.calls] == [
            None, {"unet.mid": 0, "unet.up": 0.5},
        ]  # fmt: skip
        assert rendered(engine.calls[1][1]) == [0.5, 1]  # weight 0 is the same whatever the parts
        assert grid.cells.get(row=1, column=2).parameters["parts"] == {
            "unet.mid": 0,
            "unet.up": 0.5,
        }

    def test_never_renders_a_cell_that_the_hub_has(self, engine, ask):
        render(ask())
        engine.calls.clear()

        again = render(ask(down=("scene", ["circle", "square"])))

        assert sweeps(engine) == [("inkwash, a red square", [0, 0.5, 1])]
        assert again.grid.cells.count() == 6
        assert again.grid.cells.get(row=0, column=2).blob_id

    def test_asks_the_engine_for_nothing_where_all_is_there(self, engine, ask):
        render(ask())
        engine.calls.clear()
        assert render(ask()).state == "done"
        assert not engine.calls


class TestTrainingSteps:
    def test_each_step_is_a_file_of_its_own_and_weight_0_is_rendered_once(
        self, engine, ask, version
    ):
        for step in (100, 200):
            FileFactory(
                version=version, role="checkpoint", name=f"step{step}", training_step=step,
                blob=keep(f"checkpoint {step}".encode()),
            )  # fmt: skip
        paths = []
        engine.before = lambda _: None
        real = engine.sweep

        def sweep(fields):
            with open(fields["adapter"]["path"], "rb") as file:  # noqa: PTH123  it is gone later
                paths.append(file.read()[:14])
            return real(fields)

        engine.sweep = sweep
        request = render(ask(down=("training_step", [100, 200, "final"])))

        assert request.grid.kind == "steps"
        assert paths[:2] == [b"checkpoint 100", b"checkpoint 200"]
        assert [weights for _, weights in sweeps(engine)] == [[0, 0.5, 1], [0.5, 1], [0.5, 1]]
        assert request.grid.cells.count() == 9
        # Each is measured from weight 0, though that is not rendered anew.
        assert all(0 in fields["weights"] for _, fields in engine.calls)
        far = request.grid.cells.exclude(weight=0).values_list("from_zero", flat=True)
        assert None not in far


class TestAgainst:
    def test_draws_where_two_versions_differ(self, engine, ask, version):
        other = VersionFactory(
            adapter=version.adapter, base=version.base, published=True, proof="renders",
            trigger_words=["other"],
        )  # fmt: skip
        request = render(ask(down=("scene", ["circle", "square"]), against=other.number))

        assert (request.state, request.grid.kind, request.grid.other) == ("done", "versions", other)
        rows = request.grid.cells.values_list("row", flat=True)
        assert sorted(set(rows)) == [0, 1, 2, 3, 4, 5]
        difference = request.grid.cells.get(row=2, column=1)
        assert difference.parameters["difference"]
        assert difference.measures == {"pixel": 0.0}  # this engine knows no adapters
        tops = {fields["adapter"]["tensor_digest"] for _, fields in engine.calls}
        assert len(tops) == 2


class TestFaults:
    def test_goes_on_where_a_killed_worker_stopped(self, engine, ask):
        request = ask(down=("scene", ["circle", "square"]))
        engine.dies_at = 2
        assert render(request).state == "queued"
        assert PreviewCell.objects.count() == 3

        assert render(request).state == "done"

        assert [prompt for prompt, _ in sweeps(engine)] == [
            "inkwash, a red circle", "inkwash, a red square", "inkwash, a red square",
        ]  # fmt: skip

    def test_stops_when_it_is_cancelled_and_keeps_what_there_is(
        self, engine, ask, contributor, monkeypatch
    ):
        monkeypatch.setattr(asked, "LOOK_EVERY", 0)
        request = ask(down=("scene", ["circle", "square"]))

        def cancel(number):
            if number == 2:
                requests.cancel(request, by=contributor, now=timezone.now())

        engine.before = cancel
        assert render(request).state == "cancelled"

        assert len(engine.calls) == 2
        assert request.grid.rendered_at is None
        assert request.grid.cells.count() == 3

    def test_gives_way_to_validation_between_two_batches(self, engine, ask, version):
        request = ask(down=("scene", ["circle", "square"]))

        def upload(number):
            if number == 1:
                run = runs.start(VersionFactory(base=version.base), now=timezone.now())
                ValidationRun.objects.filter(pk=run.pk).update(stage="grid")

        engine.before = upload
        assert render(request).state == "queued"
        assert request.attempt == 0
        assert len(engine.calls) == 1

        ValidationRun.objects.all().delete()
        assert render(request).state == "done"
        assert len(engine.calls) == 2

    def test_is_put_down_when_the_worker_is_told_to_stop(self, engine, ask, monkeypatch):
        told_to_stop = threading.Event()
        told_to_stop.set()
        monkeypatch.setattr(holding, "_told_to_stop", told_to_stop)
        request = render(ask())
        assert (request.state, request.attempt) == ("queued", 0)

    def test_fails_at_once_with_what_the_engine_refuses(self, engine, ask):
        def refuse(number):
            raise EngineRefused("bad_fields", "heun is no sampler for this base.")

        engine.before = refuse
        request = render(ask())
        assert (request.state, request.reason) == ("failed", "heun is no sampler for this base.")

    def test_tries_again_what_another_attempt_may_do(self, engine, ask, settings):
        def die(number):
            raise EngineDied("The engine was killed (signal 9).")

        engine.before = die
        request = ask()
        for _ in range(settings.RUN_ATTEMPTS):
            render(request)
        assert (request.state, request.reason) == ("failed", "The engine was killed (signal 9).")

    def test_fails_in_words_where_its_ground_is_gone(self, engine, ask, version):
        request = ask({"axis": "scene", "values": ["square"]})
        version.base.scenes.filter(slug="square").update(active=False)
        assert render(request).state == "failed"
        assert "there is no scene “square”" in request.reason

    def test_leaves_a_request_that_somebody_holds(self, engine, ask):
        request = ask()
        lease = timezone.now() + timedelta(minutes=1)
        PreviewRequest.objects.update(state="running", lease_until=lease)
        render(request)
        assert not engine.calls
