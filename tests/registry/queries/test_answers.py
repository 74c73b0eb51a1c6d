from __future__ import annotations

import pytest

from registry.queries import answers
from tests.factories import CellFactory, GridFactory, SceneFactory, VersionFactory, sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def version():
    return VersionFactory()


def asked(version, across, down, said, **told):
    """Return a grid of answers with two axes, `said` line by line; None leaves a cell out."""
    grid = GridFactory(version=version, kind="asked", axes={"across": across, "down": down, **told})
    scene = SceneFactory(base=version.base, title="Moon", slug="moon")
    for row, line in enumerate(said):
        for column, text in enumerate(line):
            if text is not None:
                CellFactory(
                    grid=grid, scene=scene, row=row, column=column, weight=column, medium="text",
                    blob=None, text=text, parameters={"prompt": f"prompt {row}"},
                )  # fmt: skip
    return grid


def test_a_grid_of_pictures_has_none(version):
    assert not answers.are_of(sweep(version))


def test_has_a_line_a_row_and_a_column_a_value(version):
    grid = asked(
        version,
        {"axis": "weight", "values": [0.0, 1.0]},
        {"axis": "seed", "values": [7, 8]},
        [["a star", "a moon"], ["a sun", None]],
    )

    assert answers.are_of(grid)
    assert list(answers.table(grid)) == [
        ["scene", "seed", "trigger words", "prompt", "0", "1"],
        ["Moon", "7", "yes", "prompt 0", "a star", "a moon"],
        ["Moon", "8", "yes", "prompt 1", "a sun", ""],
    ]


def test_block_weights_are_named_as_on_the_page(version):
    values = [{"down": 1.0, "mid": 0.5}, {}]
    grid = asked(
        version,
        {"axis": "parts", "values": values},
        {"axis": "scene", "values": ["moon"]},
        [["a star", "a moon"]],
    )

    assert next(answers.table(grid)) == [
        "scene", "trigger words", "prompt", "down 1, mid 0.5", "all alike"
    ]  # fmt: skip


def test_two_versions_are_told_apart(version):
    grid = asked(
        version,
        {"axis": "weight", "values": [1.0]},
        {"axis": "seed", "values": [7, 8]},
        [["a star"], ["a moon"], ["*"], [None], ["a sun"], ["*"]],
        against=4,
    )

    header, *rows = answers.table(grid)

    assert header[:3] == ["scene", "seed", "version"]
    assert [(row[1], row[2], row[-1]) for row in rows] == [
        ("7", f"v{version.number}", "a star"), ("7", "v4", "a moon"), ("7", "difference", "*"),
        ("8", "v4", "a sun"), ("8", "difference", "*"),
    ]  # fmt: skip
