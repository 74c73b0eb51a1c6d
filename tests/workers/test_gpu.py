"""The tasks of the gpu queue, on an engine that says what it is told to say."""

from __future__ import annotations

import itertools
import threading
from dataclasses import asdict

import pytest
from django.utils import timezone

from registry.checks.facts import Trial
from registry.models import PreviewCell, PreviewGrid, ValidationRun
from registry.services import bases, runs
from tests.factories import BaseFactory, SceneFactory, VersionFactory
from workers import filling, gpu, holding
from workers.engine_link import EngineDied, EngineRefused
from workers.frames import Frame

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("blob_root", "sent")]

GOOD = Trial(
    level="renders", in_file={"unet": 4}, injected={"unet": 4}, change=0.2, trigger_change=0.1
)


def rows_of(fields):
    """Return what each row of a request asks for, as if it had been asked for alone."""
    common = {name: fields[name] for name in ("base", "adapter", "clip") if name in fields}
    blobs = fields.get("blobs", {})
    return [
        common
        | row
        | {"blobs": {name.split("/")[1]: data for name, data in blobs.items()
                     if name.split("/")[0] == str(number)}}
        for number, row in enumerate(fields["rows"])
    ]  # fmt: skip


class FakeEngine:
    """Answers as workers.engine does, with pictures that are a few bytes each."""

    def __init__(self, trial=GOOD):
        self.trial = trial
        self.calls = []  # verb and fields, row by row
        self.asked = 0  # times; several rows may be asked for at once
        self.dies_at = None
        self.looks = lambda weight: 0.0  # pictures stand on a line, and this is where
        self.by_words = lambda prompt: 1.0  # what its effect is multiplied by
        self.by_parts = lambda parts: 1.0
        self.seconds = 0.1  # a cell
        self.tells = ()  # stages of a sweep, one at once after the other
        self.forgets = False  # as a child does that has just been started
        self.given = []
        self.pictures = (f"picture {n}".encode() for n in itertools.count())

    def start(self, timeout=180):
        return {"device_name": "a test", "versions": {"torch": "2"}, "network_off": True}

    def call(self, verb, fields, *, timeout, on_progress=None, on_wait=None):
        self.asked += 1
        rows = rows_of(fields) if verb == "sweep_rows" else [fields]
        for row in rows:
            self.calls.append((verb, row))
            if len(self.calls) == self.dies_at:
                raise EngineDied("The engine was killed (signal 9).")
        if on_wait:
            on_wait()
        for stage in self.tells if on_progress else ():
            on_progress({"stage": stage, "done": 0, "of": 1})
        return self.sweep_rows(rows) if verb == "sweep_rows" else getattr(self, verb)(fields)

    def try_on(self, fields):
        return Frame(asdict(self.trial), {"with": b"x", "without": b"y"})

    prove_loads = try_on

    def sweep(self, fields):
        if self.forgets and fields.get("at_hand") and "given" not in fields:
            return Frame({"wanted": fields["at_hand"]}, {})
        self.given += [(one, fields["blobs"][f"given-{n}"]) for n, one in
                       enumerate(fields.get("given", ()))]  # fmt: skip
        blobs, cells = {}, []
        share = self.by_words(fields["prompt"]) * self.by_parts(fields.get("parts", {}))
        for index, weight in enumerate(fields["weights"]):
            name = None if weight in fields["skip"] else f"cell{index}"
            if name:
                blobs[name] = next(self.pictures)
            before = fields["weights"][max(index - 1, 0)]
            cells.append(
                {
                    "weight": weight,
                    "medium": "picture",
                    "blob": name,
                    "sound": None,
                    "text": "",
                    "measures": {"detail": weight},
                    "width": 96,
                    "height": 96,
                    "from_zero": self.distance(0.0, weight, share),
                    "from_previous": self.distance(before, weight, share) if index else None,
                }
            )
        told = {"cells": cells, "method": "batch", "device": "cpu", "versions": {"torch": "2"}}
        told["seconds"] = self.seconds * len(blobs)
        return Frame(told, blobs)

    def sweep_rows(self, rows):
        frames = [self.sweep(row) for row in rows]
        if any("wanted" in frame.fields for frame in frames):
            told = [{"wanted": frame.fields.get("wanted", [])} for frame in frames]
            return Frame({"rows": told}, {})
        blobs = {
            f"{number}/{name}": data
            for number, frame in enumerate(frames)
            for name, data in frame.blobs.items()
        }
        return Frame({"rows": [frame.fields for frame in frames]}, blobs)

    def distance(self, one, other, share):
        apart = abs(self.looks(one) - self.looks(other)) * share
        return {"pixel": apart / 2, "ssim": apart, "latent": apart * 2}

    @property
    def rendered(self):
        """Every (prompt, size, weight) that it had to render, in order."""
        return [
            (fields["prompt"], fields["scene"]["width"], weight)
            for _, fields in self.calls
            for weight in fields["weights"]
            if weight not in fields["skip"]
        ]


