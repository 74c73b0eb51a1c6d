"""
A hub's gpu workers under a fake clock, choosing by the very policy that real ones choose by.

What is told of the hub is what matters to the policy: runs arrive at times drawn by a seed, each
for a base, with a service time of its own; a message reaches idle workers, one after another, until
one takes something; a worker that works goes on until nothing is left for it; idle ones look again
every few seconds while anything waits; and what a dead worker held is given back when its lease has
ended. Loading a base costs much more than a run. Times are seconds.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from registry.sweeps.choosing import Line, Rules, Standing, choose

START = datetime(2026, 1, 1, tzinfo=UTC)
ATTEMPTS = 3
A_LOOK = 5.0
LEASE = 30.0
ASIDE = 60.0  # a base that did not load is left alone for so long, then twice as long …
ASIDE_AT_MOST = 600.0


@dataclass(slots=True)
class Run:
    name: int
    base: int
    arrives: float
    work: float
    asked: bool = False  # in the playground
    attempts: int = 0
    began: list[float] = field(default_factory=list)
    ended: float | None = None
    failed: bool = False

    @property
    def waited(self) -> float:
        return self.began[-1] - self.arrives


@dataclass(slots=True)
class Worker:
    name: int
    at: int | None = None
    since: float | None = None
    busy: bool = False
    dead: bool = False
    run: Run | None = None
    aside: dict[int, tuple[float, float]] = field(default_factory=dict)  # until, how long

    def standing(self, now: float) -> Standing:
        avoids = {base for base, (until, _) in self.aside.items() if until > now}
        since = None if self.since is None else at(self.since)
        holds = () if self.at is None else (self.at,)
        return Standing(at=self.at, since=since, holds=holds, avoids=avoids)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


class Simulation:
    """`run()` lets it go on until all is done; then look at `runs`, `loads` and `began`."""

    def __init__(self, runs, *, workers=3, limit=3600.0, load=90.0, broken=(), dies=None):
        self.runs = runs
        self.rules = Rules(limit=timedelta(seconds=limit), load=timedelta(seconds=load))
        self.load = load
        self.broken = set(broken)
        self.workers = [Worker(name) for name in range(workers)]
        self.waiting: list[Run] = []
        self.loads: list[tuple[float, int, int]] = []  # when, who, which base
        self.began: list[tuple[float, Run, list[Run]]] = []  # when, which, what waited then
        self.now = 0.0
        self._events = []
        self._order = itertools.count()
        for run in runs:
            self._later(run.arrives, self._arrive, run)
        for name, when in (dies or {}).items():
            self._later(when, self._die, self.workers[name])
        self._later(A_LOOK, self._look)

    def run(self):
        while self._events and any(run.ended is None for run in self.runs):
            self.now, _, act, args = heapq.heappop(self._events)
            act(*args)
        return self

    # --- what happens ------------------------------------------------------------------------

    def _later(self, when, act, *args):
        heapq.heappush(self._events, (when, next(self._order), act, args))

    def _arrive(self, run):
        self.waiting.append(run)
        self._wake()

    def _look(self):
        self._wake()
        self._later(self.now + A_LOOK, self._look)

    def _wake(self):
        for worker in self.workers:
            if self.waiting and not worker.busy and not worker.dead:
                self._take(worker)

    def _take(self, worker):
        """Let the worker take what suits it best; it is idle if there is nothing."""
        worker.busy = False
        line = self._chosen(worker)
        if line is None:
            return
        run = line.head
        self.began.append((self.now, run, [each for each in self.waiting if each is not run]))
        self.waiting.remove(run)
        worker.busy, worker.run = True, run
        run.attempts += 1
        run.began.append(self.now)
        ends = self.now
        if worker.at != run.base:
            self.loads.append((self.now, worker.name, run.base))
            worker.at, worker.since = run.base, self.now
            ends += self.load
        fails = run.base in self.broken
        self._later(ends if fails else ends + run.work, self._end, worker, run, fails)

    def _chosen(self, worker):
        others = Counter(
            each.at
            for each in self.workers
            if each is not worker and each.at is not None and not each.dead
        )
        for asked in (False, True):
            waiting = [run for run in self.waiting if run.asked is asked]
            if waiting:
                return choose(
                    _lines(waiting),
                    me=worker.standing(self.now),
                    others=others,
                    now=at(self.now),
                    rules=self.rules,
                )
        return None

    def _end(self, worker, run, fails):
        if worker.dead or worker.run is not run:
            return
        worker.run = None
        if fails:
            self._fail(worker, run)
        else:
            run.ended = self.now
            worker.aside.pop(run.base, None)
        self._take(worker)

    def _fail(self, worker, run):
        _, last = worker.aside.get(run.base, (0.0, ASIDE / 2))
        pause = min(2 * last, ASIDE_AT_MOST)
        worker.aside[run.base] = (self.now + pause, pause)
        worker.at = worker.since = None
        if run.attempts >= ATTEMPTS:
            run.failed, run.ended = True, self.now
        else:
            self.waiting.append(run)

    def _die(self, worker):
        worker.dead = True
        if worker.run is not None:
            self._later(self.now + LEASE, self._give_back, worker.run)

    def _give_back(self, run):
        self.waiting.append(run)
        self._wake()


def _lines(waiting):
    by_base = {}
    for run in waiting:
        by_base.setdefault(run.base, []).append(run)
    for base, line in by_base.items():
        head = min(line, key=lambda run: (run.arrives, run.name))
        seconds = sum(run.work for run in line)
        yield Line(base, head, at(head.arrives), seconds)


# --- What is simulated ---------------------------------------------------------------------------


def backlog(seed, *, runs=500, bases=6, within=600.0, work=(8.0, 30.0)):
    """Return runs that come in quickly, far more than can be done meanwhile."""
    draw = random.Random(seed)
    shares = [draw.uniform(1, 3) for _ in range(bases)]
    usual = [draw.uniform(*work) for _ in range(bases)]
    times = sorted(draw.uniform(0, within) for _ in range(runs))
    found = []
    for name, when in enumerate(times):
        (base,) = draw.choices(range(bases), shares)
        found.append(Run(name, base, when, usual[base] * draw.uniform(0.5, 1.5)))
    return found


def steady(seed, *, runs=500, hours=3.0, used=0.75, workers=3):
    """Return runs that come all the time, half of them for one base; `used` of it is work."""
    draw = random.Random(seed)
    shares = [8, 3, 1, 1, 1, 1]
    mean = used * workers * hours * 3600 / runs
    times = sorted(draw.uniform(0, hours * 3600) for _ in range(runs))
    found = []
    for name, when in enumerate(times):
        (base,) = draw.choices(range(len(shares)), shares)
        found.append(Run(name, base, when, mean * draw.uniform(0.5, 1.5)))
    return found


# --- The least that would do ---------------------------------------------------------------------


def least_loads(runs, *, workers, load, by):
    """
    Return a number of loads that no schedule can do with less, if it is to be done at time `by`.

    Draw a line between a worker and a base wherever that worker loads that base at least once. The
    lines fall apart into groups; one of m workers and b bases has at least m + b - 1 lines, for it
    hangs together. The workers of a group must find time for all the work of its bases and for a
    load a line, and all of them together have m × `by`. So: of all ways to put bases and workers
    into groups that find the time, the one with the most groups. Nothing is said in it of when runs
    arrive, of what fits into whose time exactly, nor of any limit, and whoever made that schedule
    knew everything beforehand: the true least number may be larger, never smaller.
    """
    work = Counter()
    for run in runs:
        work[run.base] += run.work
    best = [None]

    def place(bases, groups):
        if not bases:
            total = _lines_needed(groups, workers, load, by)
            if total is not None and (best[0] is None or total < best[0]):
                best[0] = total
            return
        first, *rest = bases
        for index in range(len(groups)):
            place(rest, [*groups[:index], [*groups[index], work[first]], *groups[index + 1 :]])
        place(rest, [*groups, [work[first]]])

    place(sorted(work), [])
    return best[0]


def _lines_needed(groups, workers, load, by):
    """Return how many lines these groups of bases need; None if there are too few workers."""
    if len(groups) > workers:
        return None
    total, used = 0, 0
    for group in groups:
        for many in range(1, workers + 1):
            lines = len(group) + many - 1
            if sum(group) + load * lines <= many * by:
                break
        else:
            return None
        total += lines
        used += many
    return total if used <= workers else None
