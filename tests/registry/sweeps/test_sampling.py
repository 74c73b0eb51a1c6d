"""
The best weight is the adapter's, not the sweep's: it hardly moves when others are looked at.

Of most adapters of known behaviour the distances between any two of many weights are kept, so that
its curve can be drawn over any of them (`python -m demo.measure_behaviours --pairs`).
"""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from demo.known import KNOWN
from demo.measured import DENSE, MEASURED, rows_at
from registry.sweeps.measure import measure

BEYOND = tuple(weight for weight in DENSE if weight > 1.6)
GRIDS = {
    "in tenths": tuple(weight for weight in DENSE if round(10 * weight, 6) % 1 == 0),
    "in fifths": (*(round(0.2 * number, 1) for number in range(9)), *BEYOND),
    "as a sweep begins": (0.0, 0.3, 0.6, 0.9, 1.2, 1.5, 2.0, 2.5, 3.0),
    "off the beaten track": (0.0, 0.15, 0.25, 0.35, 0.5, 0.7, 0.8, 1.1, 1.3, 1.6, 2.25, 2.75),
}
PAIRED = sorted(path.name.split(".")[0] for path in (MEASURED / "pairs").iterdir())
SLACK = 0.2  # what the curve between two weights is not known by


def gap_around(weight, grid):
    """Return how far apart the weights are that the best one of all lies between."""
    lower = max((one for one in grid if one <= weight), default=grid[0])
    upper = min((one for one in grid if one > weight), default=grid[-1])
    return upper - lower


def thinned(seed, *, kept=14):
    """Return some of the weights by chance, but none further from the next than sweeps leave."""
    choose = random.Random(seed)  # which weights, and nothing secret
    while True:
        grid = tuple(sorted({0.0, 3.0, *choose.sample(DENSE[1:-1], kept)}))
        if max(after - before for before, after in pairwise(grid)) <= 0.5:
            return grid


@pytest.fixture(scope="module")
def best_of_all():
    return {name: measure(rows_at(name, DENSE)).best for name in PAIRED}


def test_two_in_five_of_what_thresholds_were_fitted_on_are_among_them():
    fitted = {name for name, known in KNOWN.items() if known.fitted}

    assert set(PAIRED) <= fitted
    assert len(PAIRED) >= len(fitted) * 2 / 5


@pytest.mark.parametrize("name", PAIRED)
@pytest.mark.parametrize("grid", GRIDS)
def test_other_weights_give_nearly_the_same_best(best_of_all, name, grid):
    weights = GRIDS[grid]

    best = measure(rows_at(name, weights)).best

    if best is None:
        assert KNOWN[name].may_have_no_range
    else:
        apart = gap_around(best_of_all[name], weights) / 2
        assert abs(best - best_of_all[name]) <= apart + SLACK + 1e-6


@pytest.mark.parametrize("name", PAIRED)
@pytest.mark.parametrize("seed", range(5))
def test_so_does_leaving_weights_out_by_chance(best_of_all, name, seed):
    weights = thinned(seed)

    best = measure(rows_at(name, weights)).best

    if best is None:
        assert KNOWN[name].may_have_no_range
    else:
        apart = gap_around(best_of_all[name], weights) / 2
        assert abs(best - best_of_all[name]) <= apart + SLACK + 1e-6


@pytest.mark.parametrize("name", PAIRED)
def test_with_all_weights_it_is_what_people_see(best_of_all, name):
    low, high = KNOWN[name].best

    assert low <= best_of_all[name] <= high


@pytest.mark.parametrize("name", PAIRED)
@pytest.mark.parametrize("end", [1.2, 1.5, 2.0])
def test_a_sweep_that_stopped_early_says_a_best_that_people_see(name, end):
    """Where it breaks beyond the end, nothing of that is known, and still it is no lower."""
    low, high = KNOWN[name].best
    near = [one for one in DENSE if one <= end]

    best = measure(rows_at(name, near)).best

    assert best is None or low <= best <= high or high > end
