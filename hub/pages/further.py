"""What else there is to see of a version: its training steps, another version, grids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hub.pages import addresses, cells, curves
from registry.queries import checkpoints, people, previews, requests, versions
from registry.queries.words import GridKind
from registry.services import grounds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.models import AdapterVersion, PreviewGrid, PreviewRequest, User


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions side by side: their cells, and the curves of both."""

    table: cells.Table
    one: AdapterVersion
    other: AdapterVersion
    drawing: curves.Drawing | None
    other_drawing: curves.Drawing | None


@dataclass(frozen=True, slots=True)
class Hung:
    """One grid in the gallery."""

    request: PreviewRequest
    address: str
    table: cells.Table


def of_version(
    version: AdapterVersion, seen: Sequence[AdapterVersion], by: User | None
) -> dict[str, Any]:
    """Return what the page of an adapter shows below the sweep."""
    has_steps = checkpoints.is_run(version)
    reason = grounds.unfit(version)
    if reason:
        return {"has_steps": has_steps, "unfit": reason}
    seeds = previews.grids(version, GridKind.SEEDS, by=by)
    steps = requests.grids(version, GridKind.STEPS, by=by)
    against = requests.grids(version, GridKind.VERSIONS, by=by)
    others = [other for other in seen if other.pk != version.pk]
    return {
        "playground": addresses.playground(version),
        "may_ask": by is not None and (by.is_superuser or bool(people.team_keys_of(by))),
        "seeds": cells.table_of(_whole(seeds[0])) if seeds else None,
        "has_steps": has_steps,
        "steps": cells.table_of(_whole(steps[0])) if steps else None,
        "steps_going_on": _address(requests.living_of(version, GridKind.STEPS, by=by)),
        "compared": _compared(version, _whole(against[0])) if against else None,
        "compared_going_on": _address(requests.living_of(version, GridKind.VERSIONS, by=by)),
        "others": [(other, grounds.unlike(version, other)) for other in others],
    }


def _address(living: Sequence[PreviewRequest]) -> str:
    return addresses.asked(living[0]) if living else ""


def _whole(grid: PreviewGrid) -> PreviewGrid:
    return requests.whole_grids().get(pk=grid.pk)


def _compared(version: AdapterVersion, grid: PreviewGrid) -> Compared | None:
    table = cells.table_of(grid)
    if table is None or grid.other is None:
        return None
    return Compared(
        table=table,
        one=version,
        other=grid.other,
        drawing=curves.draw(versions.curve(version), version),
        other_drawing=curves.draw(versions.curve(grid.other), grid.other),
    )


def hung(version: AdapterVersion, by: User | None) -> list[Hung]:
    """Return the grids that were asked for and are shown to whoever sees the version."""
    found = []
    asked = requests.gallery(version, by=by)
    grids = requests.whole_grids().in_bulk([one.grid_id for one in asked if one.grid_id])
    for request in asked:
        table = cells.table_of(grids[request.grid_id]) if request.grid_id else None
        if table is not None and table.first is not None:
            found.append(Hung(request, addresses.asked(request), table))
    return found
