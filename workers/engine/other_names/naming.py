"""What a module of other names gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

OtherNames = dict[str, tuple[str, ...]]  # other name, flat → the layers it covers, in their order
Naming = Callable[[tuple[str, ...], Mapping[str, Any]], OtherNames]  # layers, configuration
