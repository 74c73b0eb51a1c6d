"""
What the sweep of a version renders: its rows, and the weights that each round adds.

Rows follow from the base's scenes and the version's own prompts. Weights are found round by round
(registry/sweeps/bisecting.py) from the cells that are kept already, and each round is written down
before it begins: a worker that takes over goes on where another was killed.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from registry.models import AdapterVersion, BaseModel, Kind, PreviewGrid, Scene, ValidationRun
from registry.services import curves, previews, runs
from registry.sweeps import bisecting
from registry.sweeps.rows import Row, plan_rows

LOOKED_AT = 5  # finished grids of a base, to say how many weights another may come to


@dataclass(frozen=True, slots=True)
class Plan:
    """The rows of a grid, and for each the scene that it shows, if it shows one as it is."""

    rows: tuple[Row, ...]
    scenes: Mapping[str, Scene]
    is_slider: bool = False

    @property
    def counting(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.counts)

    @property
    def others(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if not row.counts)

    @property
    def most_weights(self) -> int:
        """How many weights each row may come to; a slider has two sides, and twice as many."""
        most = settings.SWEEP_MOST_CELLS // max(len(self.rows), 1)
        return 2 * most - 1 if self.is_slider else most


def plan_of(version: AdapterVersion) -> Plan:
    """Return what there is to render of a version; no rows where its base has no scene."""
    scenes = previews.scenes_of(version)
    rows = plan_rows(
        [previews.as_plain(scene) for scene in scenes if scene.counts],
        version.trigger_words,
        unusual=[previews.as_plain(scene) for scene in scenes if not scene.counts],
        samples=version.sample_prompts,
        is_picture=version.base.modality == "image",
    )
    return Plan(
        rows,
        scenes={scene.slug: scene for scene in scenes},
        is_slider=version.adapter.kind == Kind.SLIDER,
    )


def next_weights(grid: PreviewGrid, plan: Plan) -> tuple[float, ...]:
    """Return the weights of the next round, () once enough is known."""
    rows, by = curves.rows_of(grid)
    return bisecting.next_weights(rows, by=by, slider=plan.is_slider, most=plan.most_weights)


@transaction.atomic
def widen(run: ValidationRun, grid: PreviewGrid, weights: Sequence[float]) -> None:
    """
    Write down that every row of the grid is to be rendered at these weights too.

    :raises LeaseLost: if another worker has taken the run over
    """
    runs.hold(run)
    grid.weights = sorted({*grid.weights, *weights})
    grid.save(update_fields=["weights"])


@transaction.atomic
def drop_others(run: ValidationRun, grid: PreviewGrid, plan: Plan) -> None:
    """
    Drop rows of an earlier attempt that are planned no more, since a scene was switched off.

    :raises LeaseLost: if another worker has taken the run over
    """
    runs.hold(run)
    grid.cells.exclude(row__in=[row.number for row in plan.rows]).delete()


def expected_cells(grid: PreviewGrid, plan: Plan) -> int:
    """Return how many cells the grid will likely have, by what others of its base came to."""
    return len(plan.rows) * max(len(grid.weights), _usual_weights(grid.version.base))


def _usual_weights(base: BaseModel) -> int:
    finished = PreviewGrid.objects.sweeps().filter(version__base=base)
    counts = [len(weights) for weights in finished.values_list("weights", flat=True)[:LOOKED_AT]]
    return round(statistics.fmean(counts)) if counts else len(bisecting.FIRST)
