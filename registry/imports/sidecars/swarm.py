"""SwarmUI: `.swarm.json`, the keys of modelspec as a header would have them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.imports import headers


def read(told: Mapping[str, Any]) -> dict[str, Any]:
    return headers.read({str(key): value for key, value in told.items() if isinstance(value, str)})
