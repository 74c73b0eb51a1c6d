"""
Diffusers: a program that downloads the file, loads it at its weight and saves a picture.

What is pasted runs as it stands. The loader of diffusers passes over some names in silence, so for
those dialects the program takes another way in: PEFT's own, or names put right first.
"""

from __future__ import annotations

from collections.abc import Mapping

from registry.exports import fetching, fitness
from registry.exports.card import PEFT_CONFIG, PEFT_WEIGHTS, Card, Recipe
from registry.exports.prompts import example
from registry.formats.algorithms import Algorithm
from registry.formats.dialects import Dialect
from registry.formats.families import Family

PIPELINES = {
    Family.SHAPES: ("StableDiffusionPipeline", "demo/base"),
    Family.SD1: ("StableDiffusionPipeline", "stable-diffusion-v1-5/stable-diffusion-v1-5"),
    Family.SD2: ("StableDiffusionPipeline", "stabilityai/stable-diffusion-2-1"),
    Family.SDXL: ("StableDiffusionXLPipeline", "stabilityai/stable-diffusion-xl-base-1.0"),
    Family.SD3: ("StableDiffusion3Pipeline", "stabilityai/stable-diffusion-3-medium-diffusers"),
    Family.FLUX1: ("FluxPipeline", "black-forest-labs/FLUX.1-dev"),
    Family.QWEN_IMAGE: ("QwenImagePipeline", "Qwen/Qwen-Image"),
    Family.WAN: ("WanPipeline", "Wan-AI/Wan2.1-T2V-14B-Diffusers"),
    Family.Z_IMAGE: ("ZImagePipeline", "Tongyi-MAI/Z-Image-Turbo"),
}


USUAL = """\
{imports}
from diffusers import {pipeline}

{fetching}
pipeline = {pipeline}.from_pretrained({base})
pipeline.load_lora_weights(".", weight_name={file}, adapter_name={name})
pipeline.set_adapters([{name}], [{weight}])
"""

BY_NAME = """\
import os

from diffusers import {pipeline}
from huggingface_hub import hf_hub_download

{fetching}
pipeline = {pipeline}.from_pretrained({base})
pipeline.load_lora_weights(file, adapter_name={name})
pipeline.set_adapters([{name}], [{weight}])
"""

WITHOUT_PREFIX = """\
{imports}
from diffusers import {pipeline}
from safetensors.torch import load_file

{fetching}
pipeline = {pipeline}.from_pretrained({base})
# The names in this file lack the "unet." that the loader looks for.
tensors = {{"unet." + name: tensor for name, tensor in load_file({file}).items()}}
pipeline.load_lora_weights(tensors, adapter_name={name})
pipeline.set_adapters([{name}], [{weight}])
"""

UNWRAPPED = """\
{imports}
from diffusers import {pipeline}
from safetensors.torch import load_file

{fetching}
pipeline = {pipeline}.from_pretrained({base})
# PEFT's "base_model.model." stands inside the names of this file, and the loader refuses it.
tensors = {{
    name.replace(".base_model.model.", ".", 1): tensor for name, tensor in load_file({file}).items()
}}
pipeline.load_lora_weights(tensors, adapter_name={name})
pipeline.set_adapters([{name}], [{weight}])
"""

BY_PEFT = """\
{imports}
from diffusers import {pipeline}
from peft import PeftModel

{fetching}
pipeline = {pipeline}.from_pretrained({base})
pipeline.unet = PeftModel.from_pretrained(pipeline.unet, {slug})
for layer in pipeline.unet.modules():
    if hasattr(layer, "set_scale"):
        layer.set_scale("default", {weight})
"""

DRAWING = """\

picture = pipeline({prompt}).images[0]
picture.save({picture})
"""

# What no pipeline of any model reads.
UNREAD = (Dialect.CLONEOFSIMO, Dialect.GGUF, Dialect.LYCORIS)
PROGRAMS: Mapping[str, str] = {
    Dialect.PEFT: BY_PEFT,
    Dialect.DIFFUSERS_ROOT: WITHOUT_PREFIX,
    Dialect.DIFFUSERS_PEFT: UNWRAPPED,
}


def wrapped(card: Card) -> str:
    """Refuse names with PEFT's prefix inside where the hub can write them without it."""
    is_better = card.dialect == Dialect.DIFFUSERS_PEFT and "diffusers" in card.layouts
    return fitness.NAMINGS[Dialect.DIFFUSERS_PEFT] if is_better else ""


def refused(card: Card) -> str:
    """Return why the loader does not take the file, "" where a program goes round it."""
    if card.dialect in PROGRAMS:
        return fitness.made_by(*fitness.PLAIN, Algorithm.DORA)(card)
    return fitness.diffusers_passes_over(card)


def _files(card: Card) -> list[tuple[str, str]]:
    if card.dialect == Dialect.PEFT:
        return [
            (f"{card.slug}/{name}", card.file_url(name)) for name in (PEFT_CONFIG, PEFT_WEIGHTS)
        ]
    return [(card.file_name, card.download_url)]


def _loads_by_name(card: Card) -> bool:
    """Say whether what the hub gives by the adapter's name is what the loader takes."""
    if card.by_name_in:
        return card.by_name_in == "diffusers"
    return not card.layout and card.dialect not in PROGRAMS


def write_recipe(card: Card) -> Recipe:
    pipeline, usual_base = PIPELINES[Family(card.family)]
    by_name = _loads_by_name(card)
    program = BY_NAME if by_name else PROGRAMS.get(card.dialect, USUAL)
    usage = (program + DRAWING).format(
        pipeline=pipeline,
        base=repr(card.base_at or usual_base),
        imports=fetching.IMPORTS,
        fetching=fetching.file_by_name(card) if by_name else fetching.python(_files(card)),
        file=repr(card.file_name),
        slug=repr(card.slug),
        name=repr(card.name),
        weight=f"{card.weight:g}",
        prompt=repr(example(card)),
        picture=repr(f"{card.slug}.png"),
    )
    is_folder = card.dialect == Dialect.PEFT and not by_name
    path = f"{card.slug}/adapter_model.safetensors" if is_folder else card.file_name
    return Recipe(
        title="Diffusers",
        path="" if by_name else path,
        usage=usage.rstrip(),
        language="python",
        requirements=() if by_name else fetching.notes(card),
        more=fetching.by_name(card, _by_name(card)) if by_name else (),
    )


def _by_name(card: Card) -> str:
    revision = f"v{card.version}"
    return (
        f"pipeline.load_lora_weights("
        f"{card.repo!r}, revision={revision!r}, adapter_name={card.name!r})"
    )
