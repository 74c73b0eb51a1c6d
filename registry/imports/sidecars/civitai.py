"""Civitai Helper, SwarmUI and others: `.civitai.info`, a version as Civitai's API answers it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.imports import civitai_records


def read(told: Mapping[str, Any]) -> dict[str, Any]:
    return civitai_records.read(told)
