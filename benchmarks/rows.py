"""
How much less it takes to ask the engine for all rows of a sweep's round at once than one by one.

Both sides are calls of the engine's own verbs in this one process, on the demo base and one of its
adapters, turn by turn: three scenes at five weights, as a sweep begins. `sweep` puts the adapter on
and begins a denoising run for each scene; `sweep_rows` puts it on once, and the scenes share a
batch. What the engine remembers is dropped before each. The greatest difference of any distance
that the two measured is printed with the ratio.

    python benchmarks/rows.py [--rounds 3] [--adapter neon-glow]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from demo.measure_behaviours import card_of, files, load_base, rows_of, source_of  # noqa: E402
from registry.sweeps.bisecting import FIRST  # noqa: E402
from workers.engine.sweeping import sweep, sweep_rows  # noqa: E402
from workers.engine.verbs import open_engine  # noqa: E402

TARGET = 1.2
Answers = list[dict[str, Any]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--adapter", default="neon-glow")
    options = parser.parse_args()
    torch.set_num_threads(1)
    open_engine("cpu", network_off=False)  # quietens the libraries
    base, file = load_base(), files()[options.adapter]
    source, rows = source_of(file), rows_of(card_of(file), FIRST)

    def one_by_one() -> Answers:
        return [sweep(base, source, row, on_step=_unheard)[0] for row in rows]

    def at_once() -> Answers:
        return [answer for answer, _ in sweep_rows(base, source, rows, on_step=_unheard)]

    def timed(run: Callable[[], Answers]) -> tuple[float, Answers]:
        base.memory.clear()
        base.recent.clear()
        began = time.process_time()
        answers = run()
        return time.process_time() - began, answers

    timed(one_by_one)  # warms up
    took = [(timed(one_by_one), timed(at_once)) for _ in range(options.rounds)]
    (slow, expected), (fast, found) = (
        min(side, key=lambda one: one[0]) for side in zip(*took, strict=True)
    )
    print(f"{options.adapter}: {len(rows)} rows of {len(FIRST)} weights, one thread")
    print(f" one by one {slow:.2f} s, at once {fast:.2f} s of processor time")
    apart = _apart(expected, found)
    print(f" ratio {slow / fast:.2f}; target {TARGET:g}; max difference {apart:.1e}")
    return 0 if slow / fast >= TARGET and apart <= 1e-3 else 1


def _apart(expected: Answers, found: Answers) -> float:
    """Return the greatest difference between distances to weight 0."""
    pairs = [
        (one["from_zero"], other["from_zero"])
        for answer, told in zip(expected, found, strict=True)
        for one, other in zip(answer["cells"], told["cells"], strict=True)
        if one["from_zero"]
    ]
    return max(abs(one[name] - other[name]) for one, other in pairs for name in one)


def _unheard(done: int, of: int) -> None:
    """Nobody waits for the steps here."""


if __name__ == "__main__":
    raise SystemExit(main())
