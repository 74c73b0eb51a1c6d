"""
How many samples fit the device together: what one took before, against what is free now.

Before anything was measured, a guess by the size of the picture is enough to tell the small from
the large: small ones all go at once, of large ones a few, and those are measured. What is free is
asked each time, for other processes come and go.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import torch

from workers.engine import heap
from workers.engine.devices import free_memory

GUESS = 8 * 1024  # bytes a pixel of one sample: SDXL at 1024², decoding counted in, takes less
USED = 0.8  # of what is free; the rest is for what no estimate sees
UNBOUNDED = 1_000_000
_RESET = "5"  # what Linux is told to begin a new highest mark of a process's memory


@dataclass(slots=True)
class Taken:
    """Bytes that a batch needed at its worst, 0 where that could not be measured."""

    most: int = 0


@dataclass(slots=True)
class Room:
    """What samples of each size took on one base."""

    _by_pixels: dict[int, int] = field(default_factory=dict)

    def most(self, pixels: int, place: torch.device) -> int:
        """Return how many samples of a size may share a batch; one at least."""
        each = self._by_pixels.get(pixels) or pixels * GUESS
        return max(1, int(free_memory(place) * USED) // max(each, 1))

    def note(self, pixels: int, samples: int, taken: int) -> None:
        """Remember what a batch took. The worst of all counts."""
        if taken > 0 and samples:
            self._by_pixels[pixels] = max(self._by_pixels.get(pixels, 0), taken // samples)


@contextlib.contextmanager
def measured(place: torch.device) -> Iterator[Taken]:
    """Give what the block takes at its worst beyond what was taken when it began."""
    taken = Taken()
    if place.type == "cuda":
        torch.cuda.reset_peak_memory_stats(place)
        before = torch.cuda.memory_allocated(place)
        yield taken
        taken.most = torch.cuda.max_memory_allocated(place) - before
        return
    heap.give_back()  # What lies free would be taken again unseen.
    before = _new_mark()
    yield taken
    taken.most = max(0, _told("VmHWM") - before) if before else 0


def _new_mark() -> int:
    """Have the highest mark of memory begin anew; return where it stands, 0 if that cannot be."""
    try:
        Path("/proc/self/clear_refs").write_text(_RESET, encoding="ascii")
    except OSError:
        return 0
    return _told("VmHWM")


def _told(field_called: str) -> int:
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    found = [line.split()[1] for line in lines if line.startswith(f"{field_called}:")]
    return int(found[0]) * 1024 if found else 0
