"""What a worker takes next: case by case, and 500 runs at once under a fake clock."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.sweeps.choosing import Line, Rules, Standing, choose
from tests.registry.sweeps.simulation import (
    ASIDE_AT_MOST,
    START,
    Run,
    Simulation,
    backlog,
    least_loads,
    steady,
)

HELD, OTHER, THIRD = 1, 2, 3
RULES = Rules(limit=timedelta(minutes=30), load=timedelta(minutes=1))
NOW = START + timedelta(hours=1)


def line(base, *, waited=1.0, seconds=60.0, loads=True):
    """Return a line whose head has waited so many minutes."""
    return Line(base, f"of {base}", NOW - timedelta(minutes=waited), seconds, loads)


def chosen(*lines, at=HELD, stayed=60.0, others=(), avoids=()):
    since = None if at is None else NOW - timedelta(minutes=stayed)
    holds = () if at is None else (at,)
    me = Standing(at=at, since=since, holds=holds, avoids=avoids)
    found = choose(lines, me=me, others=dict(others), now=NOW, rules=RULES)
    return found.base if found else None


class TestChoose:
    def test_stays_with_the_base_that_is_held(self):
        assert chosen(line(OTHER, waited=5), line(HELD)) == HELD

    def test_goes_where_most_is_to_be_done_when_nothing_suits(self):
        assert chosen(line(OTHER, waited=5), line(THIRD, seconds=600)) == THIRD

    def test_is_called_away_by_a_line_that_is_late(self):
        assert chosen(line(HELD), line(OTHER, waited=27)) == OTHER

    def test_is_not_called_away_within_its_turn(self):
        assert chosen(line(HELD), line(OTHER, waited=27), stayed=3) == HELD

    def test_is_not_called_away_by_what_is_younger_than_its_own(self):
        assert chosen(line(HELD, waited=28), line(OTHER, waited=27)) == HELD

    def test_leaves_a_short_line_to_the_worker_at_its_base(self):
        assert chosen(line(OTHER), others={OTHER: 1}) is None

    def test_helps_with_a_long_one(self):
        assert chosen(line(OTHER, seconds=300), others={OTHER: 1}) == OTHER

    def test_helps_with_a_late_one(self):
        assert chosen(line(OTHER, waited=27), others={OTHER: 2}) == OTHER

    def test_goes_first_where_nobody_is(self):
        lines = line(OTHER, waited=29), line(THIRD, waited=27)
        assert chosen(*lines, others={OTHER: 1}) == THIRD

    def test_avoids_a_base_that_does_not_load(self):
        assert chosen(line(OTHER, waited=90), line(THIRD), avoids={OTHER}) == THIRD

    def test_takes_what_needs_no_base_without_leaving_its_own(self):
        assert chosen(line(OTHER, waited=2, loads=False), line(HELD, waited=1)) == OTHER

    def test_takes_nothing_where_nothing_waits(self):
        assert chosen() is None


# --- 500 runs over 6 bases on 3 workers ----------------------------------------------------------

SEEDS = range(12)
LIMIT, LOAD = 4500.0, 90.0


def simulated(runs, **how):
    return Simulation(runs, **{"limit": LIMIT, "load": LOAD} | how).run()


def loads_against_least(hub):
    by = max(run.ended for run in hub.runs)
    return len(hub.loads), least_loads(hub.runs, workers=3, load=LOAD, by=by)


def test_loads_hardly_more_bases_than_it_must(record_property):
    """Measured over 100 seeds: 1.04 times the least on the average; one seed of them above 1.2."""
    counts = [loads_against_least(simulated(backlog(seed))) for seed in SEEDS]

    loads, least = (sum(each) for each in zip(*counts, strict=True))
    record_property("loads", loads)
    record_property("least", least)
    assert loads <= 1.2 * least
    assert all(count <= bound + 2 for count, bound in counts)


def test_would_load_far_more_if_it_took_what_is_oldest(record_property):
    """That the bound can be missed: first come, first served loads a base for most of the runs."""
    hub = Simulation(backlog(0), limit=1.0, load=LOAD)
    hub.rules = Rules(limit=timedelta(seconds=1), load=timedelta(0))
    loads, least = loads_against_least(hub.run())

    record_property("loads, first come first served", loads)
    assert loads > 20 * least


@given(seed=st.integers(0, 10_000))
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_waits_longer_than_its_limit_where_there_is_time_for_all(seed):
    hub = simulated(steady(seed, used=0.7), limit=1500.0)

    longest = max(run.work for run in hub.runs)
    assert max(run.waited for run in hub.runs) <= 1500.0 + longest


def test_a_rare_base_is_served_while_another_never_ends():
    """More comes for base 0 than three workers can do; one run for base 1 comes in between."""
    crowd = [Run(name, 0, name * 5.0, 20.0) for name in range(500)]
    rare = Run(500, 1, 100.0, 20.0)

    hub = simulated([*crowd, rare], limit=1200.0)

    assert rare.waited <= 1200.0 + 20.0
    assert sum(base == 1 for _, _, base in hub.loads) == 1


@given(seed=st.integers(0, 10_000))
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
def test_the_playground_waits_for_every_validation(seed):
    runs = backlog(seed, runs=120)
    for run in runs[::4]:
        run.asked = True

    hub = simulated(runs)

    assert all(run.ended for run in runs)
    for _, run, waited in hub.began:
        assert not run.asked or all(other.asked for other in waited)


def test_a_base_that_does_not_load_starves_nobody():
    runs = backlog(3, runs=200)
    broken = 2

    simulated(runs, broken={broken})

    sound = [run for run in runs if run.base != broken]
    assert all(run.ended and not run.failed for run in sound)
    assert all(run.failed for run in runs if run.base == broken)
    without = simulated([run for run in backlog(3, runs=200) if run.base != broken])
    ended = max(run.ended for run in sound)
    assert ended <= 1.25 * max(run.ended for run in without.runs)


def test_a_base_that_does_not_load_is_tried_less_and_less():
    runs = [Run(name, 0, 0.0, 10.0) for name in range(10)]

    hub = simulated(runs, broken={0}, workers=1)

    tried = [when for when, _, _ in hub.loads]
    pauses = [after - before for before, after in itertools.pairwise(tried)]
    assert pauses[0] < pauses[1] < pauses[2]
    assert max(pauses) <= ASIDE_AT_MOST + LOAD + 5.0


@given(seed=st.integers(0, 10_000), when=st.floats(0, 1500))
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
def test_a_worker_that_dies_loses_nothing(seed, when):
    runs = backlog(seed, runs=150)

    simulated(runs, dies={1: when})

    assert all(run.ended and not run.failed for run in runs)
    assert sum(len(run.began) - 1 for run in runs) <= 1  # what it held began once more


@pytest.mark.parametrize(
    ("work", "by", "least"),
    [
        pytest.param([100, 100, 100], 200, 3, id="a worker each"),
        pytest.param([100] * 6, 400, 6, id="two bases a worker"),
        pytest.param([300, 10, 10], 150, 5, id="one base is too much for two"),
        pytest.param([300, 10, 10], 500, 3, id="with time, it is not"),
    ],
)
def test_the_least_is_counted_right(work, by, least):
    runs = [Run(base, base, 0.0, seconds) for base, seconds in enumerate(work)]

    assert least_loads(runs, workers=3, load=10, by=by) == least
