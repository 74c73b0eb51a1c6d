"""
What all families of picture bases have in common: the pipelines of diffusers are called alike.

A pipeline encodes prompts by `encode_prompt` and takes what that returns instead of the prompts.
So text is encoded once for a whole row, and by the very settings that the pipeline's own call would
encode it by. Latents are handed on in the shape of a picture (or of a film) whatever the denoiser
packs them into, so that they can be measured against each other.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import diffusers
import torch

from workers.engine import skeletons
from workers.engine.families.protocol import Canvas, Conditioning, OnStep, Pictures, Pipeline

ENCODED = "prompt_embeds", "negative_prompt_embeds"
WITH_MASKS = (
    "prompt_embeds",
    "prompt_attention_mask",
    "negative_prompt_embeds",
    "negative_prompt_attention_mask",
)
AGAINST = "negative_"


class Diffusing:
    """A family whose pipelines are called as those of diffusers are; the parts that differ vary."""

    pipelines: tuple[str, ...] = ()
    adapted: tuple[str, ...] = ("transformer",)
    prompt_encoders: tuple[str, ...] = ()
    samplers: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()  # parts that no picture needs
    encoded: tuple[str, ...] = ENCODED  # what `encode_prompt` returns, in order
    dtype_on_device: torch.dtype | None = None  # where half precision is not enough

    def load(self, folder: Path, *, pipeline: str, dtype: torch.dtype) -> Pipeline:
        loaded = getattr(diffusers, pipeline).from_pretrained(
            folder,
            dtype=self.dtype_on_device if self.dtype_on_device and _is_half(dtype) else dtype,
            local_files_only=True,
            use_safetensors=True,
            **dict.fromkeys((*self.left_out, *_absent(folder))),
            **self.options(),
        )
        loaded.set_progress_bar_config(disable=True)
        return loaded

    def skeleton(self, config_folder: Path, *, pipeline: str) -> Pipeline:
        return skeletons.build(
            pipeline, config_folder, components=self.adapted, options=self.options()
        )

    def encode(
        self, pipeline: Pipeline, prompts: Sequence[str], *, negative: str, guided: bool
    ) -> Conditioning:
        encode = pipeline.encode_prompt
        given = _as_called(pipeline) | {"device": pipeline._execution_device}  # noqa: SLF001
        guided = guided and self.is_guided(pipeline)
        if "negative_prompt" in inspect.signature(encode).parameters:
            given["do_classifier_free_guidance"] = guided
            against = self.against(negative, len(prompts))
            answer = encode(prompt=list(prompts), negative_prompt=against, **given)
            return _conditioning(zip(self.encoded, answer, strict=True))
        rows = list(zip(self.encoded, encode(prompt=list(prompts), **given), strict=False))
        if guided:
            names = [f"{AGAINST}{name}" for name in self.encoded]
            rows += zip(names, encode(prompt=[negative] * len(prompts), **given), strict=False)
        return _conditioning(rows)

    def denoise(
        self, pipeline: Pipeline, conditioning: Conditioning, canvas: Canvas, on_step: OnStep
    ) -> torch.Tensor:
        # Noise is drawn on the CPU, so that a seed means the same on every device.
        answer = pipeline(
            **conditioning.tensors,
            generator=[torch.Generator().manual_seed(seed) for seed in canvas.seeds],
            num_inference_steps=canvas.steps,
            width=canvas.width,
            height=canvas.height,
            output_type="latent",
            return_dict=False,
            **self.noted(on_step, canvas),
            **self.settings(pipeline, canvas),
        )
        return self.unpacked(pipeline, torch.as_tensor(answer[0]), canvas)

    def decode(self, pipeline: Pipeline, latents: torch.Tensor) -> Pictures:
        vae = pipeline.vae
        if getattr(vae.config, "force_upcast", False) and vae.dtype == torch.float16:
            vae.to(torch.float32)  # This autoencoder overflows in half precision.
        with torch.inference_mode():
            latents = self.unscaled(pipeline, latents.to(vae.device, vae.dtype))
            decoded = vae.decode(latents, return_dict=False)[0]
        pictures = (decoded.float() / 2 + 0.5).clamp(0, 1)
        if pictures.ndim == 5:
            pictures = self.chosen(pictures).permute(0, 1, 3, 2, 4).flatten(3)
        return pictures.permute(0, 2, 3, 1).cpu().numpy()

    # --- where families differ -------------------------------------------------------------------

    def options(self) -> dict[str, Any]:
        """Return what the pipeline's class is made with, beside its parts."""
        return {}

    def noted(self, on_step: OnStep, canvas: Canvas) -> dict[str, Any]:
        """Return what the pipeline is called with to be told of each step."""

        def note(_: Pipeline, step: int, __: Any, values: dict[str, Any]) -> dict[str, Any]:
            on_step(min(step + 1, canvas.steps), canvas.steps)  # some samplers look twice
            return values

        return {"callback_on_step_end": note}

    def settings(self, pipeline: Pipeline, canvas: Canvas) -> dict[str, Any]:
        """Return what else the pipeline is called with: how it is guided, above all."""
        return {"guidance_scale": canvas.guidance}

    def is_guided(self, pipeline: Pipeline) -> bool:
        """Return whether this base can be held against a negative prompt at all."""
        return True

    def against(self, negative: str, count: int) -> list[str] | None:
        return [negative] * count

    def unpacked(self, pipeline: Pipeline, latents: torch.Tensor, canvas: Canvas) -> torch.Tensor:
        """Return latents in the shape of pictures."""
        return latents

    def unscaled(self, pipeline: Pipeline, latents: torch.Tensor) -> torch.Tensor:
        """Return latents as the autoencoder wants them."""
        config = pipeline.vae.config
        mean, spread = getattr(config, "latents_mean", None), getattr(config, "latents_std", None)
        factor = getattr(config, "scaling_factor", None) or 1.0
        if mean is None or spread is None:
            return latents / factor + (getattr(config, "shift_factor", None) or 0.0)
        along = 1, -1, *[1] * (latents.ndim - 2)
        centre = torch.tensor(mean, device=latents.device, dtype=latents.dtype).view(along)
        width = torch.tensor(spread, device=latents.device, dtype=latents.dtype).view(along)
        return latents * width / factor + centre

    def chosen(self, frames: torch.Tensor) -> torch.Tensor:
        """Return the frames that are shown side by side."""
        return frames


def _absent(folder: Path) -> list[str]:
    """Return the parts that whoever saved the base did without: SD 3 draws without its T5, say."""
    index = json.loads((folder / "model_index.json").read_text(encoding="utf-8"))
    return [name for name, told in index.items() if told == [None, None]]


def _as_called(pipeline: Pipeline) -> dict[str, Any]:
    """Return how the pipeline's own call would encode: `encode_prompt` has defaults of its own."""
    called = inspect.signature(type(pipeline).__call__).parameters
    return {
        name: called[name].default if name in called else None
        for name, told in inspect.signature(pipeline.encode_prompt).parameters.items()
        if name not in {"prompt", "negative_prompt"}
        and (told.default is told.empty or (name in called and called[name].default is not None))
    }


def _conditioning(pairs: Iterable[tuple[str, Any]]) -> Conditioning:
    return Conditioning({name: rows for name, rows in pairs if rows is not None and len(rows)})


def _is_half(dtype: torch.dtype) -> bool:
    return dtype == torch.float16