@pytest.fixture
def engine(monkeypatch):
    engine = FakeEngine()
    monkeypatch.setattr(gpu, "engine", lambda: engine)
    monkeypatch.setattr(filling, "paces", {})
    return engine


@pytest.fixture
def base(tmp_path, settings):
    """A base whose weights are on this worker, with one scene."""
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "model_index.json").write_text("{}")
    base = BaseFactory(slug="shapes", family="shapes", pipeline="StableDiffusionPipeline")
    SceneFactory(base=base, slug="circle", prompt="a red circle on white, {trigger}")
    bases.place_weights(base, weights_at=str(tmp_path / "base"))
    return base


def add_two_scenes(base):
    for place, slug in enumerate(("star", "pair"), start=1):
        SceneFactory(base=base, slug=slug, prompt=f"a {slug}, {{trigger}}", position=place)


def run_at(stage, base):
    version = VersionFactory(base=base, proof="renders" if stage == "grid" else "fits")
    version.runs.all().delete()
    run = runs.start(version, now=timezone.now())
    ValidationRun.objects.filter(pk=run.pk).update(stage=stage)
    return run


def state_of(run):
    run.refresh_from_db()
    run.version.refresh_from_db()
    return run.state, run.stage, run.version.state


class TestTryOnBase:
    def test_sends_a_sound_adapter_on_to_its_sweep(self, engine, base):
        run = run_at("trial", base)

        gpu.try_on_base(run_id=str(run.pk))

        assert state_of(run) == ("queued", "grid", "waiting")
        assert engine.calls[0][0] == "try_on"

    def test_rejects_what_breaks_the_base(self, engine, base):
        engine.trial = Trial(level="renders", in_file={"unet": 4}, injected={"unet": 4},
                             saw_nan=True)  # fmt: skip
        run = run_at("trial", base)

        gpu.try_on_base(run_id=str(run.pk))

        assert state_of(run) == ("rejected", "trial", "rejected")

    def test_gives_the_run_back_when_the_engine_dies(self, engine, base):
        engine.dies_at = 1
        run = run_at("trial", base)

        gpu.try_on_base(run_id=str(run.pk))

        assert state_of(run) == ("queued", "trial", "waiting")
        assert "signal 9" in run.reason

    def test_puts_the_run_down_when_the_worker_is_told_to_stop(self, engine, base, monkeypatch):
        told_to_stop = threading.Event()
        told_to_stop.set()
        monkeypatch.setattr(holding, "_told_to_stop", told_to_stop)
        run = run_at("trial", base)

        gpu.try_on_base(run_id=str(run.pk))

        assert state_of(run) == ("queued", "trial", "waiting")
        assert run.attempt == 0

    def test_stops_at_loads_where_no_weights_are(self, engine, base):
        base.weights_at, base.proof_needed = "", "loads"
        base.save()
        engine.trial = Trial(level="loads", in_file={"unet": 4}, injected={"unet": 4})
        run = run_at("trial", base)

        gpu.try_on_base(run_id=str(run.pk))

        assert engine.calls[0][0] == "prove_loads"
        assert state_of(run) == ("passed", "trial", "ready")

    def test_builds_no_skeleton_of_a_base_that_asks_for_a_fit_alone(self, engine):
        base = BaseFactory(
            slug="qwen-image", family="qwen-image", pipeline="QwenImagePipeline",
            proof_needed="fits",
        )  # fmt: skip
        run = run_at("trial", base)

        gpu.try_on_base(run_id=str(run.pk))

        assert not engine.calls
        assert state_of(run) == ("passed", "trial", "ready")

    def test_does_nothing_for_a_run_that_has_moved_on(self, engine, base):
        run = run_at("grid", base)

        gpu.try_on_base(run_id=str(run.pk))

        assert not engine.calls


