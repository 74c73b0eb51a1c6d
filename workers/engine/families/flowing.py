"""
Transformers that follow a flow and differ in little else: AuraFlow, Lumina 2, Sana, Z-Image.

Each has one language model for its prompts, which adapters leave alone, and true guidance.
"""

from __future__ import annotations

from typing import Any

import torch

from workers.engine.families.diffusing import WITH_MASKS, Diffusing
from workers.engine.families.protocol import GUIDED_FROM, Canvas, Pipeline


class AuraFlow(Diffusing):
    """AuraFlow and Pony 7."""

    pipelines: tuple[str, ...] = ("AuraFlowPipeline",)
    encoded: tuple[str, ...] = WITH_MASKS


class Lumina2(Diffusing):
    """Lumina Image 2 and Neta Lumina."""

    pipelines: tuple[str, ...] = ("Lumina2Pipeline",)
    samplers: tuple[str, ...] = ("euler", "unipc")  # its pipeline counts the steps itself
    encoded: tuple[str, ...] = WITH_MASKS
    dtype_on_device: torch.dtype | None = torch.bfloat16


class Sana(Diffusing):
    """Sana, whose autoencoder makes 32 pixels one."""

    pipelines: tuple[str, ...] = ("SanaPipeline",)
    encoded: tuple[str, ...] = WITH_MASKS
    dtype_on_device: torch.dtype | None = torch.bfloat16

    def settings(self, pipeline: Pipeline, canvas: Canvas) -> dict[str, Any]:
        # The picture is to be as large as the scene says, not as the nearest that was trained.
        guided = {"guidance_scale": canvas.guidance, "negative_prompt": None}
        return guided | {"use_resolution_binning": False}


class ZImage(Diffusing):
    """Z-Image, which counts guidance from 0 where all others count it from 1."""

    pipelines: tuple[str, ...] = ("ZImagePipeline",)
    samplers: tuple[str, ...] = ("euler",)
    dtype_on_device: torch.dtype | None = torch.bfloat16

    def settings(self, pipeline: Pipeline, canvas: Canvas) -> dict[str, Any]:
        return {"guidance_scale": canvas.guidance if canvas.guidance > GUIDED_FROM else 0.0}
