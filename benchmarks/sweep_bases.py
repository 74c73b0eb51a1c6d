"""
The bases that sweep.py races on: the demo base, and small ones of real classes with random weights.

Small ones are those of the engine's tests (tests/workers/engine/families), so that what is measured
here is what is proved right there. Full-size ones have the shapes of the catalogue's configurations
and random weights; without text encoders, for their prompts are read once and not at issue.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import diffusers
import torch

from tests.workers.engine import tiny
from tests.workers.engine.families.small import BASES
from workers.engine.bases import Base, Bases, BaseSource
from workers.engine.devices import Device, choose
from workers.engine.families.table import family_of

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "demo"
SMALL = {"sd15": "sd", "sdxl": "sdxl", "sd3": "sd3", "flux": "flux"}
FULL = {
    "sd15": ("sd-1-5", "StableDiffusionPipeline", 768),
    "sdxl": ("sdxl-1-0", "StableDiffusionXLPipeline", 2048),
}
# CLIP has 24 places for words in small bases, and 77 in large ones. So much smaller are T5's here,
# of which SD 3 has 256 and FLUX.1 512, to the 64 of a picture of 32 pixels.
PLACES = {"sd3": 80, "flux": 160}
# Small text encoders have as few places, and a place for each letter.
PROMPT, SHORT = "a big blue star on a yellow background", "a big blue star"
LAYERS = ("to_q", "to_k", "to_v", "to_out.0", "ff.net.2", "ff.net.0.proj", "proj_in")


@dataclass(frozen=True)
class Subject:
    """A loaded base, the file of an adapter for it, and what its pipeline is called with."""

    base: Base
    adapter: Path
    size: int
    prompted: Callable[[], dict[str, Any]]
    prompt: str = PROMPT


def demo(adapter: Path) -> Subject:
    folder = DEMO / "base"
    base = Bases(choose("cpu")).load(
        BaseSource("shapes", "StableDiffusionPipeline", folder, folder, "shapes")
    )
    return Subject(base, adapter, 96, dict)


def small(name: str, into: Path, *, whole_prompts: bool = False) -> Subject:
    torch.manual_seed(0)
    kind = BASES[SMALL[name]]
    folder = tiny.build_sd15_base(into / name) if name == "sd15" else kind.build(into / name)
    base = Bases(choose("cpu")).load(BaseSource(name, kind.pipeline, folder, folder, name))
    if name in PLACES and not whole_prompts:
        _shorten_prompts(base.pipeline, PLACES[name])
    adapter = adapter_for(base, kind.denoiser, into / f"{name}-adapter")
    return Subject(base, adapter, 32, dict, SHORT)


def _shorten_prompts(pipeline: Any, places: int) -> None:
    """Have whoever asks the pipeline for prompts, its own call too, get so many places of T5."""
    whole = pipeline.encode_prompt

    @functools.wraps(whole)
    def encode(*given: Any, **named: Any) -> Any:
        return whole(*given, **named | {"max_sequence_length": places})

    pipeline.encode_prompt = encode


def full(name: str, size: int, into: Path, device: Device) -> Subject:
    """Return a base of full size on a GPU: UNet and autoencoder, and prompts that nobody wrote."""
    slug, pipeline, width = FULL[name]
    told = json.loads((ROOT / "bases" / slug / "config/unet/config.json").read_text())
    with torch.device(device.place):
        unet = diffusers.UNet2DConditionModel.from_config(told).to(device.dtype).eval()
        vae = diffusers.AutoencoderKL(
            block_out_channels=(128, 256, 512, 512),
            down_block_types=("DownEncoderBlock2D",) * 4,
            up_block_types=("UpDecoderBlock2D",) * 4,
            layers_per_block=2,
            latent_channels=4,
        ).to(device.dtype)
    for part in (unet, vae):
        part.to(memory_format=torch.channels_last)
    empty = dict.fromkeys(("text_encoder", "tokenizer"))
    if name == "sdxl":
        empty |= dict.fromkeys(("text_encoder_2", "tokenizer_2"))
    more = family_of(pipeline).options()
    if name == "sd15":
        empty |= dict.fromkeys(("safety_checker", "feature_extractor"))
    pipe = getattr(diffusers, pipeline)(
        unet=unet, vae=vae, scheduler=diffusers.EulerDiscreteScheduler(), **empty, **more
    )
    pipe.set_progress_bar_config(disable=True)
    source = BaseSource(slug, pipeline, None, ROOT / "bases" / slug / "config", slug)
    base = Base(source, family_of(pipeline), pipe, is_skeleton=False)
    adapter = adapter_for(base, "unet", into / f"{name}-full-adapter", rank=16, size=0.01)
    return Subject(base, adapter, size, lambda: _prompted(name, width, device))


def _prompted(name: str, width: int, device: Device) -> dict[str, Any]:
    draw = torch.Generator().manual_seed(1)
    words = torch.randn(2, 1, 77, width, generator=draw).to(device.place, device.dtype)
    given = {"prompt_embeds": words[0], "negative_prompt_embeds": words[1]}
    if name == "sdxl":
        pooled = torch.randn(2, 1, 1280, generator=draw).to(device.place, device.dtype)
        given |= {"pooled_prompt_embeds": pooled[0], "negative_pooled_prompt_embeds": pooled[1]}
    return given


def adapter_for(
    base: Base, component: str, path: Path, *, rank: int = 8, size: float = 0.1, seed: int = 1
) -> Path:
    """Write a random adapter for the attention and feed-forward layers of a denoiser."""
    shapes = tiny.layers_of(getattr(base.pipeline, component), LAYERS)
    shapes = {name: shape for name, shape in shapes.items() if len(shape) > 1}
    pairs = tiny.pairs(shapes, rank=rank, size=size, seed=seed)
    return tiny.write(path, tiny._lettered(f"{component}.", pairs))  # noqa: SLF001
