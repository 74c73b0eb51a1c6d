"""
The grid of further seeds that belongs to a sweep: opened, filled by a worker, closed with it.

A worker that takes over comes to the same grid: what it holds follows from the sweep, whose cells
are all kept before, and from what the scenes name.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from registry.models import PreviewGrid, ValidationRun
from registry.services import curves, runs, scenes
from registry.services.planning import Plan
from registry.sweeps import seeds
from registry.sweeps.measure import measure
from registry.sweeps.seeds import Seeded


def plan_of(swept: PreviewGrid, plan: Plan) -> Seeded | None:
    """Return what to draw by further seeds of a sweep that is all there; None for nothing."""
    if "seed" not in scenes.asked_by(swept.version.base):
        return None
    rows, by = curves.rows_of(swept)
    return seeds.plan(
        plan.counting,
        measure(rows, by=by),
        named={slug: scene.further_seeds for slug, scene in plan.scenes.items()},
        usual=settings.SWEEP_SEEDS,
        cells=len(plan.rows) * len(swept.weights),
    )


@transaction.atomic
def open_grid(
    run: ValidationRun, swept: PreviewGrid, seeded: Seeded, *, now: datetime
) -> PreviewGrid:
    """
    Return the grid of further seeds of a sweep: a new one, or the one that an earlier attempt left.

    :raises LeaseLost: if another worker has taken the run over
    """
    runs.hold(run)
    weights = list(seeded.weights)
    told = {
        "weights": weights,
        "engine": swept.engine,
        "axes": {
            "across": {"axis": "weight", "values": weights},
            "down": {"axis": "seed", "values": list(seeded.seeds)},
        },
    }
    grid, _ = PreviewGrid.objects.update_or_create(
        of=swept,
        defaults=told,
        create_defaults=told
        | {"version": swept.version, "kind": PreviewGrid.Kind.SEEDS, "opened_at": now},
    )
    grid.cells.filter(row__gte=len(seeded.rows)).delete()
    return grid


@transaction.atomic
def close_grid(
    run: ValidationRun, grid: PreviewGrid, *, device: str, method: str, now: datetime
) -> None:
    """
    Note that the grid is whole.

    :raises LeaseLost: if another worker has taken the run over
    """
    runs.hold(run)
    grid.device, grid.method = device, method
    grid.seconds = (now - grid.opened_at).total_seconds()
    grid.rendered_at = now
    grid.save()


def drop(run: ValidationRun, swept: PreviewGrid) -> None:
    """
    Drop the grid that an earlier attempt left, where there is nothing to draw any more.

    :raises LeaseLost: if another worker has taken the run over
    """
    with transaction.atomic():
        runs.hold(run)
        PreviewGrid.objects.filter(of=swept).delete()
