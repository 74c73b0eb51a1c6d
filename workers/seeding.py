"""Filling the grid of further seeds, once the sweep is there and says which weights matter."""

from __future__ import annotations

from django.utils import timezone

from registry.models import PreviewGrid
from registry.services import seeds
from registry.services.planning import Plan
from workers.filling import Ask, Filling
from workers.holding import Held
from workers.rows import Subject


def fill(
    holding: Held, swept: PreviewGrid, plan: Plan, subject: Subject, *, ask: Ask, device: str
) -> None:
    """
    Render what scenes look like by further seeds, at the weights that the sweep says something of.

    :raises EngineError: if the engine cannot
    :raises LeaseLost: if another worker has taken the run over
    """
    wanted = seeds.plan_of(swept, plan)
    if wanted is None:
        seeds.drop(holding.run, swept)
        return
    grid = seeds.open_grid(holding.run, swept, wanted, now=timezone.now())
    filling = Filling(holding, grid, plan, subject, ask=ask)
    filling.render(wanted.rows)
    seeds.close_grid(holding.run, grid, device=device, method=filling.method, now=timezone.now())
