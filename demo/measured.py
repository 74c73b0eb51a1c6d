"""What was measured of the adapters of known behaviour, as the registry reads it from its cells.

Kept by `python -m demo.measure_behaviours`; read without torch.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from registry.sweeps.points import Point
from registry.sweeps.thresholds import USUAL, measure_of

MEASURED = Path(__file__).resolve().parents[1] / "tests/registry/sweeps/measured"
WEIGHTS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.5, 3.0)  # of the sheets
DENSE = (
    *(round(0.05 * number, 2) for number in range(10)),
    *(round(0.1 * number, 1) for number in range(5, 17)),
    *(1.8, 2.0, 2.25, 2.5, 2.75, 3.0),
)


def rows_of(name: str, *, as_swept: bool = False) -> list[list[Point]]:
    """Return what was measured of an adapter as the registry reads it from its cells."""
    return as_read(measured(name, as_swept=as_swept))


def measured(name: str, *, as_swept: bool = False) -> list[list[dict[str, Any]]]:
    """Return the figures that were kept of an adapter, cell by cell."""
    folder = MEASURED / "as_swept" if as_swept else MEASURED
    rows: list[list[dict[str, Any]]] = json.loads(
        gzip.decompress((folder / f"{name}.json.gz").read_bytes())
    )
    return rows


def as_read(rows: Sequence[Sequence[Mapping[str, Any]]]) -> list[list[Point]]:
    by = measure_in(rows)
    return [[_point(cell, by) for cell in row] for row in rows]


def measure_in(rows: Iterable[Iterable[Mapping[str, Any]]]) -> str:
    """Return which of the distances in the figures a curve is drawn from."""
    kept = (cell["from_zero"] for row in rows for cell in row)
    return next((measure_of(distances) for distances in kept if distances), USUAL)


def rows_at(name: str, weights: Iterable[float]) -> list[list[Point]]:
    """Return the rows as if just these weights had been looked at, of a slider on both sides."""
    wanted = {abs(weight) for weight in weights}
    told = json.loads(gzip.decompress((MEASURED / "pairs" / f"{name}.json.gz").read_bytes()))
    return [_row_at(row, wanted) for row in told]


def _row_at(row: Mapping[str, Any], wanted: set[float]) -> list[Point]:
    places = [place for place, weight in enumerate(row["weights"]) if abs(weight) in wanted]
    zero = row["weights"].index(0.0)

    def apart(one: int, other: int) -> dict[str, float] | None:
        low, high = sorted((one, other))
        return None if low == high else {"ssim": row["distances"][high][low]}

    return [
        _point(
            {
                "weight": row["weights"][place],
                "from_zero": apart(zero, place),
                "from_previous": apart(before, place),
                "measures": row["measures"][place],
            }
        )
        for before, place in zip(places[:1] + places, places, strict=False)
    ]


def _point(cell: Mapping[str, Any], by: str = USUAL) -> Point:
    return Point(
        weight=cell["weight"],
        from_zero=(cell["from_zero"] or {}).get(by, 0.0),
        from_previous=(cell["from_previous"] or {}).get(by, 0.0),
        facts={name: one for name, one in cell["measures"].items() if name != "edges"},
        edges=bytes.fromhex(cell["measures"].get("edges", "")),
        reworded=(cell["from_previous"] or {}).get("words", 0.0),
    )
