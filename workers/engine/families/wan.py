"""Wan: a film of a few frames, shown as a strip of three."""

from __future__ import annotations

from typing import Any

import torch

from workers.engine.families.diffusing import Diffusing
from workers.engine.families.protocol import Canvas, Pipeline

FRAMES = 9  # enough to see movement; the autoencoder makes four of each but the first
SHOWN = 3  # the first, the last and the one between


class Wan(Diffusing):
    """Bases that draw films from words. Adapters change the one transformer, or the first."""

    pipelines: tuple[str, ...] = ("WanPipeline",)
    dtype_on_device: torch.dtype | None = torch.bfloat16

    def settings(self, pipeline: Pipeline, canvas: Canvas) -> dict[str, Any]:
        return {"guidance_scale": canvas.guidance, "num_frames": FRAMES}

    def chosen(self, frames: torch.Tensor) -> torch.Tensor:
        places = torch.linspace(0, frames.shape[2] - 1, SHOWN).round().long()
        return frames[:, :, places.to(frames.device)]
