"""
Stable Diffusion 1.x and 2.x, SDXL, and every small pipeline of the same make.

Pictures are decoded here and not by the pipeline, because the latents are measured too.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import diffusers
import torch

from workers.engine import skeletons
from workers.engine.families.protocol import Canvas, Conditioning, OnStep, Pictures, Pipeline

GUIDED_FROM = 1.0  # at this guidance and below, diffusers leaves the negative prompt out


class StableDiffusion:
    """Bases with one CLIP text encoder."""

    pipelines: tuple[str, ...] = ("StableDiffusionPipeline",)
    adapted: tuple[str, ...] = ("unet", "text_encoder")
    prompt_encoders: tuple[str, ...] = ("text_encoder",)
    left_out: tuple[str, ...] = ("safety_checker", "feature_extractor", "image_encoder")

    def load(self, folder: Path, *, pipeline: str, dtype: torch.dtype) -> Pipeline:
        loaded = getattr(diffusers, pipeline).from_pretrained(
            folder,
            dtype=dtype,
            local_files_only=True,
            use_safetensors=True,
            **dict.fromkeys(self.left_out),
            **self._options(),
        )
        loaded.set_progress_bar_config(disable=True)
        for part in (loaded.unet, loaded.vae):
            part.to(memory_format=torch.channels_last)  # a tenth faster: it is mostly convolutions
        return loaded

    def skeleton(self, config_folder: Path, *, pipeline: str) -> Pipeline:
        return skeletons.build(
            pipeline, config_folder, components=self.adapted, options=self._options()
        )

    def encode(
        self, pipeline: Pipeline, prompts: Sequence[str], *, negative: str, guided: bool
    ) -> Conditioning:
        positive, against = pipeline.encode_prompt(
            list(prompts),
            device=pipeline._execution_device,  # noqa: SLF001
            num_images_per_prompt=1,
            do_classifier_free_guidance=guided,
            negative_prompt=_each(negative, prompts),
        )
        return _conditioning(prompt_embeds=positive, negative_prompt_embeds=against)

    def denoise(
        self, pipeline: Pipeline, conditioning: Conditioning, canvas: Canvas, on_step: OnStep
    ) -> torch.Tensor:
        count = next(iter(conditioning.tensors.values())).shape[0]

        def note(_: Pipeline, step: int, __: Any, values: dict[str, Any]) -> dict[str, Any]:
            on_step(step + 1, canvas.steps)
            return values

        # Noise is drawn on the CPU, so that a seed means the same on every device.
        answer = pipeline(
            **conditioning.tensors,
            generator=[torch.Generator().manual_seed(canvas.seed) for _ in range(count)],
            num_inference_steps=canvas.steps,
            guidance_scale=canvas.guidance,
            width=canvas.width,
            height=canvas.height,
            output_type="latent",
            callback_on_step_end=note,
        )
        return torch.as_tensor(answer.images)

    def decode(self, pipeline: Pipeline, latents: torch.Tensor) -> Pictures:
        vae = pipeline.vae
        if getattr(vae.config, "force_upcast", False) and vae.dtype == torch.float16:
            vae.to(torch.float32)  # This autoencoder overflows in half precision.
        with torch.inference_mode():
            decoded = vae.decode(_unscaled(latents.to(vae.device, vae.dtype), vae.config)).sample
        pictures = (decoded.float() / 2 + 0.5).clamp(0, 1).permute(0, 2, 3, 1)
        return pictures.cpu().numpy()

    def _options(self) -> dict[str, Any]:
        return {"requires_safety_checker": False}


class StableDiffusionXL(StableDiffusion):
    """Bases with two CLIP text encoders, the second of which also gives a pooled prompt."""

    pipelines: tuple[str, ...] = ("StableDiffusionXLPipeline",)
    adapted: tuple[str, ...] = ("unet", "text_encoder", "text_encoder_2")
    prompt_encoders: tuple[str, ...] = ("text_encoder", "text_encoder_2")
    left_out: tuple[str, ...] = ("feature_extractor", "image_encoder")

    def encode(
        self, pipeline: Pipeline, prompts: Sequence[str], *, negative: str, guided: bool
    ) -> Conditioning:
        positive, against, pooled, pooled_against = pipeline.encode_prompt(
            list(prompts),
            device=pipeline._execution_device,  # noqa: SLF001
            num_images_per_prompt=1,
            do_classifier_free_guidance=guided,
            negative_prompt=_each(negative, prompts),
        )
        return _conditioning(
            prompt_embeds=positive,
            negative_prompt_embeds=against,
            pooled_prompt_embeds=pooled,
            negative_pooled_prompt_embeds=pooled_against,
        )

    def _options(self) -> dict[str, Any]:
        return {"add_watermarker": False}


def _each(negative: str, prompts: Sequence[str]) -> list[str] | None:
    # None and "" are not the same to SDXL, which has a conditioning of zeros for none.
    return [negative] * len(prompts) if negative else None


def _conditioning(**tensors: torch.Tensor | None) -> Conditioning:
    return Conditioning({name: tensor for name, tensor in tensors.items() if tensor is not None})


def _unscaled(latents: torch.Tensor, config: Any) -> torch.Tensor:
    mean, spread = getattr(config, "latents_mean", None), getattr(config, "latents_std", None)
    if mean is None or spread is None:
        return latents / config.scaling_factor
    along = (1, -1, 1, 1)
    centre = torch.tensor(mean, device=latents.device, dtype=latents.dtype).view(along)
    width = torch.tensor(spread, device=latents.device, dtype=latents.dtype).view(along)
    return latents * width / config.scaling_factor + centre
