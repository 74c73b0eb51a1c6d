"""
Every sidecar file that is read, the most believed first.

What a person wrote by hand stands before what a program fetched. To add one, write a `read(told)`
that returns what it says in our words (registry/imports/saying.py) and give it a row; then a case
in tests/registry/imports/test_sidecars.py. What the hub writes itself is registry/exports/sidecars.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from registry.imports import saying
from registry.imports.saying import Statement
from registry.imports.sidecars import (
    civitai,
    lora_manager,
    rgthree,
    stability_matrix,
    swarm,
    webui,
)


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A kind of sidecar."""

    kind: str
    ending: str  # after the file's stem, or after its whole name
    read: Callable[[Mapping[str, Any]], dict[str, Any]]
    on_whole_name: bool = False

    def name(self, weights: str) -> str:
        """Return how it is called beside a file of weights."""
        path = PurePosixPath(weights)
        return f"{path if self.on_whole_name else path.with_suffix('')}{self.ending}"

    def statement(self, content: bytes, *, name: str) -> Statement:
        """
        Return what a file of this kind says.

        :raises SourceRefused: if it is no JSON object
        """
        told = saying.parsed(content, name=name)
        return Statement(PurePosixPath(name).name, self.read(told), told)


SIDECARS: tuple[Sidecar, ...] = (
    Sidecar("webui", ".json", webui.read),
    Sidecar("lora-manager", ".metadata.json", lora_manager.read),
    Sidecar("civitai", ".civitai.info", civitai.read),
    Sidecar("stability-matrix", ".cm-info.json", stability_matrix.read),
    Sidecar("rgthree", ".rgthree-info.json", rgthree.read, on_whole_name=True),
    Sidecar("swarm", ".swarm.json", swarm.read),
)
TEXTS = (".description.txt", ".txt")  # WebUI's, after the stem
PREVIEWS = tuple(
    f"{middle}.{ending}"
    for middle in (".preview", "")
    for ending in ("png", "jpg", "jpeg", "webp", "gif")
)  # … as well; every program looks for one of these
