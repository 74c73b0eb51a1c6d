"""Contact sheets of grids as workers leave them: what they say, and when they are drawn."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from registry import blobs
from registry.queries import previews
from tests.factories import BaseFactory, CellFactory, GridFactory, SceneFactory, VersionFactory
from tests.hub.pages import rows
from workers import housekeeping, sheet_words, sheets

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]

MADE = {"prompt": "a red circle on white", "seed": 7, "steps": 20, "guidance": 5.0}


@pytest.fixture
def zebra(team, contributor):
    return rows.shown(team, "zebra", by=contributor)


def grid_of(version):
    [grid] = [one for one in previews.without_sheet(most=9) if one.version_id == version.pk]
    return grid


def one_cell(*, scene=None, **cell):
    """Return a version whose grid has this one cell."""
    version = VersionFactory(base=BaseFactory(slug="ours", title=cell.pop("base", "Ours")))
    scene = SceneFactory(base=version.base, slug="ring", **scene or {})
    CellFactory(grid=GridFactory(version=version), scene=scene, **{"parameters": MADE} | cell)
    return version


class TestSheetOf:
    def test_names_the_version_and_how_it_was_rendered(self, zebra):
        zebra.grids.get().cells.update(parameters=MADE)

        sheet = sheet_words.sheet_of(grid_of(zebra))

        assert sheet.title == "ink/zebra v1"
        assert sheet.lines == (
            "base Shapes · 20 steps · guidance 5 · seed 7 · rendered 2026-01-01",
            "suggested weight 0.8, good from 0.4 to 1",
        )
        assert sheet.columns == ("0", "0.2", "0.4", "0.6", "0.8", "1", "1.2")
        assert (sheet.marked, sheet.mark) == (4, "best")

    def test_says_when_the_curve_is_not_sure(self, zebra):
        grid = zebra.grids.get()
        grid.curve.certainty = "unsure"
        grid.curve.save()

        sheet = sheet_words.sheet_of(grid_of(zebra))

        assert sheet.lines[1].endswith("good from 0.4 to 1 (not sure: see its page)")

    def test_has_a_row_per_scene_with_and_without_trigger_words(self, zebra):
        sheet = sheet_words.sheet_of(grid_of(zebra))
        assert [(row.title, row.note) for row in sheet.rows] == [
            ("Zebra-Circle", "with trigger words"),
            ("Zebra-Circle", "without trigger words"),
            ("Zebra-Square", "with trigger words"),
            ("Zebra-Square", "without trigger words"),
        ]
        assert all(len(row.pictures) == 7 for row in sheet.rows)

    def test_takes_uneven_weights_and_rows_of_no_scene_in_another_shape(self):
        version = one_cell(row=0, column=0, weight=-1.2, width=96, height=96)
        grid = version.grids.get()
        told = MADE | {"role": "wide", "scene": "ring-112x80", "scene_title": "A ring, 112 × 80"}
        for row, column, weight in ((0, 1, 0.0), (0, 2, 0.35), (1, 0, -1.2), (1, 1, 0.0)):
            CellFactory(
                grid=grid, row=row, column=column, weight=weight, width=112 if row else 96,
                height=80 if row else 96, scene=None if row else grid.cells.first().scene,
                parameters=told if row else MADE,
            )  # fmt: skip

        sheet = sheet_words.sheet_of(grid_of(version))

        assert sheet.columns == ("-1.2", "0", "0.35")
        assert sheet.rows[1].title == "A ring, 112 x 80"
        assert [(one.width, one.height) for one in sheet.rows[1].pictures] == [(112, 80)] * 2
        drawn = sheets.compose(sheet)
        assert drawn.height > 96 + 80

    def test_says_of_a_row_what_does_not_hold_for_all(self, zebra):
        cells = zebra.grids.get().cells
        cells.update(parameters=MADE)
        cells.filter(row=3).update(parameters=MADE | {"seed": 8})

        sheet = sheet_words.sheet_of(grid_of(zebra))

        assert "seed" not in sheet.lines[0]
        assert sheet.rows[0].note == "with trigger words · seed 7"
        assert sheet.rows[3].note == "without trigger words · seed 8"

    def test_marks_what_the_uploader_claims_where_nothing_was_measured(self, zebra):
        zebra.grids.get().curve.delete()
        zebra.weight_default = 0.5
        zebra.save()

        sheet = sheet_words.sheet_of(grid_of(zebra))

        assert (sheet.columns[sheet.marked], sheet.mark) == ("0.4", "claimed")
        assert sheet.lines[1] == "weight 0.5 by its uploader's word, not measured"

    def test_says_nothing_of_what_is_not_known(self):
        made = MADE | {"guidance": None, "sampler": "DDIM"}
        sheet = sheet_words.sheet_of(grid_of(one_cell(parameters=made)))
        assert sheet.lines[0] == "base Ours · DDIM · 20 steps · seed 7 · rendered 2026-01-01"

    def test_marks_nothing_where_nobody_says_anything(self):
        sheet = sheet_words.sheet_of(grid_of(one_cell()))
        assert sheet.marked is None
        assert sheet.lines[1] == "no weight suggested"

    def test_gives_slugs_for_titles_in_other_scripts(self):
        version = one_cell(base="我们的", scene={"title": "圆环"})
        sheet = sheet_words.sheet_of(grid_of(version))
        assert sheet.lines[0].startswith("base ours · ")
        assert sheet.rows[0].title == "ring"

    def test_says_that_it_cannot_write_a_prompt(self):
        version = one_cell(parameters=MADE | {"prompt": "白色背景上的红色圆圈, 8k"})
        [row] = sheet_words.sheet_of(grid_of(version)).rows
        assert row.prompt == sheet_words.NO_LETTERS

    def test_leaves_a_hole_for_bytes_that_are_gone(self, zebra):
        blobs.default().delete(zebra.grids.get().cells.get(row=0, column=6).blob_id)
        first = sheet_words.sheet_of(grid_of(zebra)).rows[0]
        assert [picture.data is None for picture in first.pictures] == [False] * 6 + [True]

    def test_says_how_many_rows_it_leaves_out(self, zebra, monkeypatch):
        monkeypatch.setattr(sheet_words, "MOST_ROWS", 3)
        sheet = sheet_words.sheet_of(grid_of(zebra))
        assert len(sheet.rows) == 3
        assert sheet.lines[1].endswith(" · 1 more on its page")


class TestDrawSheets:
    def test_draws_a_finished_grid_once(self, zebra):
        housekeeping.draw_sheets()

        sheet = previews.sheet(previews.grid_of_sheet(zebra))
        with blobs.default().open(sheet.sha256) as file:
            image = Image.open(io.BytesIO(file.read()))
        assert image.format == "WEBP"
        assert image.width > 7 * 96
        assert image.height > 4 * 96
        assert not previews.without_sheet(most=9)

    def test_waits_for_a_grid_that_is_still_rendered(self, zebra):
        zebra.grids.update(rendered_at=None)
        housekeeping.draw_sheets()
        assert zebra.grids.get().sheet is None
