"""
The curve against what people see: adapters of known behaviour, some of them never used to fit.

Their figures are kept beside this file and made again by `python -m demo.measure_behaviours`; that
the engine still measures the same is tests/workers/engine/test_behaviours.py.
"""

from __future__ import annotations

from functools import partial

import pytest

from demo.agreeing import agreeing, is_between_pictures
from demo.known import KNOWN
from demo.measured import as_read, measure_in, measured, rows_of
from demo.write_curves import MISREAD, ROOT, page, trainings
from demo.write_curves import curve_of as curve_of_file
from registry.sweeps.bisecting import next_weights
from registry.sweeps.measure import measure

KEPT_BACK = [name for name, known in KNOWN.items() if not known.fitted]


@pytest.fixture(params=["even", "as_swept"])
def at(request):
    return request.param


@pytest.fixture
def curve_of(at):
    """Return the curve at even weights, or at those that the hub itself would look at."""
    return partial(curve_of_file, as_swept=at == "as_swept")


@pytest.fixture
def is_right(at, name):
    """Return whether a part of the curve is right: all are, but for what is owned up to."""
    return lambda part: f"{at} {part}" not in KNOWN[name].misread


def test_there_are_enough_of_them_that_were_kept_back():
    assert len(trainings(KNOWN)) >= 12
    assert len(trainings(KEPT_BACK)) >= 6
    fitted = {name for name, known in KNOWN.items() if known.fitted and known.misread}
    wrong_still = {"half-built-wall", "loud-sun", "loud-ribbon", "burnt-target"}
    assert fitted == wrong_still, "What was fitted on is right, or said to be wrong still."


class TestWhereAPersonCannotTellFiner:
    """A range of pictures, from 0.4 to 0.6 of a sheet with steps of 0.2."""

    @pytest.mark.parametrize("found", [0.25, 0.4, 0.5, 0.6, 0.75])
    def test_all_short_of_the_pictures_beside_it_agrees(self, found):
        assert is_between_pictures(found, (0.4, 0.6))

    @pytest.mark.parametrize("found", [0.2, 0.8, None])
    def test_the_pictures_beside_it_do_not(self, found):
        assert not is_between_pictures(found, (0.4, 0.6))

    def test_nothing_is_beyond_the_ends_of_the_sheet(self):
        assert is_between_pictures(3.0, (2.5, 3.0))
        assert is_between_pictures(0.1, (0.2, 0.4))
        assert not is_between_pictures(0.0, (0.2, 0.4))


@pytest.mark.parametrize("name", KNOWN)
class TestWhatIsRight:
    @pytest.fixture
    def agrees(self, curve_of, name):
        return agreeing(KNOWN[name], curve_of(name))

    @pytest.mark.parametrize("part", MISREAD)
    def test_is_all_but_what_is_owned_up_to(self, agrees, is_right, part):
        assert agrees[part] is is_right(part)

    def test_the_best_weight_lies_in_the_range(self, curve_of, name):
        curve = curve_of(name)

        assert curve.best is None or curve.low <= curve.best <= curve.high


@pytest.mark.parametrize("name", KNOWN)
def test_a_sweep_of_the_hub_would_look_no_further(name):
    figures = measured(name, as_swept=True)

    by, slider = measure_in(figures), name.endswith("-slider")
    assert next_weights(as_read(figures), by=by, slider=slider) == ()


@pytest.mark.parametrize("name", KNOWN)
def test_looking_no_further_than_people_use_is_not_sure(name):
    """Whatever breaks above 1.2 is not known to break, and the curve says so."""
    known = KNOWN[name]
    rows = rows_of(name)
    near = [[point for point in row if abs(point.weight) <= 1.2] for row in rows]

    curve = measure(near, by=measure_in(measured(name)))

    if curve.first_bad is None and known.first_bad and known.first_bad[0] > 1.2:
        assert curve.certainty == "unsure"
        assert "not-reached" in {reason.code for reason in curve.reasons}


@pytest.mark.parametrize("name", KNOWN)
def test_one_scene_is_not_sure(name):
    rows = rows_of(name)

    assert measure(rows[:1], by=measure_in(measured(name))).certainty == "unsure"


def test_the_page_of_the_documentation_says_what_the_curves_say():
    assert (ROOT / "docs/curves.md").read_text("utf-8") == page()