def sudden(weight):
    """Change all at once between 0.7 and 0.75."""
    return 0.5 if weight > 0.72 else 0.0


class TestRenderGrid:
    def test_keeps_a_picture_at_every_weight_and_a_curve(self, engine, base):
        run = run_at("grid", base)

        gpu.render_grid(run_id=str(run.pk))

        assert state_of(run) == ("passed", "grid", "ready")
        grid = PreviewGrid.objects.get()
        assert grid.weights == [0.0, 0.3, 0.6, 0.9, 1.2]
        assert grid.cells.count() == 3 * 5  # with and without its trigger word, and wide
        assert len(grid.curve.points) == 5

    def test_keeps_everything_needed_to_render_a_cell_again(self, engine, base):
        run = run_at("grid", base)

        gpu.render_grid(run_id=str(run.pk))

        cell = PreviewCell.objects.filter(weight=0.6, with_trigger=True, row=0).get()
        assert cell.parameters["prompt"] == "a red circle on white, inkwash"
        needed = {"seed", "steps", "guidance", "negative", "base_digest", "versions", "weight"}
        assert needed <= set(cell.parameters)

    def test_looks_closer_where_something_happens_and_further_up(self, engine, base):
        engine.looks = sudden
        run = run_at("grid", base)

        gpu.render_grid(run_id=str(run.pk))

        grid = PreviewGrid.objects.get()
        assert {0.7, 0.75, 1.5, 2.0, 2.5, 3.0} <= set(grid.weights)
        for row in range(3):
            cells = grid.cells.filter(row=row).order_by("column")
            assert [cell.weight for cell in cells] == grid.weights
            assert [cell.column for cell in cells] == list(range(len(grid.weights)))

    def test_measures_each_picture_against_its_neighbour_in_the_end(self, engine, base):
        engine.looks = sudden
        run = run_at("grid", base)

        gpu.render_grid(run_id=str(run.pk))

        steps = PreviewCell.objects.filter(row=0, from_previous__gt=0)
        assert [(step.weight, step.from_previous) for step in steps] == [(0.75, 0.5)]

    def test_renders_no_cell_twice_in_its_rounds(self, engine, base):
        engine.looks = sudden

        gpu.render_grid(run_id=str(run_at("grid", base).pk))

        assert len(engine.rendered) == len(set(engine.rendered)) == PreviewCell.objects.count()

    def test_renders_the_column_of_weight_0_once_for_all_adapters(self, engine, base):
        gpu.render_grid(run_id=str(run_at("grid", base).pk))
        gpu.render_grid(run_id=str(run_at("grid", base).pk))

        skipped = [fields["skip"] for _, fields in engine.calls]
        assert skipped == [[], [], [], [0.0], [0.0], [0.0]]

    def test_gives_the_engine_back_what_it_has_forgotten(self, engine, base):
        gpu.render_grid(run_id=str(run_at("grid", base).pk))
        engine.forgets = True
        engine.calls.clear()

        gpu.render_grid(run_id=str(run_at("grid", base).pk))

        zeros = PreviewCell.objects.filter(weight=0, row=0)
        assert len({cell.blob_id for cell in zeros}) == 1
        assert engine.given[0] == (0.0, b"picture 0")
        assert len(engine.given) == 3  # weight 0 of each row

    def test_keeps_of_a_cell_that_it_had_how_it_was_made(self, engine, base):
        gpu.render_grid(run_id=str(run_at("grid", base).pk))
        PreviewCell.objects.all().update(
            measures={"detail": 0.5, "latent": 2.0, "from_zero": {"ssim": 9}}
        )
        first = PreviewCell.objects.get(weight=0, row=0)
        first.parameters["device"] = "another machine"
        first.save()

        gpu.render_grid(run_id=str(run_at("grid", base).pk))

        cell = PreviewCell.objects.filter(weight=0, row=0).latest("pk")
        assert cell.pk != first.pk
        assert cell.parameters["device"] == "another machine"
        assert (cell.measures["detail"], cell.measures["latent"]) == (0.5, 2.0)
        assert cell.measures["from_zero"]["ssim"] == 0.0  # measured anew, in this row

    def test_goes_on_where_a_killed_worker_stopped(self, engine, base):
        run = run_at("grid", base)
        engine.dies_at = 2

        gpu.render_grid(run_id=str(run.pk))
        assert PreviewCell.objects.count() == 5
        gpu.render_grid(run_id=str(run.pk))

        assert [fields["prompt"] for _, fields in engine.calls] == [
            "a red circle on white, inkwash",
            "a red circle on white",
            "a red circle on white",
            "a red circle on white, inkwash",
        ]
        assert PreviewGrid.objects.count() == 1
        assert PreviewCell.objects.count() == 15

    @pytest.mark.parametrize("killed_at", range(1, 9))
    def test_comes_to_the_same_grid_wherever_it_is_killed(self, engine, base, killed_at):
        engine.looks = sudden
        run = run_at("grid", base)
        gpu.render_grid(run_id=str(run.pk))
        whole = told(PreviewGrid.objects.get())
        PreviewGrid.objects.all().delete()
        engine.calls.clear()
        run = run_at("grid", base)
        engine.dies_at = killed_at

        gpu.render_grid(run_id=str(run.pk))
        gpu.render_grid(run_id=str(run.pk))

        assert state_of(run) == ("passed", "grid", "ready")
        assert told(PreviewGrid.objects.get()) == whole

    @pytest.mark.parametrize(("seconds", "asked"), [(0.1, 3), (30.0, 6)])
    def test_asks_for_as_many_rows_at_once_as_take_some_seconds(self, engine, base, seconds, asked):
        add_two_scenes(base)
        engine.seconds = seconds

        gpu.render_grid(run_id=str(run_at("grid", base).pk))

        # The first row says how fast it goes; then two rows, then those that do not count.
        assert engine.asked == asked
        assert PreviewCell.objects.values("row").distinct().count() == 6

    def test_goes_on_at_the_pace_of_the_grid_before(self, engine, base):
        add_two_scenes(base)
        gpu.render_grid(run_id=str(run_at("grid", base).pk))
        before = engine.asked
        gpu.render_grid(run_id=str(run_at("grid", base).pk))

        assert (before, engine.asked - before) == (3, 2)

    def test_says_how_far_it_is_and_how_long_it_will_take(self, engine, base, monkeypatch):
        engine.looks = sudden
        shown = []
        renew = runs.renew
        monkeypatch.setattr(
            runs, "renew", lambda run, **how: (shown.append(how["progress"]), renew(run, **how))
        )

        gpu.render_grid(run_id=str(run_at("grid", base).pk))

        assert shown[0] == {"done": 0, "of": 15, "saying": "rendering", "left": None}
        assert shown[1]["left"] == pytest.approx(0.1 * (shown[1]["of"] - shown[1]["done"]))
        assert (shown[-1]["done"], shown[-1]["saying"]) == (shown[-1]["of"], "measuring")
        assert shown[-1]["of"] == PreviewCell.objects.count()

    def test_says_at_once_that_it_renders_when_the_base_is_there(self, engine, base, monkeypatch):
        engine.tells = ("loading the base", "rendering", "rendering")
        shown = []
        renew = runs.renew
        monkeypatch.setattr(
            runs,
            "renew",
            lambda run, **how: (shown.append(how["progress"]["saying"]), renew(run, **how)),
        )

        gpu.render_grid(run_id=str(run_at("grid", base).pk))

        assert shown[:3] == ["rendering", "loading the base", "rendering"]
        assert shown.count("loading the base") == engine.asked

    def test_drops_the_rows_of_a_scene_that_was_switched_off_meanwhile(self, engine, base):
        star = SceneFactory(base=base, slug="star", prompt="a star", position=1)
        run = run_at("grid", base)
        engine.dies_at = 4
        gpu.render_grid(run_id=str(run.pk))
        star.active = False
        star.save()

        gpu.render_grid(run_id=str(run.pk))

        rows = PreviewCell.objects.values_list("row", "scene__slug").distinct()
        assert sorted(rows) == [(0, "circle"), (1, "circle"), (2, None)]

    def test_fails_for_good_when_the_engine_dies_three_times(self, engine, base, settings):
        run = run_at("grid", base)
        for _ in range(settings.RUN_ATTEMPTS):
            engine.dies_at = len(engine.calls) + 1
            gpu.render_grid(run_id=str(run.pk))

        assert state_of(run)[0] == "failed"
        assert run.reason == "The engine was killed (signal 9)."


