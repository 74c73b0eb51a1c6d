"""
A small base of every family of pictures: stock classes, small configurations, random weights.

`BASES` says of each how it is built, and how somebody would call its pipeline by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import diffusers
import torch

from tests.workers.engine import tiny
from tests.workers.engine.families import parts


@dataclass(frozen=True)
class Small:
    """How a small base is built, and how it is called without us."""

    pipeline: str
    parts: Callable[[Path], Any]  # … or all of it, saved
    by_hand: Mapping[str, Any] = field(default_factory=dict)
    convolution: str = ""  # how the names of its convolutions end, "" if it has none
    denoiser: str = "transformer"
    gain: float = 1.0  # … of its weights, where words would hardly move the picture

    def build(self, folder: Path) -> Path:
        torch.manual_seed(0)
        made = self.parts(folder)
        if made == folder:
            return folder
        pipeline = getattr(diffusers, self.pipeline)(**made)
        for part in pipeline.components.values():
            if isinstance(part, torch.nn.Module):
                part.eval()
        with torch.no_grad():
            for weight in pipeline.transformer.parameters():
                weight.mul_(self.gain)
        pipeline.save_pretrained(folder, safe_serialization=True)
        return folder


UNET = {"convolution": "conv1", "denoiser": "unet"}
BASES = {
    "sd": Small("StableDiffusionPipeline", tiny.build_base, **UNET),
    "sdxl": Small("StableDiffusionXLPipeline", tiny.build_xl_base, **UNET),
    "sd3": Small("StableDiffusion3Pipeline", parts.sd_3, convolution="pos_embed.proj"),
    "flux": Small("FluxPipeline", parts.flux),
    "flux-2": Small("Flux2Pipeline", parts.flux_2),
    "flux-2-klein": Small("Flux2KleinPipeline", parts.flux_2_klein),
    "qwen-image": Small(
        "QwenImagePipeline",
        parts.qwen_image,
        {"true_cfg_scale": 4.0, "guidance_scale": None, "negative_prompt": ""},
    ),
    "z-image": Small("ZImagePipeline", parts.z_image),
    "sana": Small(
        "SanaPipeline", parts.sana, {"use_resolution_binning": False}, convolution="conv_inverted"
    ),
    "pixart": Small(
        "PixArtSigmaPipeline",
        parts.pixart,
        {"use_resolution_binning": False},
        convolution="pos_embed.proj",
    ),
    "pixart-alpha": Small("PixArtAlphaPipeline", parts.pixart, {"use_resolution_binning": False}),
    "lumina-2": Small("Lumina2Pipeline", parts.lumina_2),
    "auraflow": Small("AuraFlowPipeline", parts.auraflow, gain=2.0),
    "wan-2-2": Small("WanPipeline", parts.wan_2_2, {"num_frames": 9}),
    "wan": Small("WanPipeline", parts.wan, {"num_frames": 9}, convolution="patch_embedding"),
}
