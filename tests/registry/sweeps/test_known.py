"""
The curve against what people see: adapters of known behaviour, some of them never used to fit.

Their figures are kept beside this file and made again by `python -m demo.measure_behaviours`; that
the engine still measures the same is tests/workers/engine/test_behaviours.py.
"""

from __future__ import annotations

from functools import partial

import pytest

from demo.known import KNOWN
from demo.measured import as_read, measure_in, measured, rows_of
from demo.write_curves import ROOT, page, trainings
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
    assert len(trainings(KEPT_BACK)) >= 3
    fitted = {name for name, known in KNOWN.items() if known.fitted and known.misread}
    wrong_still = {"half-built-wall", "loud-sun", "loud-ribbon", "burnt-target"}
    assert fitted == wrong_still, "What was fitted on is right, or said to be wrong still."


def lies_in(found, known):
    if found is None or known is None:
        return found is known
    low, high = sorted(map(abs, known))
    return low - 1e-6 <= abs(found) <= high + 1e-6


def was_reached_in(curve, found, known):
    """Tell the same of what begins at a weight: it began after the weight looked at before it."""
    if found is None or known is None:
        return found is known
    low, high = sorted(map(abs, known))
    looked_at = [abs(point.weight) for point in curve.points if point.weight * found >= 0]
    before = max((weight for weight in looked_at if weight < abs(found) - 1e-6), default=0.0)
    return before < high and abs(found) >= low - 1e-6


@pytest.mark.parametrize("name", KNOWN)
class TestWhatIsRight:
    def test_where_it_begins_to_show(self, curve_of, is_right, name):
        known, curve = KNOWN[name], curve_of(name)

        found = was_reached_in(curve, curve.onset, known.onset)
        assert found is is_right("onset"), curve.onset
        below = was_reached_in(curve, curve.onset_below, known.onset_below)
        assert below, curve.onset_below

    def test_which_weight_is_best(self, curve_of, is_right, name):
        known, curve = KNOWN[name], curve_of(name)

        nowhere = known.may_have_no_range and curve.best is None
        found = nowhere or lies_in(curve.best, known.best)
        assert found is is_right("best"), curve.best
        assert curve.best is None or curve.low <= curve.best <= curve.high

    def test_where_it_breaks(self, curve_of, is_right, name):
        known, curve = KNOWN[name], curve_of(name)

        held = known.may_hold and curve.first_bad is None
        found = held or was_reached_in(curve, curve.first_bad, known.first_bad)
        assert found is is_right("break"), curve.first_bad
        below = was_reached_in(curve, curve.first_bad_below, known.first_bad_below)
        assert below, curve.first_bad_below

    def test_whether_it_jumps(self, curve_of, is_right, name):
        known, curve = KNOWN[name], curve_of(name)

        found = known.may_jump or curve.jumps == ()
        if known.jump:
            found = any(lies_in(weight, known.jump) for weight in curve.jumps)
        assert found is is_right("jump"), curve.jumps

    def test_whether_to_be_sure(self, curve_of, is_right, name):
        known, curve = KNOWN[name], curve_of(name)

        doubts = [reason.sentence for reason in curve.reasons if reason.about == "certainty"]
        found = known.sure is None or (curve.certainty == "sure") is known.sure
        assert found is is_right("certainty"), doubts


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
