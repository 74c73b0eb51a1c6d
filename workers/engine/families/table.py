"""
Every family of bases that the engine can load and render with, or prove that adapters load on.

To add one, write a class with the verbs of `families.protocol.Drawing` or `Answering`, and give it
a row. The first row with the class of a base is the one that it is loaded by.
"""

from __future__ import annotations

from workers.engine.families.filling import Filling
from workers.engine.families.flowing import AuraFlow, Lumina2, Sana, ZImage
from workers.engine.families.flux import Flux, Flux2, Flux2Klein
from workers.engine.families.hearing import Spelling, Transcribing
from workers.engine.families.pixart import PixArt
from workers.engine.families.playing import Music, Speech
from workers.engine.families.protocol import Answering, AnyFamily
from workers.engine.families.qwen_image import QwenImage
from workers.engine.families.rewriting import Rewriting
from workers.engine.families.seeing import Captioning, Seeing
from workers.engine.families.sorting import Sorting
from workers.engine.families.stable_diffusion import StableDiffusion, StableDiffusionXL
from workers.engine.families.stable_diffusion_3 import StableDiffusion3
from workers.engine.families.transforming import Transforming
from workers.engine.families.wan import Wan
from workers.engine.families.writing import Writing

FAMILIES: tuple[AnyFamily, ...] = (
    StableDiffusion(),
    StableDiffusionXL(),
    StableDiffusion3(),
    Flux(),
    Flux2(),
    Flux2Klein(),
    QwenImage(),
    ZImage(),
    Sana(),
    Lumina2(),
    AuraFlow(),
    PixArt(),
    Wan(),
    Transcribing(),
    Spelling(),
    Captioning(),
    Seeing(),
    Music(),
    Speech(),
    Rewriting(),
    Writing(),
    Filling(),
    Sorting(),
    Transforming(),
)


class UnknownPipeline(Exception):
    """No family of the table has a pipeline of that name."""


def family_of(pipeline: str) -> AnyFamily:
    """
    Return the family whose pipelines include the diffusers class `pipeline`.

    :raises UnknownPipeline: if there is none
    """
    for family in FAMILIES:
        if pipeline in family.pipelines:
            return family
    drawing = (family for family in FAMILIES if not isinstance(family, Answering))
    known = ", ".join(name for family in drawing for name in family.pipelines)
    raise UnknownPipeline(
        f"The engine cannot load a {pipeline or 'nameless pipeline'}, only {known} and what "
        "transformers has a class for."
    )
