"""
Adapters in another layout, dtype or rank, proved to make the same change before they are offered.

`convert` reads a file into changes of the base's own layers (reading), brings them into what the
layout can say (shrinking, joining), writes them (layouts/), reads what it wrote with our own
readers and holds the two against each other, layer by layer (judging). `changes.Change` is what all
of them speak of. What is offered, what is refused and why: registry/exports/conversions.py.
"""

from __future__ import annotations

from workers.engine.converting.contract import Conversion, ConversionRefused, Converted
from workers.engine.converting.converter import convert

__all__ = ["Conversion", "ConversionRefused", "Converted", "convert"]
