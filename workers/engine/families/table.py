"""
Every family of picture bases that the engine can load and draw with.

To add one, write a class with the five verbs of `families.protocol.Family` and give it a row.
"""

from __future__ import annotations

from workers.engine.families.flux import Flux
from workers.engine.families.protocol import Family
from workers.engine.families.stable_diffusion import StableDiffusion, StableDiffusionXL

FAMILIES: tuple[Family, ...] = (StableDiffusion(), StableDiffusionXL(), Flux())


class UnknownPipeline(Exception):
    """No family of the table has a pipeline of that name."""


def family_of(pipeline: str) -> Family:
    """
    Return the family whose pipelines include the diffusers class `pipeline`.

    :raises UnknownPipeline: if there is none
    """
    for family in FAMILIES:
        if pipeline in family.pipelines:
            return family
    known = ", ".join(name for family in FAMILIES for name in family.pipelines)
    raise UnknownPipeline(
        f"The engine cannot load a {pipeline or 'nameless pipeline'}, only {known}."
    )
