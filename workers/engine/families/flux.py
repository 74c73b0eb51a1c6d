"""
FLUX.1: proved to load, not rendered yet.

The real loader takes adapters onto its skeleton, whatever layout they are in. Drawing needs prompt
encodings that are not a row a sample, which is for whoever has a device that it fits on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from workers.engine import skeletons
from workers.engine.families.protocol import Canvas, Conditioning, OnStep, Pictures, Pipeline

NOT_YET = "The engine does not render FLUX.1 bases yet; they can be proved to load."


class Flux:
    """Bases with a transformer and a CLIP text encoder that adapters change."""

    pipelines: tuple[str, ...] = ("FluxPipeline",)
    adapted: tuple[str, ...] = ("transformer", "text_encoder")
    prompt_encoders: tuple[str, ...] = ("text_encoder",)

    def skeleton(self, config_folder: Path, *, pipeline: str) -> Pipeline:
        return skeletons.build(pipeline, config_folder, components=self.adapted, options={})

    def load(self, folder: Path, *, pipeline: str, dtype: torch.dtype) -> Pipeline:
        raise NotImplementedError(NOT_YET)

    def encode(
        self, pipeline: Pipeline, prompts: Sequence[str], *, negative: str, guided: bool
    ) -> Conditioning:
        raise NotImplementedError(NOT_YET)

    def denoise(
        self, pipeline: Pipeline, conditioning: Conditioning, canvas: Canvas, on_step: OnStep
    ) -> torch.Tensor:
        raise NotImplementedError(NOT_YET)

    def decode(self, pipeline: Pipeline, latents: torch.Tensor) -> Pictures:
        raise NotImplementedError(NOT_YET)
