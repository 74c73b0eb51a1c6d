"""
Diffusers: a program that downloads the file, loads it at its weight and saves a picture.

What is pasted runs as it stands. The loader of diffusers passes over some names in silence, so for
those dialects the program takes another way in: PEFT's own, or names put right first.
"""

from __future__ import annotations

from collections.abc import Mapping

from registry.exports.card import Card, Recipe
from registry.exports.prompts import example
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
import urllib.request

from diffusers import {pipeline}

urllib.request.urlretrieve({url}, {file})

pipeline = {pipeline}.from_pretrained({base})
pipeline.load_lora_weights(".", weight_name={file}, adapter_name={name})
pipeline.set_adapters([{name}], [{weight}])
"""

WITHOUT_PREFIX = """\
import urllib.request

from diffusers import {pipeline}
from safetensors.torch import load_file

urllib.request.urlretrieve({url}, {file})

pipeline = {pipeline}.from_pretrained({base})
# The names in this file lack the "unet." that the loader looks for.
tensors = {{"unet." + name: tensor for name, tensor in load_file({file}).items()}}
pipeline.load_lora_weights(tensors, adapter_name={name})
pipeline.set_adapters([{name}], [{weight}])
"""

BY_PEFT = """\
import pathlib
import urllib.request

from diffusers import {pipeline}
from peft import PeftModel

folder = pathlib.Path({slug})
folder.mkdir(exist_ok=True)
urllib.request.urlretrieve({url}, folder / "adapter_model.safetensors")
urllib.request.urlretrieve({config_url}, folder / "adapter_config.json")

pipeline = {pipeline}.from_pretrained({base})
pipeline.unet = PeftModel.from_pretrained(pipeline.unet, folder)
for layer in pipeline.unet.modules():
    if hasattr(layer, "set_scale"):
        layer.set_scale("default", {weight})
"""

DRAWING = """\

picture = pipeline({prompt}).images[0]
picture.save({picture})
"""

PROGRAMS: Mapping[str, str] = {Dialect.PEFT: BY_PEFT, Dialect.DIFFUSERS_ROOT: WITHOUT_PREFIX}


def write_recipe(card: Card) -> Recipe:
    pipeline, usual_base = PIPELINES[Family(card.family)]
    program = PROGRAMS.get(card.dialect, USUAL) + DRAWING
    usage = program.format(
        pipeline=pipeline,
        base=repr(card.base_at or usual_base),
        url=repr(card.download_url),
        config_url=repr(card.config_url),
        file=repr(card.file_name),
        slug=repr(card.slug),
        name=repr(card.name),
        weight=f"{card.weight:g}",
        prompt=repr(example(card)),
        picture=repr(f"{card.slug}.png"),
    )
    is_folder = card.dialect == Dialect.PEFT
    path = f"{card.slug}/adapter_model.safetensors" if is_folder else card.file_name
    return Recipe(title="Diffusers", path=path, usage=usage.rstrip(), language="python")
