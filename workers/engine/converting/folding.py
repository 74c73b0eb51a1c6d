"""
Put a scale into the factors, for layouts that have no place for it.

A scale of a power of two costs nothing. In half precision small numbers lose digits, so a scale
below 1 goes where there is room: into the down matrix, which training begins with numbers of a
hundredth, and into the up matrix, which it begins with zeros, only if that has no room. The choice
looks at the down matrix alone, so layers that share one share it afterwards.
"""

from __future__ import annotations

from dataclasses import replace

from workers.engine.converting.changes import Change

SMALLEST, LARGEST = 2.0**-8, 2.0**8  # The root mean square that a down matrix may be brought to.


def folded(change: Change) -> Change:
    """Return the same change with a scale of 1."""
    if change.scale == 1:
        return change
    down = change.down.float()
    size = float(down.square().mean().sqrt()) * abs(change.scale)
    if SMALLEST <= size <= LARGEST:
        return replace(change, down=down * change.scale, scale=1.0)
    return replace(change, up=change.up.float() * change.scale, scale=1.0)
