"""What is shown of an adapter, row by row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry.sweeps.plan import Scene
from registry.sweeps.rows import Role, in_another_shape, plan_rows

CIRCLE = Scene("circle", "A circle", "a red circle on white, {trigger}", seed=7)
STAR = Scene("star", "A star", "a blue star", seed=11)
TEAPOT = Scene("teapot", "A teapot", "a teapot full of ships, {trigger}", seed=3)


def told(rows):
    return [(row.role.value, row.prompt, row.with_trigger, row.counts) for row in rows]


class TestPlanRows:
    def test_shows_each_scene_with_and_without_trigger_words(self):
        rows = plan_rows([CIRCLE, STAR], ["inkwash"], is_picture=False)

        assert told(rows) == [
            ("scene", "a red circle on white, inkwash", True, True),
            ("scene", "a red circle on white", False, False),
            ("scene", "inkwash, a blue star", True, True),
            ("scene", "a blue star", False, False),
        ]

    def test_shows_no_more_than_two_scenes_without_trigger_words(self):
        rows = plan_rows([CIRCLE, STAR, TEAPOT], ["inkwash"], is_picture=False)

        assert [row.scene.slug for row in rows if not row.with_trigger] == ["circle", "star"]
        assert sum(row.counts for row in rows) == 3

    def test_shows_a_scene_once_where_there_is_no_trigger_word(self):
        rows = plan_rows([CIRCLE], [" "], is_picture=False)

        assert told(rows) == [("scene", "a red circle on white", False, True)]

    def test_shows_the_first_scene_in_another_shape(self):
        rows = plan_rows([CIRCLE, STAR], ["inkwash"])

        wide = rows[-1]
        assert (wide.role, wide.counts, wide.with_trigger) == (Role.WIDE, False, True)
        assert (wide.scene.width, wide.scene.height) == (640, 384)
        assert wide.scene.seed == CIRCLE.seed

    def test_shows_an_unusual_scene_that_does_not_count(self):
        rows = plan_rows([CIRCLE], ["inkwash"], unusual=[TEAPOT], is_picture=False)

        assert told(rows)[-1] == ("unusual", "a teapot full of ships, inkwash", True, False)

    def test_lets_an_unusual_scene_count_where_there_is_no_other(self):
        rows = plan_rows([], [], unusual=[TEAPOT], is_picture=False)

        assert told(rows) == [("scene", "a teapot full of ships", False, True)]

    def test_shows_two_prompts_of_the_uploader_s_with_the_trigger_words(self):
        samples = ["a cat", "a dog, inkwash", "a bird"]

        rows = plan_rows([CIRCLE], ["inkwash"], samples=samples, is_picture=False)

        assert told(rows)[2:] == [
            ("sample", "inkwash, a cat", True, False),
            ("sample", "a dog, inkwash", True, False),
        ]
        assert [row.scene.slug for row in rows[2:]] == ["sample-1", "sample-2"]

    def test_shows_no_prompt_twice(self):
        samples = ["a red  circle on white, inkwash", "a cat", "a cat"]

        rows = plan_rows([CIRCLE], ["inkwash"], samples=samples, is_picture=False)

        assert [row.prompt for row in rows] == [
            "a red circle on white, inkwash",
            "a red circle on white",
            "inkwash, a cat",
        ]

    def test_numbers_rows_in_their_order(self):
        rows = plan_rows([CIRCLE, STAR], ["inkwash"], unusual=[TEAPOT], samples=["a cat"])

        assert [row.number for row in rows] == list(range(len(rows)))


class TestCells:
    def test_stand_in_the_order_of_their_weights_each_once(self):
        (row,) = plan_rows([STAR], is_picture=False)

        cells = row.cells([1, 0, 0.5, 1.0, -0.5])

        assert [(cell.column, cell.weight) for cell in cells] == [
            *((0, -0.5), (1, 0.0)),
            *((2, 0.5), (3, 1.0)),
        ]
        assert {cell.prompt for cell in cells} == {"a blue star"}


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((96, 96), (112, 80)),
        ((512, 512), (640, 384)),
        ((1024, 1024), (1280, 832)),
        ((832, 1216), (1216, 832)),
        ((16, 16), (16, 16)),
    ],
    ids=["tiny", "SD 1.5", "SDXL", "upright", "too small for another"],
)
def test_another_shape_has_as_many_pixels_or_nearly(size, expected):
    scene = in_another_shape(replace(STAR, width=size[0], height=size[1]))

    assert (scene.width, scene.height) == expected
