"""What a sweep answers of a row: its cells with all that was measured of them, and their files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workers.engine.rendering import Rendering
from workers.engine.shots import Shot

if TYPE_CHECKING:
    from workers.engine.sweeping import Keyed


def told(
    one: Keyed,
    shots: Mapping[float, Shot],
    seen: Mapping[float, Mapping[str, Any]],
    rendering: Rendering,
    seconds: float,
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return a row as it is answered, with the files of its cells that are not skipped."""
    row, each = one.row, round(seconds / len(shots), 3)
    blobs: dict[str, bytes] = {}
    cells: list[dict[str, Any]] = []
    for weight in row.weights:
        kept = _kept(shots[weight], f"cell-{len(cells)}") if weight not in row.skip else {}
        blobs |= dict(kept.values())
        cells.append(
            _cell(weight, shots, row.weights, seen.get(weight, {}))
            | {"blob": None, "sound": None}
            | {kind: name for kind, (name, _) in kept.items()}
            | {"key": one.keys[weight], "seconds": each}
        )
    return {
        "cells": cells,
        "method": rendering.method,
        "reason": rendering.reason,
        "seconds": round(seconds, 3),
    }, blobs


def _kept(shot: Shot, name: str) -> dict[str, tuple[str, bytes]]:
    """Return the files of a cell by their kind, each with the name that it travels under."""
    return {
        kind: (name if kind == "blob" else f"{name}-{kind}", data)
        for kind, data in shot.files().items()
    }


def _cell(
    weight: float,
    shots: Mapping[float, Shot],
    weights: Sequence[float],
    seen: Mapping[str, Any],
) -> dict[str, Any]:
    shot, zero = shots[weight], shots.get(0.0)
    place = weights.index(weight)
    return {
        "weight": weight,
        **shot.fields,
        "saw_nan": not shot.is_finite,
        "from_zero": zero.distances(shot) if weight and zero else None,
        "from_previous": shots[weights[place - 1]].distances(shot) if place else None,
        "measures": {**shot.measures(zero), **seen},
    }
