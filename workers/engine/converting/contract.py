"""What a conversion is asked for, what it gives, and how it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


class ConversionRefused(Exception):
    """The file cannot be converted so. One sentence, for whoever asked."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What to make of a file. With neither `rank` nor `energy`, plain LoRA keeps its rank."""

    layout: str  # original, kohya, diffusers, peft, gguf
    dtype: str | None = None  # fp32, fp16, bf16; None: as in the file
    rank: int | None = None  # the most that a layer may have
    energy: float | None = None  # the share of a change's square that must stay, up to 1
    strip: tuple[str, ...] = ()  # keys of the header's metadata to leave out
    bare: bool = False  # leave out all that no reader needs
    bake: Mapping[str, str] = field(default_factory=dict)  # … and to put in
    without: tuple[str, ...] = ()  # tensors that are left out, before anything else is done


@dataclass(frozen=True, slots=True)
class Converted:
    """What was made, and how far its changes are from the file's."""

    files: tuple[Path, ...]
    layers: int
    worst_error: float  # of all layers: the difference's norm over the norm of the change
    notes: tuple[str, ...] = ()
