"""Contact sheets of grids that were asked for: what stands beside their rows and columns."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from registry import blobs
from registry.queries import previews
from tests.hub.pages import asked_rows, rows
from workers import asked_sheets, housekeeping

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]


@pytest.fixture
def zebra(team, contributor):
    return asked_rows.ground(rows.shown(team, "zebra", by=contributor))


def sheet_of(request):
    [grid] = [one for one in previews.without_sheet(most=9) if one.pk == request.grid_id]
    return asked_sheets.sheet_of(grid)


def test_names_both_axes_and_each_value(zebra, contributor):
    sheet = sheet_of(asked_rows.asked(zebra, contributor))

    assert sheet.title == "ink/zebra v1"
    assert sheet.lines[1] == "seed down, weight across"
    assert (sheet.across, sheet.columns) == ("weight", ("0.4", "0.8", "1.2"))
    assert [row.title for row in sheet.rows] == ["seed 1", "seed 2"]
    assert sheet.rows[0].prompt == "a red circle on white"


def test_says_which_training_step_a_row_is_of(zebra):
    titles = [row.title for row in sheet_of(asked_rows.steps(zebra)).rows]
    assert titles == ["training step 100", "training step 200", "training step final"]


def test_holds_two_versions_and_their_difference(zebra, contributor):
    other = asked_rows.second(zebra)
    sheet = sheet_of(asked_rows.compared(zebra, other, contributor))

    assert sheet.title == "ink/zebra v1 against v2"
    assert [(row.title, row.note) for row in sheet.rows[:3]] == [
        ("Circle", "v1"), ("Circle", "v2"), ("Circle", "difference"),
    ]  # fmt: skip
    assert len(sheet.rows) == 6


def test_leaves_a_hole_for_a_cell_that_is_not_there(zebra, contributor):
    request = asked_rows.asked(zebra, contributor)
    request.grid.cells.filter(row=1, column=2).delete()
    assert sheet_of(request).rows[1].pictures[2].data is None


@pytest.mark.parametrize(
    ("axis", "value", "label"),
    [
        ("size", [96, 128], "96x128"),
        ("parts", {"unet.mid": 0.5}, "unet.mid 0.5"),
        ("parts", {}, "all alike"),
        ("sampler", "", "as usual"),
        ("prompt", "红色", "[?]"),
    ],
)
def test_writes_values_in_the_letters_it_has(zebra, contributor, axis, value, label):
    request = asked_rows.asked(zebra, contributor)
    request.grid.axes["across"] = {"axis": axis, "values": [value]}
    request.grid.save()
    assert sheet_of(request).columns == (label,)


def test_is_drawn_by_the_housekeeper_and_can_be_opened(zebra, contributor):
    request = asked_rows.compared(zebra, asked_rows.second(zebra), contributor)

    housekeeping.draw_sheets()

    request.grid.refresh_from_db()
    with blobs.default().open(request.grid.sheet_id) as file:
        image = Image.open(io.BytesIO(file.read()))
    assert image.width > 3 * 96
    assert image.height > 6 * 96
