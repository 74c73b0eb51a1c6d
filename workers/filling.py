"""
Filling the grid of a validation: round by round until enough weights are known, then the rest.

The rows that count are rendered at the first weights, say which weights are worth a look, and are
rendered at those, until nothing is left to be asked; only then come the rows that are just shown,
at all weights at once. As many rows are asked of the engine together as take some seconds, for each
call costs as much as a few small cells. Whatever is kept stays: a worker that takes over begins
with the first row that lacks a cell.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from registry.models import PreviewGrid
from registry.services import effects, planning, previews
from registry.services.planning import Plan
from registry.sweeps import bisecting
from registry.sweeps.pace import Pace
from registry.sweeps.plan import Cell
from registry.sweeps.rows import Row
from workers import proving, rows
from workers.frames import Frame
from workers.holding import Held
from workers.rows import Subject

OnProgress = Callable[[dict[str, Any]], None]
Ask = Callable[[str, dict[str, Any], OnProgress], Frame]
SHOWN_EVERY = 1.0  # seconds; a step of a small base takes less
AT_STAKE = 20.0  # seconds: so much work, and no more, is lost with a worker or waited for unseen
paces: dict[str, Pace] = {}  # of the last grid on each base, by its digest


@dataclass(frozen=True, slots=True)
class _Lacking:
    """A row, all its cells, and how many of them are not kept yet."""

    row: Row
    cells: Sequence[Cell]
    new: int


class Filling:
    """One grid that is being filled. `method` is how its rows were rendered, the worst of them."""

    def __init__(
        self, holding: Held, grid: PreviewGrid, plan: Plan, subject: Subject, *, ask: Ask
    ) -> None:
        self.holding = holding
        self.grid = grid
        self.plan = plan
        self.subject = subject
        self.method = grid.method or "batch"
        self._ask = ask
        self._pace = paces.get(subject.base["digest"], Pace())
        self._done = grid.cells.count()
        self._expected = 0
        self._shown_at, self._said = 0.0, ""

    def fill(self) -> None:
        """
        Render all that is missing, and keep it.

        :raises EngineError: if the engine cannot
        :raises LeaseLost: if another worker has taken the run over
        """
        planning.drop_others(self.holding.run, self.grid, self.plan)
        new = tuple(self.grid.weights) or bisecting.first_weights(slider=self.plan.is_slider)
        while new and self.plan.rows:
            planning.widen(self.holding.run, self.grid, new)
            self._expected = planning.expected_cells(self.grid, self.plan)
            self._fill(self.plan.counting)
            new = planning.next_weights(self.grid, self.plan)
        self._expected = len(self.plan.rows) * len(self.grid.weights)
        self._fill(self.plan.others)

    def render(self, planned: Sequence[Row]) -> None:
        """
        Render what these rows lack at the weights that the grid has, and keep it.

        :raises EngineError: if the engine cannot
        :raises LeaseLost: if another worker has taken the run over
        """
        self._expected = len(planned) * len(self.grid.weights)
        self._fill(planned)

    def prove(self) -> None:
        """
        Find out what does the adapter's work, and keep it.

        :raises EngineError: if the engine cannot
        :raises LeaseLost: if another worker has taken the run over
        """
        if self.plan.rows:
            self._show(saying="comparing", done=self._done)
            version = self.holding.run.version
            found = proving.prove(version, self.grid, self.plan, self.subject, call=self._compare)
            effects.keep(self.holding.run, found)
        self._show(saying="measuring", done=self._done)

    def _compare(self, verb: str, fields: dict[str, Any]) -> Frame:
        return self._ask(verb, fields, lambda _: None)

    def _fill(self, planned: Sequence[Row]) -> None:
        waiting = [one for row in planned if (one := self._lacking(row)) is not None]
        while waiting:
            together = waiting[: _as_many_as(waiting, self._pace)]
            waiting = waiting[len(together) :]
            self._fill_at_once(together)

    def _lacking(self, row: Row) -> _Lacking | None:
        """Return the row with what it lacks; None where an earlier round or attempt kept it all."""
        cells = row.cells(self.grid.weights)
        kept = set(self.grid.cells.filter(row=row.number).values_list("content_key", flat=True))
        keys = set(rows.keys_of(self.subject, cells).values())
        return None if kept == keys else _Lacking(row, cells, new=len(keys - kept))

    def _fill_at_once(self, together: Sequence[_Lacking]) -> None:
        self._show(saying="rendering", done=self._done)
        asked = [one.cells for one in together]
        found = rows.render_all(self.subject, asked, call=self._call)
        for one, rendered in zip(together, found, strict=True):
            self._pace = self._pace.after(rendered.new, seconds=rendered.seconds)
            if rendered.method == "loop":
                self.method = "loop"
            previews.keep_row(
                self.holding.run,
                self.grid,
                one.cells,
                rendered.pictures,
                scene=self.plan.scenes.get(one.row.scene.slug),
                now=timezone.now(),
            )
        paces[self.subject.base["digest"]] = self._pace
        self._done = self.grid.cells.count()

    def _call(self, verb: str, fields: dict[str, Any]) -> Frame:
        new = sum(len(row["weights"]) - len(row["skip"]) for row in fields["rows"])

        def progress(told: dict[str, Any]) -> None:
            if told["stage"] != "rendering":
                self._show(saying=told["stage"], done=self._done)
            elif self._said != "rendering" or time.monotonic() - self._shown_at >= SHOWN_EVERY:
                share = told["done"] / max(told["of"], 1)
                self._show(saying="rendering", done=self._done + int(new * min(share, 1.0)))

        return self._ask(verb, fields, progress)

    def _show(self, *, saying: str, done: int) -> None:
        self._shown_at, self._said = time.monotonic(), saying
        left = self._pace.left(self._expected - done)
        self.holding.show(done=done, of=self._expected, saying=saying, left=left)


def _as_many_as(waiting: Sequence[_Lacking], pace: Pace) -> int:
    """Return how many of the rows come within what may be at stake; one where that is not known."""
    cells = itertools.accumulate(one.new for one in waiting)
    fitting = [so_far for so_far in cells if (pace.left(so_far) or AT_STAKE) < AT_STAKE]
    return max(len(fitting), 1)
