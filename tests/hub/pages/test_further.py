"""What else there is to see of a version, on the page of its adapter."""

from __future__ import annotations

import pytest

from tests.factories import CellFactory
from tests.hub.pages import asked_rows
from workers import asked_sheets

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(zebra):
    return asked_rows.ground(zebra)


class TestFidelity:
    def test_is_a_line_and_a_column_where_pictures_were_scored(self, client, version):
        curve = version.grids.sweeps().first().curve
        for point in curve.points:
            point["facts"] = {"fidelity": 0.25, "vgg": 0.125}
        curve.signs = [{"weight": 1.2, "code": "unfaithful", "value": 0.1, "at_zero": 0.25,
                        "times": 0.4, "share": 1.0, "breaks": False}]  # fmt: skip
        curve.save()

        page = " ".join(client.get("/ink/zebra").text.split())

        assert 'class="fidelity"' in page
        assert "Fits its prompt" in page
        assert "<td>0.250</td>" in page
        assert "Moved by VGG features" in page
        assert "<td>0.125</td>" in page
        assert "At 1.2 the pictures fit their prompts to 0.1, where they do to 0.25" in page

    def test_is_not_spoken_of_where_there_is_none(self, client, version):
        page = client.get("/ink/zebra").text

        assert "Fits its prompt" not in page
        assert "VGG" not in page
        assert 'class="fidelity"' not in page


class TestSeeds:
    def test_are_shown_with_the_scene_that_each_is_of(self, client, version):
        asked_rows.by_seeds(version)

        page = " ".join(client.get("/ink/zebra").text.split())

        assert "By other seeds" in page
        assert "1001 <small>A red circle</small>" in page
        assert "Seeds apart by" in page
        assert "± 0.040" in page
        assert page.count('class="by-seed"') == 2

    def test_are_not_spoken_of_where_there_are_none(self, client, version):
        page = client.get("/ink/zebra").text

        assert "By other seeds" not in page
        assert "Seeds apart by" not in page
        assert "by-seed" not in page

    def test_are_had_by_programs(self, client, version):
        grid = asked_rows.by_seeds(version)
        CellFactory(grid=version.grids.sweeps().first(), row=90)

        told = client.get("/api/adapters/ink/zebra/versions/1/previews?kind=seeds").json()

        assert told["grid"]["id"] == str(grid.pk)
        assert {cell["parameters"]["seed"] for cell in told["grid"]["cells"]} == {1, 1001}

    def test_have_a_sheet_that_says_which_scene(self, version):
        grid = asked_rows.by_seeds(version)

        sheet = asked_sheets.sheet_of(grid)

        titles = [row.title for row in sheet.rows]
        assert titles == ["A red circle, seed 1", "A red circle, seed 1001"]
