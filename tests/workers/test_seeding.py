"""Scenes by further seeds, drawn where the sweep says something, on an engine that is told what."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.models import PreviewCell, PreviewGrid, Scene
from registry.queries import previews
from tests.factories import SceneFactory
from tests.workers.test_gpu import add_two_scenes, base, engine, run_at, state_of, sudden
from workers import gpu

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("blob_root", "sent")]
__all__ = ["base", "engine"]  # fixtures


@pytest.fixture(autouse=True)
def one_more_seed(settings):
    settings.SWEEP_SEEDS = 1


def by_seed():
    return PreviewGrid.objects.get(kind="seeds")


def seeds_of(grid):
    cells = grid.cells.order_by("row", "column")
    return [(cell.scene_slug, cell.parameters["seed"], cell.weight) for cell in cells]


def seeds_rendered(engine):
    return [
        (row["scene"]["seed"], weight)
        for verb, row in engine.calls
        if verb == "sweep_rows"
        for weight in row["weights"]
        if weight not in row["skip"]
    ]


def test_a_scene_is_drawn_by_one_seed_more_where_the_curve_says_something(engine, base):
    engine.looks = sudden
    SceneFactory(base=base, slug="odd", counts=False, position=1)
    run = run_at("grid", base)

    gpu.render_grid(run_id=str(run.pk))

    assert state_of(run) == ("passed", "grid", "ready")
    curve = PreviewGrid.objects.get(kind="sweep").curve
    grid = by_seed()
    assert grid.rendered_at
    assert (grid.method, grid.device) == ("batch", "a test")
    assert set(grid.weights) == {0.0, curve.onset, curve.best, curve.high, 3.0}
    assert seeds_of(grid) == [
        ("circle", seed, weight) for seed in (0, 1000) for weight in grid.weights
    ]
    assert [one["weight"] for one in curve.over_seeds] == grid.weights


def test_its_own_seed_is_not_drawn_again(engine, base):
    engine.looks = sudden
    run = run_at("grid", base)

    gpu.render_grid(run_id=str(run.pk))

    drawn = seeds_rendered(engine)
    assert sorted(weight for seed, weight in drawn if seed == 1000) == by_seed().weights
    swept = PreviewGrid.objects.get(kind="sweep")
    assert len([weight for seed, weight in drawn if seed == 0]) == swept.cells.count()


def test_weight_0_is_drawn_once_for_all_adapters(engine, base):
    engine.looks = sudden
    gpu.render_grid(run_id=str(run_at("grid", base).pk))
    engine.calls.clear()

    gpu.render_grid(run_id=str(run_at("grid", base).pk))

    assert 0.0 not in [weight for seed, weight in seeds_rendered(engine) if seed == 1000]


def test_no_more_than_a_third_is_rendered_on_top(engine, base):
    engine.looks = sudden
    add_two_scenes(base)

    gpu.render_grid(run_id=str(run_at("grid", base).pk))

    further = [cell for cell in seeds_of(by_seed()) if cell[1] >= 1000]
    assert 0 < len(further) <= PreviewGrid.objects.get(kind="sweep").cells.count() / 3


def test_a_scene_may_name_its_seeds(engine, base, settings):
    settings.SWEEP_SEEDS = 0
    add_two_scenes(base)
    Scene.objects.filter(slug="pair").update(further_seeds=[5, 6])

    gpu.render_grid(run_id=str(run_at("grid", base).pk))

    assert {cell[:2] for cell in seeds_of(by_seed())} == {("pair", 0), ("pair", 5), ("pair", 6)}


def test_nothing_is_drawn_where_no_seed_is_asked_for(engine, base, settings):
    settings.SWEEP_SEEDS = 0

    gpu.render_grid(run_id=str(run_at("grid", base).pk))

    assert not PreviewGrid.objects.filter(kind="seeds").exists()
    assert PreviewGrid.objects.get().curve.over_seeds == []


def test_a_base_that_draws_nothing_by_chance_has_no_seeds(engine, base):
    base.modality, base.pipeline = "text", "LlamaForCausalLM"
    base.save()
    Path(base.weights_at, "config.json").write_text("{}")

    gpu.render_grid(run_id=str(run_at("grid", base).pk))

    assert not PreviewGrid.objects.filter(kind="seeds").exists()


def test_the_curve_is_the_same_as_without(engine, base, settings):
    engine.looks = sudden
    gpu.render_grid(run_id=str(run_at("grid", base).pk))
    settings.SWEEP_SEEDS = 0
    gpu.render_grid(run_id=str(run_at("grid", base).pk))

    one, other = [grid.curve for grid in PreviewGrid.objects.filter(kind="sweep")]
    for name in ("points", "onset", "low", "best", "high", "first_bad", "jumps"):
        assert getattr(one, name) == getattr(other, name)


@pytest.mark.parametrize("dies_at", [7, 8, 9])
def test_comes_to_the_same_grid_wherever_it_is_killed(engine, base, dies_at):
    engine.looks = sudden
    engine.dies_at = dies_at
    run = run_at("grid", base)

    for _ in range(2):
        gpu.render_grid(run_id=str(run.pk))

    assert state_of(run) == ("passed", "grid", "ready")
    grid = by_seed()
    assert len(seeds_of(grid)) == 2 * len(grid.weights)
    assert PreviewGrid.objects.count() == 2


def test_is_seen_with_its_version(engine, base):
    run = run_at("grid", base)
    gpu.render_grid(run_id=str(run.pk))

    found = previews.grids(run.version, "seeds", by=None)

    assert found == [by_seed()]
    assert PreviewCell.objects.filter(grid=found[0], from_zero__isnull=False).exists()
