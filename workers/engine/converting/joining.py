"""
Join the layers that the original code keeps in one matrix: queries, keys and values.

Where all of them read through the same down matrix (as they do when they were trained joined) it is
kept, and the up matrices are put one under the other. Otherwise each keeps its own ranks, and the
joined rank is their sum: the up matrix is zero but for blocks along its diagonal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import torch

from workers.engine.converting import turning
from workers.engine.converting.changes import Change
from workers.engine.converting.contract import ConversionRefused
from workers.engine.converting.names import Joint, Names


@dataclass(slots=True)
class Joining:
    """Goes through changes by the layers of the original code, and counts how ranks grew."""

    names: Names
    grown: int = 0
    highest: int = 0
    _done: set[tuple[str, str]] = field(default_factory=set)

    def __call__(self, changes: Iterable[Change]) -> Iterator[tuple[str, Change]]:
        """
        Yield each change under the name that the original code has for its layer, flat.

        :raises ConversionRefused: if it has none for one of them
        """
        of_component: dict[str, dict[str, Change]] = {}
        for change in changes:
            of_component.setdefault(change.component, {})[change.layer] = change
        for component, layers in of_component.items():
            left = dict(layers)
            for joint in self.names.joints(component):
                if any(name in left for name in joint.layers):
                    parts = {name: left.pop(name) for name in joint.layers if name in left}
                    yield joint.name, self._joined(component, joint, parts)
            if left:
                raise ConversionRefused(
                    f"The original code has no layer {next(iter(left))} that kohya's names could "
                    "mean."
                )

    def _joined(self, component: str, joint: Joint, parts: Mapping[str, Change]) -> Change:
        if len(joint.layers) == 1:
            [change] = parts.values()
            return turning.swapped(change) if joint.swapped else change
        sizes = [self.names.layer(component, name).shape[0] for name in joint.layers]
        if any(part.magnitude is not None for part in parts.values()) and len(parts) < len(sizes):
            raise ConversionRefused(
                f"Only a part of {joint.name} has magnitudes (DoRA), and it is one layer there."
            )
        first = next(iter(parts.values()))
        joined = (
            self._stacked(joint, parts, sizes)
            if _read_alike(list(parts.values()))
            else self._diagonal(joint, parts, sizes)
        )
        magnitudes = [part.magnitude for part in parts.values() if part.magnitude is not None]
        return replace(
            joined,
            layer=joint.name,
            magnitude=torch.cat(magnitudes) if magnitudes else None,
            algorithm=first.algorithm,
        )

    def _stacked(self, joint: Joint, parts: Mapping[str, Change], sizes: list[int]) -> Change:
        first = next(iter(parts.values()))
        rows = [
            parts[name].up if name in parts else first.up.new_zeros(size, first.rank)
            for name, size in zip(joint.layers, sizes, strict=True)
        ]
        return replace(first, up=torch.cat(rows))

    def _diagonal(self, joint: Joint, parts: Mapping[str, Change], sizes: list[int]) -> Change:
        found = list(parts.values())
        alike = len({part.scale for part in found}) == 1
        rank = sum(part.rank for part in found)
        self.grown += 1
        self.highest = max(self.highest, rank)
        up = found[0].up.new_zeros(sum(sizes), rank)
        if not alike:
            up = up.float()
        row = column = 0
        for name, size in zip(joint.layers, sizes, strict=True):
            if name in parts:
                part = parts[name]
                block = part.up if alike else part.up.float() * part.scale
                up[row : row + size, column : column + part.rank] = block
                column += part.rank
            row += size
        down = torch.cat([part.down for part in found])
        return replace(found[0], up=up, down=down, scale=found[0].scale if alike else 1.0)


def _read_alike(parts: list[Change]) -> bool:
    first, *others = parts
    return all(
        part.scale == first.scale
        and part.down.shape == first.down.shape
        and torch.equal(part.down, first.down)
        for part in others
    )
