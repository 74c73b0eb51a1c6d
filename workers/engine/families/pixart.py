"""
PixArt-α and PixArt-Σ: a transformer of noise, with a T5 for its prompts.

diffusers has no loader of adapters for it: PEFT puts them on the transformer.
"""

from __future__ import annotations

from typing import Any

import torch

from workers.engine.families.diffusing import WITH_MASKS, Diffusing
from workers.engine.families.protocol import Canvas, OnStep, Pipeline


class PixArt(Diffusing):
    """Bases of 0.6 billion parameters beside a T5 of 4.8 billion."""

    pipelines: tuple[str, ...] = ("PixArtSigmaPipeline", "PixArtAlphaPipeline")
    encoded: tuple[str, ...] = WITH_MASKS

    def settings(self, pipeline: Pipeline, canvas: Canvas) -> dict[str, Any]:
        # The picture is to be as large as the scene says, not as the nearest that was trained.
        guided = {"guidance_scale": canvas.guidance, "negative_prompt": None}
        return guided | {"use_resolution_binning": False}

    def noted(self, on_step: OnStep, canvas: Canvas) -> dict[str, Any]:
        def note(step: int, _: int, __: torch.Tensor) -> None:
            on_step(min(step + 1, canvas.steps), canvas.steps)

        return {"callback": note, "callback_steps": 1}
