"""Several rows at once are what they are one by one, and cost one adapter and one batch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch")

from registry.sweeps.plan import Scene
from tests.workers.engine import tiny
from workers.engine import sweeping
from workers.engine.adapter_files import AdapterSource
from workers.engine.bases import Bases, BaseSource
from workers.engine.devices import choose
from workers.engine.pictures import from_webp
from workers.engine.sweeping import Row, sweep, sweep_rows

pytestmark = pytest.mark.torch

CIRCLE = Scene("circle", "A circle", "a red circle", seed=1, steps=3, guidance=3, width=32,
               height=32)  # fmt: skip
STAR = replace(CIRCLE, slug="star", title="A star", prompt="a big blue star", seed=7)
WIDE = replace(CIRCLE, slug="wide", width=48)
ROWS = [
    Row(CIRCLE, CIRCLE.prompt, (0.0, 0.5, 1.0), frozenset()),
    Row(STAR, STAR.prompt, (0.0, 0.7, 1.0), frozenset({0.0})),
    Row(WIDE, WIDE.prompt, (0.0, 1.0), frozenset()),
]


def quiet(done, of):
    pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny.build_base(tmp_path_factory.mktemp("base"))


@pytest.fixture
def base(folder):
    return Bases(choose("cpu")).load(BaseSource("tiny", "StableDiffusionPipeline", folder, folder,
                                                ""))  # fmt: skip


@pytest.fixture(params=["denoiser", "text encoder too"])
def source(request, base, tmp_path):
    unet = tiny.pairs(tiny.layers_of(base.pipeline.unet, tiny.ATTENTION), size=0.1)
    encoder = tiny.pairs(tiny.layers_of(base.pipeline.text_encoder, tiny.ENCODER), size=0.1)
    halves = [unet, encoder] if request.param == "text encoder too" else [unet]
    return AdapterSource(tiny.write(tmp_path / "adapter", tiny.kohya(*halves)), tensor_digest="a")


@pytest.fixture
def counted(monkeypatch):
    """How often an adapter is put on, and how many samples each batch has."""
    counts = {"attached": 0, "batches": []}
    attached, render = sweeping.attached, sweeping.render

    def counting_attached(*given):
        counts["attached"] += 1
        return attached(*given)

    def counting_render(base, scene, samples, **rest):
        counts["batches"].append(len(samples))
        return render(base, scene, samples, **rest)

    monkeypatch.setattr(sweeping, "attached", counting_attached)
    monkeypatch.setattr(sweeping, "render", counting_render)
    return counts


def alone(base, source, row):
    base.memory.clear()
    base.recent.clear()
    return sweep(base, source, row, on_step=quiet)


def test_each_row_is_what_it_is_alone(base, source):
    expected = [alone(base, source, row) for row in ROWS]
    base.memory.clear()
    base.recent.clear()

    found = sweep_rows(base, source, ROWS, on_step=quiet)

    for (answer, blobs), (told, files) in zip(found, expected, strict=True):
        assert list(blobs) == list(files)
        for name, data in blobs.items():
            apart = from_webp(data).astype(int) - from_webp(files[name]).astype(int)
            assert np.abs(apart).max() <= 1  # to within rounding
        for cell, other in zip(answer["cells"], told["cells"], strict=True):
            assert (cell["weight"], cell["key"], cell["blob"]) == (
                other["weight"], other["key"], other["blob"],
            )  # fmt: skip
            if cell["from_zero"]:
                assert cell["from_zero"] == pytest.approx(other["from_zero"], abs=1e-3)
    # … and it is no proof if the seeds did not matter.
    assert found[0][0]["cells"][0]["key"] != found[1][0]["cells"][0]["key"]


def test_rows_that_are_drawn_alike_share_a_batch_and_all_share_the_adapter(base, source, counted):
    sweep_rows(base, source, ROWS, on_step=quiet)

    assert counted == {"attached": 1, "batches": [6, 2]}


def test_what_is_known_of_them_is_not_rendered_again(base, source, counted):
    sweep_rows(base, source, ROWS[:2], on_step=quiet)
    counted |= {"attached": 0, "batches": []}
    more = [replace(row, weights=(0.0, 0.25, 1.0)) for row in ROWS[:2]]

    sweep_rows(base, source, more, on_step=quiet)
    assert counted == {"attached": 1, "batches": [2]}
    sweep_rows(base, source, more, on_step=quiet)
    assert counted == {"attached": 1, "batches": [2]}


def test_parts_of_the_base_keep_rows_apart(base, source, counted):
    halved = replace(ROWS[1], parts={"unet": 0.5})
    expected = alone(base, source, halved)[0]["cells"][-1]["from_zero"]
    base.memory.clear()
    base.recent.clear()
    counted |= {"attached": 0, "batches": []}

    found = sweep_rows(base, source, [ROWS[1], halved], on_step=quiet)

    assert counted == {"attached": 1, "batches": [3, 2]}  # weight 0 is the same in both
    assert found[1][0]["cells"][-1]["from_zero"] == pytest.approx(expected, abs=1e-3)


def test_nothing_is_rendered_before_all_that_is_wanted_has_come(base, source, counted):
    known = frozenset({0.0, 0.5})
    wanting = replace(ROWS[0], skip=known, at_hand=known)

    found = sweep_rows(base, source, [ROWS[1], wanting], on_step=quiet)

    assert [answer for answer, _ in found] == [{"wanted": []}, {"wanted": [0.0, 0.5]}]
    assert counted == {"attached": 0, "batches": []}


def test_steps_are_told_of_all_batches_together(base, source):
    told = []

    sweep_rows(base, source, ROWS, on_step=lambda done, of: told.append((done, of)))

    assert told == [(1, 6), (2, 6), (3, 6), (4, 6), (5, 6), (6, 6)]
