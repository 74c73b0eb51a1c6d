"""Stable Diffusion 1.x and 2.x, SDXL, and every small pipeline of the same make."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from workers.engine.families.diffusing import ENCODED, Diffusing
from workers.engine.families.protocol import Pipeline


class StableDiffusion(Diffusing):
    """Bases with one CLIP text encoder."""

    pipelines: tuple[str, ...] = ("StableDiffusionPipeline",)
    adapted: tuple[str, ...] = ("unet", "text_encoder")
    prompt_encoders: tuple[str, ...] = ("text_encoder",)
    left_out: tuple[str, ...] = ("safety_checker", "feature_extractor", "image_encoder")

    def load(self, folder: Path, *, pipeline: str, dtype: torch.dtype) -> Pipeline:
        loaded = super().load(folder, pipeline=pipeline, dtype=dtype)
        for part in (loaded.unet, loaded.vae):
            part.to(memory_format=torch.channels_last)  # a tenth faster: it is mostly convolutions
        return loaded

    def options(self) -> dict[str, Any]:
        return {"requires_safety_checker": False}


class StableDiffusionXL(StableDiffusion):
    """Bases with two CLIP text encoders, the second of which also gives a pooled prompt."""

    pipelines: tuple[str, ...] = ("StableDiffusionXLPipeline",)
    adapted: tuple[str, ...] = ("unet", "text_encoder", "text_encoder_2")
    prompt_encoders: tuple[str, ...] = ("text_encoder", "text_encoder_2")
    left_out: tuple[str, ...] = ("feature_extractor", "image_encoder")
    encoded: tuple[str, ...] = (*ENCODED, "pooled_prompt_embeds", "negative_pooled_prompt_embeds")

    def options(self) -> dict[str, Any]:
        return {"add_watermarker": False}

    def against(self, negative: str, count: int) -> list[str] | None:
        # None and "" are not the same to SDXL, which has a conditioning of zeros for none.
        return [negative] * count if negative else None
