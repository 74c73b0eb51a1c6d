"""Renders sheets to look at: forty prompts of the base, or an adapter's sweep of weights.

    python -m demo.sheet base --base demo/base --output demo/base/samples.png
    python -m demo.sheet sweep --base demo/base --adapter file.safetensors --trigger word \\
        --output sweep.png
"""

from __future__ import annotations

import argparse
import textwrap
from pathlib import Path

import torch
from diffusers import StableDiffusionPipeline
from PIL import Image, ImageDraw

from demo import base, dialects

SWEEP_WEIGHTS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.6, 2.0)
SWEEP_PROMPTS = (
    "a red circle on white, {}",
    "a big blue star on a yellow background, {}",
    "a pink heart and a black cross on white, {}",
)
PROMPTS = (
    "a red circle on white",
    "a big blue star on a yellow background",
    "a small green square on the left, white background",
    "a pink heart and a black cross on white",
    "a yellow heart on black",
    "a purple triangle on the right on gray",
    "an orange cross on a blue background",
    "a white star on black",
    "a big red heart on pink",
    "a green triangle on orange",
    "a small black circle at the top, yellow background",
    "a blue square on a green background",
    "a yellow star on purple",
    "a big white cross on red",
    "a small pink triangle at the bottom on white",
    "a red square and a blue circle on yellow",
    "a purple heart on white",
    "a big green circle on black",
    "an orange star on the left on gray",
    "a white heart on the right, blue background",
    "a black triangle on pink",
    "a big yellow square on blue",
    "a small red star on white",
    "a pink cross on a purple background",
    "a green heart on yellow",
    "a yellow circle and a purple star on black",
    "a white triangle on green",
    "a big orange heart on white",
    "a small blue cross on the right on orange",
    "a black star on red",
    "a pink circle on blue",
    "a big purple cross on yellow",
    "a red triangle at the bottom, gray background",
    "a white square on pink",
    "a green star and an orange triangle on white",
    "a blue heart on gray",
    "a small yellow square at the top on black",
    "a big black heart on orange",
    "a red cross and a white heart on green",
    "an orange circle on purple",
)
_CELL, _GAP, _LABEL = 144, 6, 42


def contact_sheet(images: list[Image.Image], labels: list[str], columns: int) -> Image.Image:
    rows = -(-len(images) // columns)
    size = (columns * (_CELL + _GAP) + _GAP, rows * (_CELL + _LABEL + _GAP) + _GAP)
    sheet = Image.new("RGB", size, "#e8e8e8")
    pen = ImageDraw.Draw(sheet)
    for number, (image, label) in enumerate(zip(images, labels, strict=True)):
        x = _GAP + number % columns * (_CELL + _GAP)
        y = _GAP + number // columns * (_CELL + _LABEL + _GAP)
        pen.multiline_text((x, y), textwrap.fill(label, 25), fill="black", font_size=11, spacing=1)
        sheet.paste(image.resize((_CELL, _CELL), Image.Resampling.BICUBIC), (x, y + _LABEL))
    return sheet


def render(
    pipeline: StableDiffusionPipeline,
    prompts: list[str],
    *,
    seed: int,
    steps: int = base.STEPS,
    guidance: float = base.GUIDANCE,
) -> list[Image.Image]:
    """Return one image a prompt; the noise depends on the seed and the place in the list."""
    generators = [torch.Generator().manual_seed(seed + number) for number in range(len(prompts))]
    images = []
    for first in range(0, len(prompts), 10):
        images += pipeline(
            prompts[first : first + 10],
            generator=generators[first : first + 10],
            num_inference_steps=steps,
            guidance_scale=guidance,
            height=96,
            width=96,
        ).images
    return images


def sweep(
    pipeline: StableDiffusionPipeline, adapter: Path, trigger: str, *, seed: int
) -> Image.Image:
    """Return three prompts down and nine weights across."""
    dialects.attach(pipeline, adapter)
    prompts = [prompt.format(trigger) for prompt in SWEEP_PROMPTS]
    across = []
    for weight in SWEEP_WEIGHTS:
        pipeline.set_adapters(["adapter"], [weight])
        across.append(render(pipeline, prompts, seed=seed))
    pipeline.unload_lora_weights()
    images = [column[row] for row in range(len(prompts)) for column in across]
    labels = [f"{weight}  {prompt}" for prompt in prompts for weight in SWEEP_WEIGHTS]
    return contact_sheet(images, labels, len(SWEEP_WEIGHTS))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["base", "sweep"])
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--adapter", type=Path)
    parser.add_argument("--trigger", default="")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=base.STEPS)
    parser.add_argument("--guidance", type=float, default=base.GUIDANCE)
    options = parser.parse_args()
    torch.set_num_threads(1)
    pipeline = base.load(options.base)
    if options.what == "sweep":
        sheet = sweep(pipeline, options.adapter, options.trigger, seed=options.seed)
    else:
        prompts = list(PROMPTS)
        images = render(
            pipeline, prompts, seed=options.seed, steps=options.steps, guidance=options.guidance
        )
        sheet = contact_sheet(images, prompts, 8)
    sheet.save(options.output, optimize=True)


if __name__ == "__main__":
    main()