class TestProof:
    @pytest.fixture
    def version(self, engine, base):
        """A version with layers in two components, whose file names another word."""
        engine.looks = sudden
        run = run_at("grid", base)
        version = run.version
        version.fit = {
            "components": [
                {"component": "unet", "applied": 4, "in_file": 4},
                {"component": "text_encoder", "applied": 2, "in_file": 2},
            ]
        }
        version.training = {"trigger_candidates": ["inkwash", "paper"]}
        version.save()
        return version

    def proved(self, version):
        gpu.render_grid(run_id=str(version.runs.get().pk))
        version.refresh_from_db()
        return version.effect, {
            result.code: result.outcome
            for result in version.runs.get().results.filter(code__startswith="effect.")
        }

    def test_measures_each_part_and_each_word_alone(self, engine, version):
        engine.by_parts = lambda parts: 0.2 if parts.get("unet") == 0 else 1.0
        engine.by_words = lambda prompt: 1.0 if "inkwash" in prompt else 0.1

        effect, outcomes = self.proved(version)

        assert effect["whole"] == pytest.approx(0.5)
        assert effect["without_words"] == pytest.approx(0.05)
        assert effect["parts"] == [
            {"component": "unet", "effect": pytest.approx(0.5)},
            {"component": "text_encoder", "effect": pytest.approx(0.1)},
        ]
        assert effect["words"] == [
            {"word": "inkwash", "effect": pytest.approx(0.5), "declared": True},
            {"word": "paper", "effect": pytest.approx(0.05), "declared": False},
        ]
        assert set(outcomes.values()) == {"passed"}

    def test_does_without_parts_that_the_engine_does_not_know(self, engine, version):
        def refuse(parts):
            if parts:
                raise EngineRefused("bad_fields", "text_encoder is no part of this base.")
            return 1.0

        engine.by_parts = refuse

        effect, outcomes = self.proved(version)

        assert effect["parts"] == []
        assert "effect.parts" not in outcomes
        assert version.state == "ready"

    def test_renders_of_it_only_what_the_grid_has_not(self, engine, version):
        self.proved(version)

        asked = [fields for _, fields in engine.calls if len(fields["weights"]) == 2]
        weight = version.effect["weight"]
        assert [(fields["prompt"], fields.get("parts"), fields["skip"]) for fields in asked] == [
            ("a red circle on white, inkwash", {"text_encoder": 0.0}, [0.0]),
            ("a red circle on white, inkwash", {"unet": 0.0}, [0.0]),
            ("a red circle on white, paper", None, []),
        ]
        assert weight in version.grids.get().weights

    @pytest.mark.parametrize(
        ("by_words", "by_parts", "warned"),
        [
            (lambda _: 1.0, lambda _: 1.0, {"effect.words"}),
            (
                lambda prompt: 1.0 if "inkwash" in prompt else 0.0,
                lambda parts: 0.0 if parts.get("text_encoder") == 0 else 1.0,
                {"effect.parts"},
            ),
            (
                lambda prompt: 1.0 if "paper" in prompt else 0.3 if "inkwash" in prompt else 0.0,
                lambda _: 1.0,
                {"effect.others"},
            ),
            (
                lambda _: 0.0,
                lambda _: 1.0,
                {"effect.visible"},
            ),
        ],
        ids=["without its words", "only the text encoder", "another word", "nothing"],
    )
    def test_warns_of_what_it_finds_and_lets_it_pass(
        self, engine, version, by_words, by_parts, warned
    ):
        engine.by_words, engine.by_parts = by_words, by_parts

        _, outcomes = self.proved(version)

        assert {code for code, outcome in outcomes.items() if outcome == "warned"} == warned
        assert version.state == "ready"
        assert version.trigger_words == ["inkwash"]


def told(grid):
    cells = grid.cells.order_by("row", "column")
    return [
        (cell.row, cell.column, cell.weight, cell.from_zero, cell.from_previous) for cell in cells
    ]
