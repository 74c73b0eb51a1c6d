"""
Put a scale into the factors, for layouts that have no place for it.

In half precision small numbers lose digits, so a scale below 1 goes where there is room: into the
down matrix, which training begins with numbers of a hundredth, and what is too much for it into the
up matrix, which it begins with zeros. The shares depend on the down matrix and the scale alone, so
layers that share one share it afterwards.
"""

from __future__ import annotations

from dataclasses import replace

from workers.engine.converting.changes import Change

# The root mean square that a down matrix may be brought to: half precision ends at 2⁻²⁴ and 2¹⁶.
SMALLEST, LARGEST = 2.0**-13, 2.0**8


def folded(change: Change) -> Change:
    """Return the same change with a scale of 1."""
    if change.scale == 1:
        return change
    down = change.down.float()
    size = float(down.square().mean().sqrt())
    most, least = (LARGEST / size, SMALLEST / size) if size else (1.0, 1.0)
    share = max(min(abs(change.scale), max(most, 1.0)), min(least, 1.0))
    rest = change.scale / share
    return replace(
        change,
        down=down * share,
        up=change.up if rest == 1 else change.up.float() * rest,
        scale=1.0,
    )
