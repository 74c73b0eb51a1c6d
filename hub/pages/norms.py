"""How large the changes of several adapters are: part by part, and layer by layer as a drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from registry.errors import NotFound
from registry.queries import files

if TYPE_CHECKING:
    from registry.models import AdapterVersion

WIDE, HIGH = 720.0, 160.0
MOST_POINTS = 240  # of a line; a part may have thousands of layers


@dataclass(frozen=True, slots=True)
class Change:
    """What one version does to one part of the base. `share` is of the largest here, of 100."""

    version: AdapterVersion
    norm: float | None
    layers: int
    median: float | None
    line: str  # its layers, the largest first, as the path of a 720 × 160 picture
    share: int


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    highest: float  # norm of a layer, which the drawing reaches up to
    most: int  # layers
    changes: tuple[Change, ...]


def of_versions(versions: Sequence[AdapterVersion]) -> tuple[Part, ...]:
    """Return each part that workers have measured of at least one version; nothing else."""
    signatures = [_signature(version) for version in versions]
    names = sorted({name for each in signatures for name in each})
    return tuple(_part(name, versions, signatures) for name in names)


def _signature(version: AdapterVersion) -> Mapping[str, Any]:
    try:
        blob = files.weights_of(version).blob
    except NotFound:
        return {}
    return blob.change_signature if blob else {}


def _part(
    name: str, versions: Sequence[AdapterVersion], signatures: Sequence[Mapping[str, Any]]
) -> Part:
    parts = [each.get(name, {}) for each in signatures]
    highest = max((norm for part in parts for norm in part.get("layers", [])[:1]), default=0.0)
    most = max(len(part.get("layers", [])) for part in parts)
    largest = max(part.get("norm") or 0.0 for part in parts) or 1.0
    changes = tuple(
        _change(version, part, highest, most, largest)
        for version, part in zip(versions, parts, strict=True)
    )
    return Part(name.replace("_", " "), highest, most, changes)


def _change(
    version: AdapterVersion, part: Mapping[str, Any], highest: float, most: int, largest: float
) -> Change:
    layers, norm = part.get("layers", []), part.get("norm")
    return Change(
        version=version,
        norm=norm,
        layers=len(layers),
        median=layers[len(layers) // 2] if layers else None,
        line=_line(layers, highest, most),
        share=round(100 * (norm or 0.0) / largest),
    )


def _line(layers: Sequence[float], highest: float, most: int) -> str:
    if not layers or not highest:
        return ""
    step = max(1, len(layers) // MOST_POINTS)
    wide = WIDE / max(most - 1, 1)
    points = [
        f"{place * wide:.1f} {HIGH * (1 - layers[place] / highest):.1f}"
        for place in (*range(0, len(layers) - 1, step), len(layers) - 1)
    ]
    return f"M{' L'.join(points)}"
