"""What a runtime is told of a version, and how each one loads it."""

from __future__ import annotations

from typing import Any

from registry.models import AdapterVersion


def recipes(version: AdapterVersion, download_url: str) -> dict[str, Any]:  # noqa: ARG001
    return {}
