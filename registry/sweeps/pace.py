"""How fast cells come, and so how long the rest will take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """What was rendered so far, and in how many seconds."""

    cells: int = 0
    seconds: float = 0.0

    def after(self, cells: int, *, seconds: float) -> Pace:
        """Return the pace once more cells have come. Cells that were only measured do not count."""
        return Pace(self.cells + cells, self.seconds + seconds) if cells > 0 else self

    def left(self, cells: int) -> float | None:
        """Return the seconds that so many more cells will take; None where nothing is known yet."""
        return self.seconds / self.cells * max(cells, 0) if self.cells else None
