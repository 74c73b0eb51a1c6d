"""
The sheets of the adapters of demo/seventh_draw.py.

Verdicts are made as those of the fifth draw (demo/seen/fifth_draw.py), by people who have not
written the rules that the curve is read by, and look at pictures alone. None is made before all of
them were trained, and none is changed once a curve was drawn.
"""

from __future__ import annotations

from demo.seen.sheet import Known

SEVENTH_DRAW: dict[str, Known] = {}
