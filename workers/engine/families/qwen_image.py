"""Qwen-Image: one frame of a film to its autoencoder, and guided by a second pass."""

from __future__ import annotations

from typing import Any

import torch

from workers.engine.families.diffusing import Diffusing
from workers.engine.families.protocol import Canvas, Pipeline


class QwenImage(Diffusing):
    """A base whose prompts a language model reads; adapters change the transformer."""

    pipelines: tuple[str, ...] = ("QwenImagePipeline",)
    samplers: tuple[str, ...] = ("euler", "unipc")  # its pipeline counts the steps itself
    encoded: tuple[str, ...] = ("prompt_embeds", "prompt_embeds_mask")
    dtype_on_device: torch.dtype | None = torch.bfloat16

    def settings(self, pipeline: Pipeline, canvas: Canvas) -> dict[str, Any]:
        if self.is_guided(pipeline):
            return {"true_cfg_scale": canvas.guidance}
        return {"guidance_scale": canvas.guidance, "true_cfg_scale": 1.0}

    def is_guided(self, pipeline: Pipeline) -> bool:
        # A distilled base reads the guidance itself.
        return not pipeline.transformer.config.guidance_embeds

    def unpacked(self, pipeline: Pipeline, latents: torch.Tensor, canvas: Canvas) -> torch.Tensor:
        unpacked: torch.Tensor = pipeline._unpack_latents(  # noqa: SLF001
            latents, canvas.height, canvas.width, pipeline.vae_scale_factor
        )
        return unpacked
