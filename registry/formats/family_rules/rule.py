"""What a row of the table of families says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from registry.formats.dialects import Dialect


class Family(StrEnum):
    """An architecture: bases of one family share their layers' names, and mostly their shapes."""

    SHAPES = "shapes"  # the demo base's own
    # pictures
    SD1 = "sd1"
    SD2 = "sd2"
    SDXL = "sdxl"
    SD3 = "sd3"
    CASCADE = "cascade"
    KOLORS = "kolors"
    FLUX1 = "flux1"
    CHROMA = "chroma"
    FLUX2 = "flux2"
    QWEN_IMAGE = "qwen-image"
    Z_IMAGE = "z-image"
    LUMINA2 = "lumina2"
    HIDREAM = "hidream"
    AURAFLOW = "auraflow"
    PIXART = "pixart"
    SANA = "sana"
    KREA2 = "krea2"
    COSMOS = "cosmos"
    HUNYUAN_DIT = "hunyuan-dit"
    HUNYUAN_IMAGE = "hunyuan-image"
    # video
    HUNYUAN_VIDEO = "hunyuan-video"
    WAN = "wan"
    LTX_VIDEO = "ltx-video"
    COGVIDEOX = "cogvideox"
    MOCHI = "mochi"
    # text
    LLAMA = "llama"
    MISTRAL = "mistral"
    MIXTRAL = "mixtral"
    QWEN2 = "qwen2"
    QWEN3 = "qwen3"
    QWEN3_MOE = "qwen3-moe"
    GEMMA = "gemma"
    GEMMA2 = "gemma2"
    GEMMA3 = "gemma3"
    PHI2 = "phi2"
    PHI3 = "phi3"
    GPT2 = "gpt2"
    BLOOM = "bloom"
    FALCON = "falcon"
    NEOX = "neox"
    OPT = "opt"
    BERT = "bert"
    ROBERTA = "roberta"
    DISTILBERT = "distilbert"
    T5 = "t5"
    # text from pictures
    LLAVA = "llava"
    QWEN2_VL = "qwen2-vl"
    QWEN2_5_VL = "qwen2.5-vl"
    PALIGEMMA = "paligemma"
    BLIP = "blip"
    BLIP2 = "blip2"
    # sound
    WHISPER = "whisper"
    WAV2VEC2 = "wav2vec2"
    MUSICGEN = "musicgen"
    VITS = "vits"
    UNKNOWN = "unknown"


class Strength(IntEnum):
    """How surely a layer shows a family."""

    HINT = 1  # Other families have such layers too.
    LIKELY = 2  # … but if nothing else is in the file, it is this one.
    STRONG = 3
    PROOF = 4


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table: what shows a family, and why it does."""

    family: Family
    component: str
    name: re.Pattern[str]
    reason: str
    inputs: int | None = None  # None: whatever the shape
    outputs_per_input: float | None = None
    dialect: Dialect | None = None  # None: whatever the dialect
    strength: Strength = Strength.PROOF
    spelled: str = ""  # What the module's own name, dotted, must match where that tells something.
    beginning: str = ""  # What its name in the file must begin with, where the prefix tells.
    unless: str = ""  # A layer of that name in the file, and this shows nothing.


def rule(family: Family, component: str, name: str, reason: str, **more: object) -> Rule:
    return Rule(family, component, re.compile(name), reason, **more)  # type: ignore[arg-type]


def hint(family: Family, component: str, name: str, reason: str, **more: object) -> Rule:
    return rule(family, component, name, reason, strength=Strength.HINT, **more)
