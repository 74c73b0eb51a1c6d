"""How each runtime loads a version: what to save, where, and what to paste."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from registry.models import AdapterVersion, VersionFile


def of_version(version: AdapterVersion, file: VersionFile) -> list[object]:
    return []
