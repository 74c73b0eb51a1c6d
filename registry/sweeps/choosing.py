"""
Which of all that waits a worker takes next.

Loading a base takes far longer than anything done on it, so what waits for one base is done in a
row. What waits for a base is its *line*, oldest first, and nobody ever takes anything but the head
of a line. A worker is *at* the base that it used last; what suits it is a line that needs no
loading, because it holds the base or because nothing has to be held.

In this order:

1. A worker stays with what suits it, the oldest first, unless another line is late: its head has
   waited so long that it would pass the limit in a turn from now. A late line takes the next worker
   whose turn at its base is over, and a line that nobody is at goes before one that somebody is.
2. A worker that nothing suits goes to a line that nobody is at, the longest first: so most is done
   for one load, and the last of the work is not all for one base.
3. What others are at is left to them, unless it is late or there is so much of it that a worker
   more is worth a load.

A turn lasts some times as long as a load, so that even where everything is late, the most of the
time is spent on work; without it, a hub with too much to do would do nothing but load bases.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

Head = TypeVar("Head")

TURN = 4  # times a load: at most a fifth of the time goes into loading
WORTH = 2  # times a load that a further worker must find to do


@dataclass(frozen=True, slots=True)
class Line(Generic[Head]):
    """What waits for one base."""

    base: int
    head: Head  # the oldest; opaque here
    since: datetime  # when the head began to wait
    seconds: float  # that all of it would take one worker, roughly
    loads: bool = True  # whether the base must be in memory for it


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a worker stands."""

    at: int | None = None  # the base that it used last
    since: datetime | None = None  # when it came to that base
    holds: Collection[int] = ()  # all bases in its memory
    avoids: Collection[int] = field(default=frozenset())  # bases that it cannot load now


@dataclass(frozen=True, slots=True)
class Rules:
    """How long a run may wait because others suit better, and how long a load takes, roughly."""

    limit: timedelta
    load: timedelta = timedelta(seconds=60)

    @property
    def turn(self) -> timedelta:
        return min(TURN * self.load, self.limit / 2)


def choose(
    lines: Iterable[Line[Head]],
    *,
    me: Standing,
    others: Mapping[int, int],
    now: datetime,
    rules: Rules,
) -> Line[Head] | None:
    """
    Return the line whose head is to be taken now; None where all that waits is better left.

    `others` says how many other workers are at each base. At most one line a base.
    """
    lines = [line for line in lines if line.base not in me.avoids or not line.loads]
    suiting = [line for line in lines if not line.loads or line.base in me.holds]
    rest = [line for line in lines if line not in suiting]
    alone = [line for line in rest if not others.get(line.base)]
    shared = [line for line in rest if others.get(line.base)]
    late = _oldest(_late(alone, now, rules)) or _oldest(_late(shared, now, rules))
    suits = _oldest(suiting)
    if suits and (late is None or suits.since <= late.since or _in_turn(me, now, rules)):
        return suits
    return late or _longest(alone) or _longest(_worth_a_load(shared, others, rules))


def _late(lines: Iterable[Line[Head]], now: datetime, rules: Rules) -> list[Line[Head]]:
    return [line for line in lines if now - line.since >= rules.limit - rules.turn]


def _in_turn(me: Standing, now: datetime, rules: Rules) -> bool:
    return me.since is not None and now - me.since < rules.turn


def _worth_a_load(
    lines: Iterable[Line[Head]], others: Mapping[int, int], rules: Rules
) -> list[Line[Head]]:
    """Return the lines of which a further worker's share takes far longer than its load."""
    bar = WORTH * rules.load.total_seconds()
    return [line for line in lines if line.seconds / (others[line.base] + 1) >= bar]


def _oldest(lines: Iterable[Line[Head]]) -> Line[Head] | None:
    return min(lines, key=lambda line: line.since, default=None)


def _longest(lines: Iterable[Line[Head]]) -> Line[Head] | None:
    return max(lines, key=lambda line: line.seconds, default=None)
