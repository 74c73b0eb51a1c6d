"""The engine measures adapters of known behaviour as it did when their figures were kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from demo.measure_behaviours import card_of, files, load_base, measure_row, rows_of
from demo.measured import measured

pytestmark = pytest.mark.torch

WEIGHTS = (0.0, 0.6, 1.0, 1.6)


@pytest.fixture(scope="module")
def base():
    return load_base()


@pytest.mark.parametrize("name", ["zebra", "low-tide"])
def test_the_figures_that_were_kept_are_still_what_is_measured(base, name):
    file = files()[name]
    row = replace(rows_of(card_of(file))[0], weights=WEIGHTS)

    cells, _ = measure_row(base, file, row)

    kept = {cell["weight"]: cell for cell in measured(name)[0]}
    for cell in cells:
        was = kept[cell["weight"]]
        for measure, distance in (cell["from_zero"] or {}).items():
            assert distance == pytest.approx(was["from_zero"][measure], abs=0.02)
        for fact in ("clipping", "saturation", "detail", "latent"):
            assert cell["measures"][fact] == pytest.approx(
                was["measures"][fact], rel=0.05, abs=0.01
            )
