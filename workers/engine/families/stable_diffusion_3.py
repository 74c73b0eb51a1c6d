"""Stable Diffusion 3 and 3.5: a transformer, two CLIP text encoders and a T5."""

from __future__ import annotations

import torch

from workers.engine.families.diffusing import ENCODED, Diffusing


class StableDiffusion3(Diffusing):
    """Adapters change the transformer and the CLIP encoders; the loader knows no others."""

    pipelines: tuple[str, ...] = ("StableDiffusion3Pipeline",)
    adapted: tuple[str, ...] = ("transformer", "text_encoder", "text_encoder_2")
    prompt_encoders: tuple[str, ...] = ("text_encoder", "text_encoder_2")
    left_out: tuple[str, ...] = ("image_encoder", "feature_extractor")
    encoded: tuple[str, ...] = (*ENCODED, "pooled_prompt_embeds", "negative_pooled_prompt_embeds")
    dtype_on_device: torch.dtype | None = torch.bfloat16
