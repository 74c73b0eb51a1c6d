"""Which models a worker looks at pictures with, and what is kept of what they say."""

from __future__ import annotations

import hashlib
import logging

import pytest

from registry.models import PreviewCell, PreviewGrid
from registry.services import curves
from tests.workers.test_gpu import base, engine, run_at
from workers import eyes, gpu

__all__ = ["base", "engine"]  # fixtures


@pytest.fixture(autouse=True)
def nothing_found(monkeypatch):
    monkeypatch.setattr(eyes, "_found", {})


@pytest.fixture
def folder(tmp_path, settings):
    home = tmp_path / "clip"
    home.mkdir()
    (home / "config.json").write_text("{}")
    settings.CLIP = str(home)
    return home


class TestFields:
    def test_are_none_where_no_clip_is_named(self):
        assert eyes.fields() == {}

    def test_name_the_folder_and_what_is_in_it(self, folder):
        told = eyes.fields()["clip"]

        assert told["folder"] == str(folder)
        assert len(told["digest"]) == 64

    def test_find_what_was_fetched_before(self, tmp_path, settings):
        settings.HUB_CACHE, settings.CLIP = tmp_path, "hf://openai/clip"
        snapshot = tmp_path / "models--openai--clip" / "snapshots" / "main"
        snapshot.mkdir(parents=True)
        (snapshot / "config.json").write_text("{}")

        assert eyes.fields()["clip"]["folder"] == str(snapshot)

    @pytest.mark.parametrize("at", ["/nowhere/at/all", "ftp://elsewhere/clip", "hf://nobody/none"])
    def test_do_without_one_that_is_not_there_and_say_so(self, settings, caplog, at):
        settings.CLIP = at

        with caplog.at_level(logging.WARNING):
            assert eyes.fields() == {}

        assert at in caplog.text


class TestVgg:
    def test_is_the_file_and_its_digest(self, tmp_path, settings):
        file = tmp_path / "vgg16.safetensors"
        file.write_bytes(b"weights")
        settings.VGG = str(file)

        told = eyes.fields()

        assert told["vgg"]["file"] == str(file)
        assert told["vgg"]["digest"] == hashlib.sha256(b"weights").hexdigest()

    @pytest.mark.parametrize("name", ["vgg16.pth", "gone.safetensors"])
    def test_is_no_pickle_and_is_there(self, tmp_path, settings, caplog, name):
        (tmp_path / "vgg16.pth").write_bytes(b"a pickle")
        settings.VGG = str(tmp_path / name)

        with caplog.at_level(logging.WARNING):
            assert eyes.fields() == {}

        assert name in caplog.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("blob_root", "sent")
class TestKept:
    def scored(self, engine, score, by):
        """Have the engine score each picture, as a CLIP that is called so does."""
        plain = type(engine).sweep

        def sweep(fields):
            frame = plain(engine, fields)
            for cell in frame.fields["cells"]:
                cell["measures"] |= {"fidelity": score - cell["weight"] / 10, "fidelity_by": by}
            return frame

        engine.sweep = sweep

    def test_what_vgg_said_of_another_row_s_neighbours_is_not_kept(self, engine, base, folder):
        gpu.render_grid(run_id=str(run_at("grid", base).pk))
        cell = PreviewCell.objects.filter(weight=0).first()
        PreviewCell.objects.filter(pk=cell.pk).update(measures=cell.measures | {"vgg_step": 0.5})

        gpu.render_grid(run_id=str(run_at("grid", base).pk))

        newest = PreviewGrid.objects.order_by("-opened_at").first()
        assert not newest.cells.filter(measures__has_key="vgg_step").exists()

    def test_the_curve_has_it_weight_by_weight(self, engine, base, folder):
        self.scored(engine, 0.3, "one")

        gpu.render_grid(run_id=str(run_at("grid", base).pk))

        assert all(row["clip"] for verb, row in engine.calls if verb == "sweep_rows")
        points = PreviewGrid.objects.get().curve.points
        assert [point["facts"]["fidelity"] for point in points] == pytest.approx(
            [0.3 - point["weight"] / 10 for point in points], abs=1e-3
        )

    def test_a_cell_that_the_hub_had_is_scored_by_the_clip_of_today(self, engine, base, folder):
        self.scored(engine, 0.3, "one")
        gpu.render_grid(run_id=str(run_at("grid", base).pk))
        self.scored(engine, 0.2, "two")

        gpu.render_grid(run_id=str(run_at("grid", base).pk))

        newest = PreviewGrid.objects.order_by("-opened_at").first()
        assert {cell.measures["fidelity_by"] for cell in newest.cells.all()} == {"two"}

    def test_scores_of_two_clips_make_no_curve(self, engine, base, folder):
        self.scored(engine, 0.3, "one")
        gpu.render_grid(run_id=str(run_at("grid", base).pk))
        grid = PreviewGrid.objects.get()
        cell = grid.cells.filter(with_trigger=True, weight=0.6).first()
        PreviewCell.objects.filter(pk=cell.pk).update(
            measures=cell.measures | {"fidelity_by": "two"}
        )

        curve = curves.draw(grid)

        assert not any("fidelity" in point["facts"] for point in curve.points)
        assert all("detail" in point["facts"] for point in curve.points)
