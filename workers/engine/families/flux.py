"""
FLUX.1 and FLUX.2: guidance is a number that the transformer reads, where it learned to.

So one scene has one guidance, and a base that was distilled with it leaves the negative prompt out.
Only FLUX.2 klein in its undistilled form is held against one.
"""

from __future__ import annotations

import torch

from workers.engine.families.diffusing import Diffusing
from workers.engine.families.protocol import Canvas, Pipeline

# Their pipelines count the steps themselves, but for samplers that count along a flow.
BY_FLOW = ("euler", "dpmpp_2m", "unipc")


class Flux(Diffusing):
    """FLUX.1: adapters change the transformer and the CLIP encoder. T5 reads the prompt."""

    pipelines: tuple[str, ...] = ("FluxPipeline",)
    adapted: tuple[str, ...] = ("transformer", "text_encoder")
    prompt_encoders: tuple[str, ...] = ("text_encoder",)
    samplers: tuple[str, ...] = BY_FLOW
    left_out: tuple[str, ...] = ("image_encoder", "feature_extractor")
    encoded: tuple[str, ...] = ("prompt_embeds", "pooled_prompt_embeds")
    dtype_on_device: torch.dtype | None = torch.bfloat16

    def is_guided(self, pipeline: Pipeline) -> bool:
        return False

    def unpacked(self, pipeline: Pipeline, latents: torch.Tensor, canvas: Canvas) -> torch.Tensor:
        scale = pipeline.vae_scale_factor
        unpacked: torch.Tensor = pipeline._unpack_latents(  # noqa: SLF001
            latents, canvas.height, canvas.width, scale
        )
        return unpacked


class Flux2Klein(Diffusing):
    """FLUX.2 klein: a language model reads the prompt. Its latents come out unpacked already."""

    pipelines: tuple[str, ...] = ("Flux2KleinPipeline",)
    samplers: tuple[str, ...] = BY_FLOW
    encoded: tuple[str, ...] = ("prompt_embeds",)
    dtype_on_device: torch.dtype | None = torch.bfloat16

    def is_guided(self, pipeline: Pipeline) -> bool:
        return not pipeline.config.is_distilled

    def unscaled(self, pipeline: Pipeline, latents: torch.Tensor) -> torch.Tensor:
        return latents


class Flux2(Flux2Klein):
    """FLUX.2 dev: guidance is embedded, and latents are normalised in patches of four."""

    pipelines: tuple[str, ...] = ("Flux2Pipeline",)

    def is_guided(self, pipeline: Pipeline) -> bool:
        return False

    def unpacked(self, pipeline: Pipeline, latents: torch.Tensor, canvas: Canvas) -> torch.Tensor:
        across = canvas.width // (2 * pipeline.vae_scale_factor)
        patches = latents.unflatten(1, (-1, across)).permute(0, 3, 1, 2)
        norm, along = pipeline.vae.bn, (1, -1, 1, 1)
        spread = torch.sqrt(norm.running_var + pipeline.vae.config.batch_norm_eps)
        patches = patches * spread.view(along).to(patches)
        patches = patches + norm.running_mean.view(along).to(patches)
        unpatched: torch.Tensor = pipeline._unpatchify_latents(patches)  # noqa: SLF001
        return unpatched
