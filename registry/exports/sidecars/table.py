"""
Every sidecar file that is written, and for which programs.

To add one, write a `write(particulars)` that returns its JSON and give it a row; then a golden test
in tests/registry/exports/sidecars. The preview picture lies beside them under PREVIEW.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from registry.exports.sidecars import (
    civitai,
    lora_manager,
    rgthree,
    stability_matrix,
    swarm,
    webui,
)
from registry.exports.sidecars.particulars import Particulars

PREVIEW = ".preview.png"


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A kind of sidecar."""

    kind: str
    title: str  # who reads it
    ending: str  # after the file's stem, or after its whole name
    write: Callable[[Particulars], dict[str, Any]]
    on_whole_name: bool = False

    def name(self, told: Particulars) -> str:
        card = told.card
        return f"{card.file_name if self.on_whole_name else card.stem}{self.ending}"

    def content(self, told: Particulars) -> bytes:
        text = json.dumps(self.write(told), ensure_ascii=False, indent=2)
        return text.encode("utf-8", "replace") + b"\n"


SIDECARS: tuple[Sidecar, ...] = (
    Sidecar("webui", "Stable Diffusion WebUI, Forge", ".json", webui.write),
    Sidecar("civitai", "Civitai Helper, SwarmUI", ".civitai.info", civitai.write),
    Sidecar("lora-manager", "ComfyUI-Lora-Manager", ".metadata.json", lora_manager.write),
    Sidecar("stability-matrix", "Stability Matrix", ".cm-info.json", stability_matrix.write),
    Sidecar("rgthree", "rgthree-comfy", ".rgthree-info.json", rgthree.write, on_whole_name=True),
    Sidecar("swarm", "SwarmUI", ".swarm.json", swarm.write),
)
BY_KIND = {one.kind: one for one in SIDECARS}
